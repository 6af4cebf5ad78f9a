"""Middleware that records metrics and a trace for each request, without personal data."""

import time
from collections.abc import Callable

from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from apps.core.middleware import is_quiet, route_of
from apps.core.telemetry import emf, tracing
from smartcooking.contract import metrics


class RequestMetrics:
    """Records how long requests take that wait for nothing. What else there is to say of each is in its log line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not emf.is_on():
            raise MiddlewareNotUsed
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self._get_response(request)
        # Health checks of the load balancer are no traffic.
        if not is_quiet(request) and not _waits(request):
            emf.collect(metrics.PLAIN_LATENCY, round((time.perf_counter() - started) * 1000, 1))
        return response


class RequestTraces:
    """Starts a trace for each request, named by its route pattern.

    OpenTelemetry's instrumentation of Django is not used: it records the whole URL, which contains search terms, and
    the caller's address, and it continues a trace that the caller names.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not tracing.is_on():
            raise MiddlewareNotUsed
        from apps.core.telemetry import spans  # noqa: PLC0415  loads OpenTelemetry

        self._get_response, self._spans = get_response, spans

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_quiet(request):
            return self._get_response(request)
        with self._spans.request() as span:
            response = self._get_response(request)
            method, route = request.method or "", _route(request)
            self._spans.describe(span, method, route, response.status_code, response.get("X-Request-Id", ""))
        return response


def _route(request: HttpRequest) -> str:
    """Return the route pattern. Paths without a route, such as static files, count as one."""
    return route_of(request) or emf.UNKNOWN


def _waits(request: HttpRequest) -> bool:
    view = getattr(request.resolver_match.func, "cls", None) if request.resolver_match else None
    return bool(getattr(view, "waits", False))
