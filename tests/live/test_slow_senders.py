"""Slow or ambiguous requests don't affect other connections."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from smartcooking.buffering import RECEIVE_SECONDS
from tests.support import processes as start
from tests.support.client import OverHttp
from tests.support.processes import until

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded")]

THREADS = 4
SLOW = 40


def login() -> bytes:
    """Return a body that is answered 401: of somebody whom no test has asked for, since the tenth failure is 429."""
    return b'{"username":"n%s","password":"wrong"}' % uuid4().hex[:20].encode()


LENGTH = b"Content-Length: %d\r\n" % len(login())
HEAD = b"POST /v1/auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
# What slow senders send before they stop.
STOPPED = {
    "in-the-request-line": b"POST /v1/auth/lo",
    "in-the-headers": HEAD,
    "before-the-body": HEAD + b"Content-Length: 100\r\n\r\n",
    "in-the-body": HEAD + b"Content-Length: 100\r\n\r\n" + login(),
    "in-a-chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n64\r\n" + login(),
    "after-a-chunk-that-looks-like-the-end": HEAD + b"Transfer-Encoding: chunked\r\n\r\n7\r\n\r\n0\r\n\r\n\r\n",
    "in-a-body-that-is-too-large": HEAD + b"Content-Length: 100000000\r\n\r\n" + b"x" * 1000,
    "after-the-last-answer": b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
    "at-once": b"",
}
# What leaves a connection open after its answer.
ANSWERED = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.fixture(scope="module")
def small(processes: Path) -> Iterator[Any]:
    """An API with few threads."""
    running = start.gunicorn(processes, WEB_THREADS=str(THREADS))
    yield running
    running.stop()


def connect(server: Any, sent: bytes) -> socket.socket:
    parts = urlsplit(server.url)
    connection = socket.create_connection((parts.hostname, parts.port), timeout=120)
    connection.sendall(sent)
    return connection


def read_all(connection: socket.socket) -> bytes:
    received = b""
    with connection, suppress(ConnectionResetError):
        while data := connection.recv(65_536):
            received += data
    return received


@pytest.fixture(scope="module")
def narrow(processes: Path) -> Iterator[Any]:
    """An API that keeps fewer connections than one client opens."""
    running = start.gunicorn(processes, WEB_THREADS=str(THREADS), GUNICORN_CMD_ARGS=f"--worker-connections={SLOW // 2}")
    yield running
    running.stop()


@pytest.mark.parametrize("sent", [*STOPPED.values(), ANSWERED], ids=[*STOPPED, "after-an-answer"])
def test_whoever_holds_all_connections_shuts_nobody_out(narrow: Any, sent: bytes) -> None:
    held = [connect(narrow, sent) for _ in range(2 * SLOW)]

    answers = [OverHttp(narrow.url).get("/livez").status_code for _ in range(20)]

    assert answers == [200] * 20
    for connection in held:
        connection.close()


def test_connections_that_are_closed_for_others_are_those_that_kept_quiet_for_the_longest(narrow: Any) -> None:
    quiet = [connect(narrow, b"") for _ in range(SLOW)]
    latest = connect(narrow, b"")
    assert OverHttp(narrow.url).get("/livez").status_code == 200

    latest.sendall(HEAD + b"Connection: close\r\n" + LENGTH + b"\r\n" + login())

    assert read_all(latest).startswith(b"HTTP/1.1 401 ")
    assert read_all(quiet[0]) == b""
    for connection in quiet:
        connection.close()


@pytest.mark.parametrize("sent", STOPPED.values(), ids=STOPPED)
def test_slow_senders_do_not_keep_others_waiting(small: Any, sent: bytes) -> None:
    slow = [connect(small, sent) for _ in range(SLOW)]

    started = time.monotonic()
    answers = [small.api.get("/livez").status_code for _ in range(20)]
    seconds = time.monotonic() - started

    assert answers == [200] * 20
    # A server that waits for slow senders would wait until they are closed, or for 40 lingers of 2 s in four threads.
    assert seconds < RECEIVE_SECONDS
    for connection in slow:
        connection.close()


def test_a_request_that_does_not_arrive_in_time_is_ended(small: Any) -> None:
    connection = connect(small, STOPPED["in-the-body"])

    sent = 0
    with suppress(OSError):
        while sent < 50:
            connection.sendall(b" ")
            sent += 1
            # In pieces, like from somebody who types. A busy machine only makes the pauses longer.
            time.sleep(0.5)

    assert sent < 50
    connection.close()


def test_a_body_that_comes_byte_by_byte_is_understood(small: Any) -> None:
    request_ = HEAD + LENGTH + b"Connection: close\r\n\r\n" + login()
    connection = connect(small, request_[:100])
    for byte in request_[100:]:
        connection.sendall(bytes([byte]))

    answer = read_all(connection)

    assert answer.startswith(b"HTTP/1.1 401 ")


def chunked(body: bytes, size: int = 1000) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def test_a_body_in_chunks_is_read_and_leaves_the_connection_in_order(small: Any) -> None:
    sent = HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(login(), 7)
    last = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"

    answer = read_all(connect(small, sent + last))

    assert answer.startswith(b"HTTP/1.1 401 ")
    assert answer.count(b"HTTP/1.1 200 ") == 1


@pytest.mark.parametrize("size", [20 * 1024, 10 * 1024 * 1024], ids=["for-its-path", "for-any-path"])
def test_a_body_in_chunks_has_the_limits_of_others(small: Any, size: int) -> None:
    """A declared length is refused before the body is sent: nobody waits for ten megabytes."""
    declared = HEAD + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    body = chunked(b"x" * size) if size < 256 * 1024 else b"%x\r\nxxx" % size

    answer = read_all(connect(small, declared + body))

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"payload_too_large" in answer


IN_DOUBT = {
    "two-lengths": b"Content-Length: 40\r\nContent-Length: 41\r\n",
    "the-same-length-twice": b"Content-Length: 40\r\nContent-Length: 40\r\n",
    "a-list-of-lengths": b"Content-Length: 40, 40\r\n",
    "a-signed-length": b"Content-Length: +40\r\n",
    "a-hexadecimal-length": b"Content-Length: 0x28\r\n",
    "length-and-chunks": b"Content-Length: 40\r\nTransfer-Encoding: chunked\r\n",
    "chunks-and-length": b"Transfer-Encoding: chunked\r\nContent-Length: 40\r\n",
    "chunked-twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
    "chunked-not-last": b"Transfer-Encoding: chunked, gzip\r\n",
    "another-coding": b"Transfer-Encoding: gzip\r\n",
    "a-coding-nobody-knows": b"Transfer-Encoding: xchunked\r\n",
    "a-space-before-the-colon": b"Transfer-Encoding : chunked\r\n",
    "a-folded-header": b"Transfer-Encoding:\r\n chunked\r\n",
}


@pytest.mark.parametrize("headers", IN_DOUBT.values(), ids=IN_DOUBT)
def test_a_request_whose_end_is_in_doubt_is_refused_with_all_that_follows(small: Any, headers: bytes) -> None:
    """Request smuggling: servers that disagree on the end of a request read different requests after it."""
    hidden = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

    answer = read_all(connect(small, HEAD + headers + b"\r\n" + chunked(login()) + hidden))

    assert answer.split(b" ", 2)[1] in {b"400", b"501"}, answer
    assert answer.count(b"HTTP/1.1 ") == 1


def test_requests_that_come_in_one_packet_are_answered_one_by_one(small: Any) -> None:
    one = HEAD + LENGTH + b"\r\n" + login()
    last = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"

    answer = read_all(connect(small, one + one + last))

    assert answer.count(b"HTTP/1.1 401 ") == 2
    assert answer.count(b"HTTP/1.1 200 ") == 1


def test_a_client_may_wait_to_be_told_to_send_its_body(small: Any) -> None:
    connection = connect(small, HEAD + LENGTH + b"Expect: 100-continue\r\nConnection: close\r\n\r\n")
    told = connection.recv(1000)
    connection.sendall(login())

    assert told.startswith(b"HTTP/1.1 100 Continue")
    assert b"HTTP/1.1 401 " in read_all(connection)


def test_whoever_sends_too_much_gets_to_read_why(small: Any) -> None:
    body = b'{"title": "' + b"x" * 2_000_000 + b'"}'

    answer = small.api.post("/v1/auth/login", body=body)

    assert (answer.status_code, answer.json()["code"]) == (413, "payload_too_large")


def test_a_request_that_is_arriving_when_the_service_stops_is_answered(processes: Path) -> None:
    running = start.gunicorn(processes, WEB_GRACE="10")
    body = login()
    connection = connect(running, HEAD + LENGTH + b"\r\n" + body[:10])
    silent = connect(running, b"")
    until(lambda: OverHttp(running.url).get("/livez").status_code == 200)
    running.process.send_signal(signal.SIGTERM)
    # Idle connections are closed when the service stops.
    assert read_all(silent) == b""

    connection.sendall(body[10:])

    assert read_all(connection).startswith(b"HTTP/1.1 401 ")
    running.process.wait(start.PATIENCE)


def test_who_connects_while_the_service_stops_is_refused_before_sending_anything(processes: Path) -> None:
    running = start.gunicorn(processes, WEB_GRACE="60")
    arriving, silent = connect(running, HEAD + LENGTH + b"\r\n"), connect(running, b"")
    assert OverHttp(running.url).get("/livez").status_code == 200
    running.process.send_signal(signal.SIGTERM)
    assert read_all(silent) == b""

    with pytest.raises(ConnectionRefusedError):
        connect(running, b"")

    arriving.sendall(login())
    assert read_all(arriving).startswith(b"HTTP/1.1 401 ")
    running.process.wait(start.PATIENCE)


def test_who_has_connected_when_the_service_stops_is_answered(processes: Path) -> None:
    running = start.gunicorn(processes, WEB_GRACE="10")
    pid = running.process.pid
    worker = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
    # The kernel accepts connections for an idle worker, which finds them when it is told to stop.
    os.kill(worker, signal.SIGSTOP)
    waiting = [connect(running, HEAD + LENGTH + b"\r\n" + login()) for _ in range(5)]
    os.kill(worker, signal.SIGTERM)
    running.process.send_signal(signal.SIGTERM)

    os.kill(worker, signal.SIGCONT)

    assert [read_all(connection)[:13] for connection in waiting] == [b"HTTP/1.1 401 "] * 5
    running.process.wait(start.PATIENCE)


@pytest.mark.parametrize("size", [20 * 1024, 250 * 1024], ids=["for-its-path", "almost-for-any-path"])
def test_after_a_body_that_was_refused_unread_the_connection_goes_on(small: Any, size: int) -> None:
    sent = HEAD + b"Content-Length: %d\r\n\r\n" % size + b"x" * size
    last = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"

    answer = read_all(connect(small, sent + last))

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.count(b"HTTP/1.1 200 ") == 1


def test_where_the_rest_of_a_body_is_not_waited_for_the_answer_says_that_it_is_the_last(small: Any) -> None:
    sent = HEAD + b"Content-Length: %d\r\n\r\nxxx" % (10 * 1024 * 1024)

    answer = read_all(connect(small, sent))

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"\r\nconnection: close\r\n" in answer.partition(b"\r\n\r\n")[0].lower() + b"\r\n"
