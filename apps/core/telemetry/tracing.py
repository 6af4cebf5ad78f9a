"""Traces, where a collector is named; everything of OpenTelemetry is imported only then."""

from django.conf import settings


def is_on() -> bool:
    return bool(settings.OTEL_EXPORTER_OTLP_ENDPOINT)


def start(program: str) -> None:
    """Begin to trace; after the fork, since a thread sends what was collected."""
    if is_on():
        from apps.core.telemetry import spans  # noqa: PLC0415

        spans.start(program)


def stop() -> None:
    """Send what is left."""
    if is_on():
        from apps.core.telemetry import spans  # noqa: PLC0415

        spans.stop()


def headers() -> dict[str, str]:
    """Return what a message carries so that its task belongs to the trace that sends it."""
    if not is_on():
        return {}
    from apps.core.telemetry import spans  # noqa: PLC0415

    return spans.headers()
