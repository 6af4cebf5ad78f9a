"""The answer to a request that nobody has time for, written by the server itself: no thread, parser or framework."""

import re
from http import HTTPStatus

import orjson
from django.conf import settings

from apps.core import context, language, problems, rate_limits

RETRY_AFTER = 5
_ORIGIN = re.compile(rb"\r\norigin:[ \t]*([^\r]+)\r\n", re.IGNORECASE)
_LANGUAGE = re.compile(rb"\r\naccept-language:[ \t]*([^\r]+)\r\n", re.IGNORECASE)
_REQUEST_ID = re.compile(rb"\r\nx-request-id:[ \t]*([^\r]+)\r\n", re.IGNORECASE)


def write_refusal(request: bytes) -> bytes:
    """Return a whole answer, 429 in the language of the request, after which the connection is closed."""
    head = request[: request.find(b"\r\n\r\n") + 2]
    tokens = (
        context.request_id.set(context.accept_request_id(_header(_REQUEST_ID, head))),
        language.current.set(language.negotiate(_header(_LANGUAGE, head))),
    )
    try:
        return _write(_header(_ORIGIN, head))
    finally:
        context.request_id.reset(tokens[0])
        language.current.reset(tokens[1])


def _write(origin: str) -> bytes:
    problem = rate_limits.RateLimited(rate_limits.AT_ONCE, retry_after=RETRY_AFTER)
    body = orjson.dumps(problems.body(problem))
    headers = {
        "Content-Type": problems.MEDIA_TYPE,
        "Content-Length": str(len(body)),
        "Content-Language": language.current.get(),
        "Cache-Control": "no-store",
        "Connection": "close",
        "X-Content-Type-Options": "nosniff",
        "X-Request-Id": context.request_id.get(),
        **problems.headers(problem),
    }
    if origin in settings.CORS_ALLOWED_ORIGINS:
        headers |= {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": "Retry-After, X-Request-Id",
            "Vary": "origin",
        }
    status = HTTPStatus.TOO_MANY_REQUESTS
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _header(pattern: "re.Pattern[bytes]", head: bytes) -> str:
    found = pattern.search(head)
    return found[1].decode("latin-1") if found else ""
