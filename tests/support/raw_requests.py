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
