"""What is told of every request to those who run the service: metrics and traces, both without anything private."""

import time
from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

from apps.core.middleware import is_quiet, route_of
from apps.core.telemetry import emf, tracing
from smartcooking.contract import metrics
from smartcooking.contract.metrics import Metric


class RequestMetrics:
    """Measures requests by the pattern of their path; a path itself has ids of people, and there are endless ones."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not emf.is_on():
            raise MiddlewareNotUsed
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self._get_response(request)
        # The balancer asks every few seconds: nobody waits for that answer.
        if not is_quiet(request):
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            emf.emit(_measured(request, response, milliseconds), Route=_route(request))
        return response


class RequestTraces:
    """Makes each request the root of a trace, named by its pattern.

    The instrumentation that exists for Django would send the whole URL, with what people search for, and their
    address; and it would go on with the trace of any caller that names one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not tracing.is_on():
            raise MiddlewareNotUsed
        from apps.core.telemetry import spans  # noqa: PLC0415  its libraries are loaded only where they are used

        self._get_response, self._spans = get_response, spans

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_quiet(request):
            return self._get_response(request)
        with self._spans.request() as span:
            response = self._get_response(request)
            method, route = request.method or "", _route(request)
            self._spans.describe(span, method, route, response.status_code, response.get("X-Request-Id", ""))
        return response


def _measured(request: HttpRequest, response: HttpResponse, milliseconds: float) -> dict[Metric, float]:
    measured: dict[Metric, float] = {metrics.REQUESTS: 1, metrics.LATENCY: milliseconds}
    if not _waits(request):
        measured[metrics.PLAIN_LATENCY] = milliseconds
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        measured[metrics.SERVER_ERRORS] = 1
    elif response.status_code >= HTTPStatus.BAD_REQUEST:
        measured[metrics.CLIENT_ERRORS] = 1
    return measured


def _route(request: HttpRequest) -> str:
    """Return the pattern; what leads nowhere is one route together, static files among it."""
    return route_of(request) or emf.UNKNOWN


def _waits(request: HttpRequest) -> bool:
    view = getattr(request.resolver_match.func, "cls", None) if request.resolver_match else None
    return bool(getattr(view, "waits", False))
