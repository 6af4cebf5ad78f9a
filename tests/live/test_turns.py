"""Senders who have used up their share of CPU wait, and are refused beyond a limit, while others are served."""

import json
import select
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smartcooking import turns
from tests.support import processes as start
from tests.support.client import OverHttp
from tests.support.raw_requests import introduce, open_and_send, request

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded")]

# So little that senders who have used up their burst wait longer than any test.
NEXT_TO_NOTHING = "0.00001"
DEAR = '{"ingredients":[' + ",".join(f'"thit bo {number} xao hanh tay"' for number in range(20)) + "]}"


@pytest.fixture
def miserly(processes: Path) -> Iterator[Any]:
    running = start.gunicorn(processes, SENDER_CPU_SHARE=NEXT_TO_NOTHING, WEB_GRACE="60")
    yield running
    running.kill()


def dear(token: str, *headers: str) -> bytes:
    return request("POST", "/v1/ingredients/validate", DEAR, token).replace(
        b"\r\n", "".join(f"\r\n{one}" for one in headers).encode() + b"\r\n", 1
    )


def has_answer(connection: socket.socket) -> bool:
    return bool(select.select([connection], [], [], 0)[0])


def use_up(running: Any, token: str, *, waiting: int) -> list[socket.socket]:
    """Send expensive requests until somebody's requests wait; return the connections of that many waiting ones."""
    while True:
        connection = open_and_send(running, dear(token))
        if not select.select([connection], [], [], 15)[0]:
            break
        connection.close()
    following = [open_and_send(running, dear(token)) for _ in range(waiting - 1)]
    # Connections are accepted in order: when a new one is served, all earlier ones have been read.
    assert OverHttp(running.url).get("/livez").status_code == 200
    return [connection, *following]


def read_all(connection: socket.socket) -> bytes:
    with connection:
        connection.settimeout(120)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def test_others_are_answered_while_a_flooder_waits_for_their_share(miserly: Any, ana: Any, ben: Any) -> None:
    introduce(miserly, ana.token)
    waiting = use_up(miserly, ana.token, waiting=8)

    others = [miserly.api.get("/v1/users/me", token=ben.token).status_code for _ in range(10)]
    health = [miserly.api.get("/livez").status_code for _ in range(10)]

    assert others == health == [200] * 10
    assert not any(has_answer(connection) for connection in waiting)
    for connection in waiting:
        connection.close()


def test_what_waits_is_bounded_and_the_rest_is_told_so(miserly: Any, ana: Any, ben: Any) -> None:
    introduce(miserly, ana.token)
    waiting = use_up(miserly, ana.token, waiting=turns.MAX_WAITING)

    headers = ("Accept-Language: en", "X-Request-Id: flood-0001", "Origin: https://evil.example")
    answers = [read_all(open_and_send(miserly, dear(ana.token, *headers))) for _ in range(2)]

    for answer in answers:
        head, _, body = answer.partition(b"\r\n\r\n")
        problem = json.loads(body)
        assert head.startswith(b"HTTP/1.1 429 ")
        assert b"\r\nRetry-After: " in head
        assert b"\r\nX-Request-Id: flood-0001" in head
        assert b"evil.example" not in head
        assert (problem["status"], problem["code"], problem["request_id"]) == (429, "rate_limited", "flood-0001")
        assert problem["detail"] == "Too many requests at once"
    assert miserly.api.get("/v1/users/me", token=ben.token).status_code == 200
    assert not any(has_answer(connection) for connection in waiting)
    for connection in waiting:
        connection.close()


def test_what_waits_for_its_share_is_answered_before_the_server_stops(miserly: Any, ana: Any) -> None:
    introduce(miserly, ana.token)
    waiting = use_up(miserly, ana.token, waiting=8)

    miserly.process.send_signal(signal.SIGTERM)

    answers = [read_all(connection) for connection in waiting]
    assert [answer.partition(b"\r\n")[0] for answer in answers] == [b"HTTP/1.1 200 OK"] * 8
