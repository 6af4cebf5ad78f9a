"""Trace requests, their tasks and their calls to AWS with OpenTelemetry. Use it through `tracing`."""

import threading
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Any

from django.conf import settings
from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.botocore import BotocoreInstrumentor
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult, TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, TraceState
from opentelemetry.util.types import Attributes

_ROOTS = (SpanKind.SERVER, SpanKind.CONSUMER)
_tracer = trace.get_tracer("smartcooking")


class ShareOfWork(Sampler):
    """Samples the first requests and tasks of each second and a share of the others, like X-Ray's sampling rules.

    Background work of a process, such as reading the change feed, starts no trace.
    """

    def __init__(self, share: float, each_second: int) -> None:
        self._share = TraceIdRatioBased(share)
        self._all = TraceIdRatioBased(1.0)
        self._each_second = each_second
        self._second, self._kept = 0, 0
        self._lock = threading.Lock()

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Any] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        if kind not in _ROOTS:
            return SamplingResult(Decision.DROP)
        chosen = self._all if self._is_within_rate() else self._share
        return chosen.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        return f"ShareOfWork{{{self._each_second} a second, {self._share.get_description()}}}"

    def _is_within_rate(self) -> bool:
        if not self._each_second:
            return False
        second = int(time.monotonic())
        with self._lock:
            if second != self._second:
                self._second, self._kept = second, 0
            self._kept += 1
            return self._kept <= self._each_second


def start(program: str) -> None:
    resource = Resource.create(
        {
            "service.name": f"smart-cooking-{program}",
            "service.version": settings.VERSION,
            "deployment.environment.name": settings.ENVIRONMENT,
        }
    )
    sampler = ParentBased(ShareOfWork(settings.OTEL_TRACES_SAMPLER_ARG, settings.TRACES_PER_SECOND))
    provider = TracerProvider(sampler=sampler, resource=resource)
    address = settings.OTEL_EXPORTER_OTLP_ENDPOINT.rstrip("/")
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{address}/v1/traces")))
    trace.set_tracer_provider(provider)
    BotocoreInstrumentor().instrument()  # type: ignore[no-untyped-call]
    if program == "worker":
        # Not in the API: it does not register the tasks, so spans of sending would never end.
        CeleryInstrumentor().instrument()  # type: ignore[no-untyped-call]


def stop() -> None:
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.shutdown()


def headers() -> dict[str, str]:
    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier


def request() -> AbstractContextManager[Span]:
    """Start a new trace. A trace that the caller names is ignored."""
    return _tracer.start_as_current_span("request", context=Context(), kind=SpanKind.SERVER)


def describe(span: Span, method: str, route: str, status: int, request_id: str) -> None:
    """Set the attributes of a request: its route pattern, its status, and the id that its log lines carry."""
    span.update_name(f"{method} {route}")
    span.set_attributes(
        {
            "http.request.method": method,
            "http.route": route,
            "http.response.status_code": status,
            "smartcooking.request_id": request_id,
        }
    )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        span.set_status(Status(StatusCode.ERROR))
