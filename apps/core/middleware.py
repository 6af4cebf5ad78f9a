"""Request id, language and log line of every request."""

import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from apps.core import context, errors, language, problems
from apps.core.language import Text
from smartcooking.contract.answers import ANSWER_AT, CAN_HOLD

log = structlog.get_logger()

_QUIET = ("/livez", "/health")
_HEALTH_CHECKS = frozenset(_QUIET)
_WRONG_HOST = Text("Không phục vụ tên máy chủ này", "This host name is not served here")


class RequestContext:
    """Gives each request an id and a language, and logs method, route, status and milliseconds, never a token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = context.accept_request_id(request.headers.get("X-Request-Id"))
        context.request_id.set(request_id)
        context.answer_at.set(None)
        context.can_hold.set(bool(request.META.get(CAN_HOLD)))
        context.retry_deadline.set(time.monotonic() + settings.REQUEST_RETRY_SECONDS)
        language.current.set(language.negotiate(request.headers.get("Accept-Language", "")))
        translation.activate(language.current.get())
        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            response = self._get_response(request)
        finally:
            structlog.contextvars.clear_contextvars()
            context.retry_deadline.set(None)
        response["X-Request-Id"] = request_id
        response.headers.setdefault("Content-Language", language.current.get())
        response.headers.setdefault("Cache-Control", "no-store")
        if not response.streaming and response.content:
            # Without it gunicorn sends the body in chunks, in more packets than needed.
            response.headers.setdefault("Content-Length", str(len(response.content)))
        response["X-Content-Type-Options"] = "nosniff"
        _log(request, response, request_id, started)
        _hold_back(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Render errors that were raised outside DRF's views."""
        problem = problems.as_domain_error(exception)
        return problems.response(problem) if problem else None


class KnownHosts:
    """Answers only under the names in `ALLOWED_HOSTS`. The balancer checks health by address and is let pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path not in _HEALTH_CHECKS:
            try:
                request.get_host()
            except DisallowedHost:
                return problems.response(errors.Malformed(_WRONG_HOST))
        return self._get_response(request)


def is_quiet(request: HttpRequest) -> bool:
    """Return whether this is a health check, which the load balancer repeats every few seconds."""
    return request.path.startswith(_QUIET)


def route_of(request: HttpRequest) -> str | None:
    """Return the pattern of the request's path, or the name that a view gives to many addresses; None for none."""
    if request.resolver_match is None:
        return None
    return getattr(getattr(request.resolver_match.func, "view_class", None), "route", request.resolver_match.route)


def _hold_back(request: HttpRequest) -> None:
    """Have the server send the response when it is due. Other servers than ours block the thread instead."""
    due = context.answer_at.get()
    if due is None:
        return
    if context.can_hold.get():
        request.META[ANSWER_AT] = due
    else:
        time.sleep(max(0.0, due - time.monotonic()))


def _log(request: HttpRequest, response: HttpResponse, request_id: str, started: float) -> None:
    write = log.debug if is_quiet(request) else log.info
    write(
        "request",
        method=request.method,
        route=route_of(request),
        status=response.status_code,
        ms=round((time.perf_counter() - started) * 1000, 1),
        request_id=request_id,
        user_id=getattr(getattr(request, "actor", None), "id", None),
    )
