"""Delayed responses occupy no thread, and are not lost when the service stops."""

import select
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.support import processes as start
from tests.support.accounts import fresh_name, log_in
from tests.support.processes import until

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded")]

THREADS = 2
WAITING = 12


@pytest.fixture(scope="module")
def patient(processes: Path) -> Iterator[Any]:
    """An API with few threads that delays failing logins by minutes."""
    running = start.gunicorn(processes, WEB_THREADS=str(THREADS), LOGIN_SECONDS="600", WEB_GRACE="1")
    yield running
    running.kill()


def send(server: Any, path: str, body: str, *, close: bool = True) -> socket.socket:
    parts = urlsplit(server.url)
    connection = socket.create_connection((parts.hostname, parts.port), timeout=120)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    )
    connection.sendall(f"{head}{'Connection: close' if close else 'Accept: */*'}\r\n\r\n{body}".encode())
    return connection


def fail(server: Any, **options: Any) -> socket.socket:
    return send(server, "/v1/auth/login", f'{{"username":"{fresh_name()}","password":"Falsch-123!"}}', **options)


@pytest.mark.parametrize("path", ["login", "forgot-password"])
def test_answers_that_wait_take_no_thread_from_others(patient: Any, ana: Any, path: str) -> None:
    password = ',"password":"Falsch-123!"' if path == "login" else ""
    bodies = [f'{{"username":"{fresh_name()}"{password}}}' for _ in range(WAITING)]
    waiting = [send(patient, f"/v1/auth/{path}", body) for body in bodies]

    answers = [
        patient.api.get("/livez"),
        log_in(patient.api, ana.username),
        patient.api.get("/v1/pantry", token=ana.token),
    ]

    assert [one.status_code for one in answers] == [200] * 3
    early = [one.recv(65_536) for one in select.select(waiting, [], [], 0)[0]]
    for connection in waiting:
        connection.close()
    assert early == []


def read_all(connection: socket.socket) -> bytes:
    received = b""
    with closing(connection):
        while data := connection.recv(65_536):
            received += data
    return received


def test_answers_come_when_they_are_due_and_leave_the_connection_in_order(processes: Path) -> None:
    running = start.gunicorn(processes, WEB_THREADS=str(THREADS), LOGIN_SECONDS="1.5")
    kept = fail(running, close=False)
    others = [fail(running) for _ in range(WAITING)]

    first = kept.recv(65_536)
    kept.sendall(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")

    assert first.startswith(b"HTTP/1.1 401 ")
    assert read_all(kept).startswith(b"HTTP/1.1 200 ")
    assert all(read_all(one).startswith(b"HTTP/1.1 401 ") for one in others)
    running.stop()


def test_an_answer_that_waits_when_the_service_stops_is_sent(processes: Path) -> None:
    running = start.gunicorn(processes, LOGIN_SECONDS="5", WEB_GRACE="60")
    waiting = [fail(running) for _ in range(WAITING)]
    until(lambda: running.output().count("v1/auth/login") == WAITING)

    running.process.send_signal(signal.SIGTERM)

    assert all(read_all(one).startswith(b"HTTP/1.1 401 ") for one in waiting)
    running.process.wait(start.PATIENCE)
