"""What gunicorn's parser refuses is answered with a problem, as all other errors."""

import socket
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

pytestmark = pytest.mark.usefixtures("seeded")

GET = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n"
UNREADABLE = {
    "a-control-character-in-a-language": (GET + b"Accept-Language: vi\x01\r\n\r\n", 400, "malformed"),
    "a-control-character-in-another-header": (GET + b"X-Other: \x00\r\n\r\n", 400, "malformed"),
    "a-header-without-a-name": (GET + b": x\r\n\r\n", 400, "malformed"),
    "a-folded-header": (GET + b"X-Other: a\r\n b\r\n\r\n", 400, "malformed"),
    "no-request-line": (b"hello\r\n\r\n", 400, "malformed"),
    "another-protocol": (b"GET /livez HTTP/9.9\r\n\r\n", 400, "malformed"),
    "a-long-address": (b"GET /livez?q=" + b"x" * 8200 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 414, "uri_too_long"),
    "many-headers": (GET + b"X-Other: a\r\n" * 200 + b"\r\n", 431, "headers_too_large"),
}


def answer_to(server: Any, sent: bytes) -> tuple[str, bytes]:
    parts = urlsplit(server.url)
    received = b""
    with socket.create_connection((parts.hostname, parts.port), timeout=120) as connection:
        connection.sendall(sent)
        while data := connection.recv(65_536):
            received += data
    head, _, body = received.partition(b"\r\n\r\n")
    return head.decode("latin-1"), body


@pytest.mark.parametrize(("sent", "status", "code"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_head_that_cannot_be_read_is_answered_with_a_problem(
    server: Any, sent: bytes, status: int, code: str
) -> None:
    head, body = answer_to(server, sent)

    problem = orjson.loads(body)
    assert head.split()[1] == str(status)
    assert "Content-Type: application/problem+json" in head
    assert (problem["status"], problem["code"]) == (status, code)
    assert f"X-Request-Id: {problem['request_id']}" in head
