"""Tracing, if a collector is configured. OpenTelemetry is imported only in that case."""

from django.conf import settings


def is_on() -> bool:
    return bool(settings.OTEL_EXPORTER_OTLP_ENDPOINT)


def start(program: str) -> None:
    """Start tracing. Call it after the fork: a thread exports the spans."""
    if is_on():
        from apps.core.telemetry import spans  # noqa: PLC0415

        spans.start(program)


def stop() -> None:
    """Export the spans that are left."""
    if is_on():
        from apps.core.telemetry import spans  # noqa: PLC0415

        spans.stop()


def headers() -> dict[str, str]:
    """Return the message headers that make a task part of the current trace."""
    if not is_on():
        return {}
    from apps.core.telemetry import spans  # noqa: PLC0415

    return spans.headers()
