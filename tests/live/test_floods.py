"""Floods are refused, while health checks and other people are served."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from smartcooking import shares
from tests.support import processes as start
from tests.support.accounts import fresh_name
from tests.support.proxy import Cuttable
from tests.support.raw_requests import introduce, open_and_send, request

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded")]

THREADS = 4
AT_ONCE = 40


@pytest.fixture(scope="module")
def limited(processes: Path) -> Iterator[Any]:
    """An API with few threads, low limits, and delayed failing logins."""
    running = start.gunicorn(
        processes, WEB_THREADS=str(THREADS), RATE_LIMIT_SCALE="0.1", IN_FLIGHT_PER_PERSON="2", LOGIN_SECONDS="5",
        SENDER_CPU_SHARE="0.1",
    )  # fmt: skip
    yield running
    running.kill()


FLOODS: dict[str, Callable[[str], bytes]] = {
    "reads": lambda token: request("GET", "/v1/feed", token=token),
    "writes": lambda token: request("POST", "/v1/posts", '{"content":"Pho"}', token),
    "validations": lambda token: request("POST", "/v1/ingredients/validate", '{"ingredients":["thit bo"]}', token),
    "suggestions": lambda token: request("POST", "/v1/suggestions", '{"ingredients":["thit bo","ca chua"]}', token),
    "waiting": lambda token: request("GET", "/v1/jobs/01ARZ3NDEKTSV4RRFFQ69G5FAV?wait=10", token=token),
    "worst-bodies": lambda token: request("POST", "/v1/recipes", f'{{"ingredients":[{"1," * 30_000}1]}}', token),
    "forged-tokens": lambda _: request("GET", "/v1/feed", token="a.b.c"),
    "logins": lambda _: request("POST", "/v1/auth/login", f'{{"username":"{fresh_name()}","password":"x"}}'),
    "forgotten-passwords": lambda _: request("POST", "/v1/auth/forgot-password", f'{{"username":"{fresh_name()}"}}'),
    "descriptions": lambda _: request("GET", "/v1/schema"),
    "unfinished-chunks": lambda _: (
        b"POST /v1/auth/login HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"
    ),
    "unfinished-lengths": lambda _: b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9999999999999\r\n\r\n",
    "silence": lambda _: b"",
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_health_checks_and_other_people_are_answered_during_a_flood(
    limited: Any, person: Any, flood: Callable[[str], bytes]
) -> None:
    noisy, quiet = person(), person()
    parts = urlsplit(limited.url)

    def connect(_: int) -> socket.socket:
        connection = socket.create_connection((parts.hostname, parts.port), timeout=120)
        connection.sendall(flood(noisy.token))
        return connection

    with ThreadPoolExecutor(AT_ONCE) as threads:
        flooding = list(threads.map(connect, range(AT_ONCE)))
    health = [limited.api.get("/livez").status_code for _ in range(5)]
    others = [limited.api.get("/v1/pantry", token=quiet.token).status_code for _ in range(3)]
    for connection in flooding:
        connection.close()

    assert health == [200] * 5
    assert others == [200] * 3


@pytest.mark.parametrize("name", ["writes", "validations", "logins"])
def test_most_of_a_flood_is_refused_and_told_how_long_to_wait(limited: Any, person: Any, name: str) -> None:
    noisy = person()
    sent = [FLOODS[name](noisy.token) for _ in range(AT_ONCE)]

    def ask(one: bytes) -> bytes:
        with open_and_send(limited, one) as connection:
            return connection.recv(65_536)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(ask, sent))

    refused = [one for one in answers if one.startswith(b"HTTP/1.1 429 ")]
    assert refused
    assert all(b"\r\nRetry-After: " in one for one in refused)


def test_requests_of_one_person_leave_threads_to_others_however_long_they_take(processes: Path, ana: Any) -> None:
    table = Cuttable(settings.DYNAMODB_ENDPOINT_URL)
    never = {"DYNAMODB_ENDPOINT_URL": table.url, "AWS_READ_TIMEOUT": "600", "WEB_THREADS": "3"}
    running = start.gunicorn(processes, **never)
    introduce(running, ana.token)
    table.silent = True

    hanging = [open_and_send(running, FLOODS["reads"](ana.token)) for _ in range(10)]
    start.until(lambda: table.swallowed >= shares.AT_ONCE)
    health = [running.api.get("/livez").status_code for _ in range(5)]

    assert health == [200] * 5
    running.kill()
    table.close()
    for connection in hanging:
        connection.close()


def test_requests_that_wait_for_their_turn_are_all_answered(server: Any, ana: Any, ben: Any) -> None:
    sent = [request("GET", "/v1/users/me", token=one.token) for _ in range(20) for one in (ana, ben)]

    connections = [open_and_send(server, one) for one in sent]
    answers = [connection.recv(65_536) for connection in connections]

    assert {answer[:13] for answer in answers} == {b"HTTP/1.1 200 "}
    assert server.api.get("/v1/users/me", token=ana.token).json()["id"] == ana.id
    for connection in connections:
        connection.close()
