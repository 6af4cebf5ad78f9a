"""Requests sent byte by byte over open connections."""

import socket
from typing import Any
from urllib.parse import urlsplit


def request(method: str, path: str, body: str = "", token: str = "") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
    lines += [f"Authorization: Bearer {token}"] * bool(token)
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] * bool(body)
    return "\r\n".join([*lines, "", body]).encode()


def open_and_send(server: Any, sent: bytes) -> socket.socket:
    parts = urlsplit(server.url)
    connection = socket.create_connection((parts.hostname, parts.port), timeout=120)
    connection.sendall(sent)
    return connection


def introduce(server: Any, token: str) -> None:
    """Let the server know whose token this is, so that the next requests with it count for one person.

    It learns that after an answer, and before it reads the next request of the same connection.
    """
    for _ in range(2):
        assert server.api.get("/v1/users/me", token=token).status_code == 200
