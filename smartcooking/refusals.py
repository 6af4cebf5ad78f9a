"""Responses that the server writes without the framework: to requests that it refuses or cannot parse."""

import re
from http import HTTPStatus

import orjson
from django.conf import settings
from gunicorn.http import errors as gunicorn

from apps.core import context, errors, language, problems, rate_limits
from apps.core.language import Text

RETRY_AFTER = 5
_ORIGIN = re.compile(rb"\r\norigin:[ \t]*([^\r]+)\r\n", re.IGNORECASE)
_LANGUAGE = re.compile(rb"\r\naccept-language:[ \t]*([^\r]+)\r\n", re.IGNORECASE)
_REQUEST_ID = re.compile(rb"\r\nx-request-id:[ \t]*([^\r]+)\r\n", re.IGNORECASE)


def write_refusal(request: bytes) -> bytes:
    """Return a complete 429 response in the request's language, after which the connection is closed."""
    head = request[: request.find(b"\r\n\r\n") + 2]
    tokens = (
        context.request_id.set(context.accept_request_id(_header(_REQUEST_ID, head))),
        language.current.set(language.negotiate(_header(_LANGUAGE, head))),
    )
    try:
        return _write(rate_limits.RateLimited(rate_limits.AT_ONCE, retry_after=RETRY_AFTER), _header(_ORIGIN, head))
    finally:
        context.request_id.reset(tokens[0])
        language.current.reset(tokens[1])


def write_unreadable(error: Exception) -> bytes | None:
    """Return a complete response to a head that gunicorn's parser refuses; None for those that gunicorn answers itself.

    The headers cannot be trusted then: the response is in Vietnamese, with a new request id.
    """
    if isinstance(error, gunicorn.InvalidResponseHeader | gunicorn.InvalidResponseHeaderName):
        return None
    problem = next((kind() for cause, kind in _UNREADABLE.items() if isinstance(error, cause)), None)
    if problem is None:
        return None
    tokens = context.request_id.set(context.accept_request_id("")), language.current.set(language.negotiate(""))
    try:
        return _write(problem, "")
    finally:
        context.request_id.reset(tokens[0])
        language.current.reset(tokens[1])


class _UnreadableHead(errors.Malformed):
    title = Text("Không đọc được phần đầu của yêu cầu", "The request line or a header cannot be read")


_UNREADABLE: dict[type[Exception], type[errors.DomainError]] = {
    gunicorn.LimitRequestLine: errors.UriTooLong,
    gunicorn.LimitRequestHeaders: errors.HeadersTooLarge,
    gunicorn.InvalidRequestLine: _UnreadableHead,
    gunicorn.InvalidRequestMethod: _UnreadableHead,
    gunicorn.InvalidHTTPVersion: _UnreadableHead,
    gunicorn.InvalidHeader: _UnreadableHead,
    gunicorn.InvalidHeaderName: _UnreadableHead,
    gunicorn.ObsoleteFolding: _UnreadableHead,
}


def _write(problem: errors.DomainError, origin: str) -> bytes:
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
    status = HTTPStatus(problem.status)
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _header(pattern: "re.Pattern[bytes]", head: bytes) -> str:
    found = pattern.search(head)
    return found[1].decode("latin-1") if found else ""
