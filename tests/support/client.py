"""HTTP clients of the tests: one for the application in this process, one for a running gunicorn."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson
import urllib3
from django.conf import UserSettingsHolder, settings
from django.test import Client
from django.test.client import ClientHandler


@dataclass
class Answer:
    """What came back, the same from both clients."""

    status_code: int
    headers: urllib3.HTTPHeaderDict
    content: bytes

    def json(self) -> Any:
        return orjson.loads(self.content)


def _headers(token: str | None, headers: dict[str, str] | None) -> dict[str, str]:
    given = {"Accept-Language": "en", **(headers or {})}
    if token:
        given["Authorization"] = f"Bearer {token}"
    return given


class Verbs:
    """get, post, put, patch and delete in terms of `request`."""

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        body: bytes | None = None,
        token: str | None = None,
        headers: dict[str, str] | None = None,
        content_type: str = "application/json",
    ) -> Answer:
        raise NotImplementedError

    def get(self, path: str, **options: Any) -> Answer:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> Answer:
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> Answer:
        return self.request("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Answer:
        return self.request("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Answer:
        return self.request("DELETE", path, **options)


_LOADED = ("_middleware_chain", "_view_middleware", "_template_response_middleware", "_exception_middleware")


@cache
def _usual_handler() -> ClientHandler:
    handler = ClientHandler(enforce_csrf_checks=False)
    handler.load_middleware()
    return handler


def share_middleware(client: Client) -> None:
    """Give a client the middleware that all have, unless a test has changed settings.

    Loading it costs 17 ms, since WhiteNoise looks at every static file; thousands of tests make a client of their own.
    """
    is_changed = isinstance(settings._wrapped, UserSettingsHolder)  # type: ignore[misc]
    if client.handler._middleware_chain is None and not is_changed:  # type: ignore[attr-defined]
        vars(client.handler).update({name: getattr(_usual_handler(), name) for name in _LOADED})


@dataclass
class InProcess(Verbs):
    """Speaks to the application in this process, through all of its middleware."""

    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def request(self, method: str, path: str, **options: Any) -> Answer:
        json, body = options.get("json"), options.get("body")
        data = body if body is not None else (orjson.dumps(json) if json is not None else b"")
        given = _headers(options.get("token"), options.get("headers"))
        sent: dict[str, Any] = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in given.items()}
        kind = options.get("content_type", "application/json") if data else ""
        share_middleware(self.client)
        response = self.client.generic(method, path, data, content_type=kind, **sent)
        return Answer(response.status_code, urllib3.HTTPHeaderDict(response.items()), response.content)


@dataclass
class OverHttp(Verbs):
    """Speaks to a server; safe to use from many threads."""

    base: str
    pool: urllib3.PoolManager = field(
        default_factory=lambda: urllib3.PoolManager(maxsize=64, block=False, retries=False, timeout=120)
    )

    def request(self, method: str, path: str, **options: Any) -> Answer:
        json, body = options.get("json"), options.get("body")
        data = body if body is not None else (orjson.dumps(json) if json is not None else None)
        given = _headers(options.get("token"), options.get("headers"))
        if data is not None:
            given["Content-Type"] = options.get("content_type", "application/json")
        response = self.pool.request(method, self.base + path, body=data, headers=given, redirect=False)
        return Answer(response.status, response.headers, response.data)
