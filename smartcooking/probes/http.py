"""Requests to a running service, each timed."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import urllib3

PATIENCE = 30.0


class Unexpected(Exception):
    """The service did not give the expected response."""


@dataclass(frozen=True)
class Answer:
    """A response, and how long it took."""

    status: int
    body: Any
    milliseconds: float
    media_type: str = ""


@dataclass
class Api:
    """Client of one service; `headers` are sent with every request."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    token: str = ""
    pool: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(retries=False, timeout=PATIENCE, maxsize=4)
    )

    def ask(self, method: str, path: str, *, expect: tuple[int, ...] = (200,), body: Any = None) -> Answer:
        """Send a request and return the response; raises `Unexpected` for an unexpected status or no response."""
        headers = {"Accept": "application/json, */*;q=0.1", "Accept-Language": "en", **self.headers}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        sent = None if body is None else json.dumps(body).encode()
        begun = time.perf_counter()
        try:
            answer = self.pool.request(method, self.url.rstrip("/") + path, body=sent, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError as error:
            message = f"{method} {path}: no answer ({error})"
            raise Unexpected(message) from error
        took = (time.perf_counter() - begun) * 1000
        if answer.status not in expect:
            message = f"{method} {path} answered {answer.status} instead of {expect[0]}: {_short(answer.data)}"
            raise Unexpected(message)
        media_type = answer.headers.get("Content-Type", "").partition(";")[0]
        return Answer(answer.status, _parse(answer.data), took, media_type)


def _parse(data: bytes) -> Any:
    try:
        return json.loads(data) if data else None
    except ValueError:
        return None


def _short(data: bytes) -> str:
    """Return a problem document's text, or the beginning of any other body."""
    found = _parse(data)
    if isinstance(found, dict) and "title" in found:
        return ", ".join(str(found[key]) for key in ("code", "title", "detail", "errors") if found.get(key))
    return data[:200].decode("utf-8", "replace") or "nothing"
