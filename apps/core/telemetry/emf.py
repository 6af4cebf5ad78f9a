"""Write metrics to standard output in CloudWatch's embedded metric format (EMF): one JSON object a line."""

import atexit
import json
import logging
import sys
import threading
from collections.abc import Mapping
from functools import cache
from itertools import groupby
from typing import Any

from django.conf import settings

from smartcooking.contract import metrics
from smartcooking.contract.metrics import Metric

# CloudWatch refuses an empty dimension value.
UNKNOWN = "unknown"
# CloudWatch takes at most so many values of a metric from one line.
_MOST_VALUES = 100
# Short beside the minute over which alarms look.
_COLLECT_SECONDS = 10.0


def is_on() -> bool:
    return bool(settings.METRICS == "emf")


def count(metric: Metric, **dimensions: str) -> None:
    emit({metric: 1}, **dimensions)


def emit(values: Mapping[Metric, float], **dimensions: str) -> None:
    """Write `values` as one line. `dimensions` names every dimension and field that one of the metrics declares.

    Each metric is recorded for the whole environment, which alarms read, where that is kept, and by its own
    dimensions. Does nothing if metrics are off.
    """
    if is_on():
        _writer().info(json.dumps(_line(values, dimensions), separators=(",", ":")))


def collect(metric: Metric, value: float) -> None:
    """Record a value of a metric without dimensions and fields, in one line with others of the next ten seconds.

    CloudWatch bills lines by the byte, and most of a line is its frame. A process that is killed loses what it has
    collected. Does nothing if metrics are off.
    """
    if is_on():
        _collected(metric).add(value)


class _Collected:
    """Values of one metric that wait for their line: until there are 100, for ten seconds, or to the process's end."""

    def __init__(self, metric: Metric) -> None:
        self._metric, self._values = metric, list[float]()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        atexit.register(self.write)

    def add(self, value: float) -> None:
        with self._lock:
            self._values.append(value)
            if len(self._values) == _MOST_VALUES:
                self._write()
            elif self._timer is None:
                self._timer = threading.Timer(_COLLECT_SECONDS, self.write)
                self._timer.daemon = True
                self._timer.start()

    def write(self) -> None:
        with self._lock:
            self._write()

    def _write(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._values:
            line = {**_line({self._metric: 0}, {}), self._metric.name: self._values}
            self._values = []
            _writer().info(json.dumps(line, separators=(",", ":")))


@cache
def _collected(metric: Metric) -> _Collected:
    return _Collected(metric)


def _line(values: Mapping[Metric, float], dimensions: Mapping[str, str]) -> dict[str, Any]:
    """Return one EMF object: a directive for each set of dimensions, and a member for each field."""
    fields = {name for metric in values for name in metric.fields}
    line: dict[str, Any] = {name: dimensions[name] or UNKNOWN for name in sorted(fields)}
    directives: list[Any] = []
    for (own, kept), group in groupby(sorted(values, key=_series), _series):
        part = _serialized({metric: values[metric] for metric in group}, {name: dimensions[name] for name in own})
        for directive in part["_aws"]["CloudWatchMetrics"]:
            if not kept:
                directive["Dimensions"].remove([metrics.ENVIRONMENT])
            directives += [directive] if directive["Dimensions"] else []
        line |= part
    # Without a directive it is a line like any other, which CloudWatch takes no metric from.
    head = line.pop("_aws")
    return line | {"_aws": {**head, "CloudWatchMetrics": directives}} if directives else line


def _series(metric: Metric) -> tuple[tuple[str, ...], bool]:
    return metric.dimensions, metric.kept


def _serialized(values: Mapping[Metric, float], own: Mapping[str, str]) -> dict[str, Any]:
    # Imported here because the library takes 2 MB, which a process without metrics does not need.
    from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (  # noqa: PLC0415
        AmazonCloudWatchEMFProvider,
    )

    environment = {metrics.ENVIRONMENT: settings.ENVIRONMENT}
    provider = AmazonCloudWatchEMFProvider(namespace=metrics.NAMESPACE, default_dimensions=environment)
    if own:
        provider.add_dimensions(**{name: value or UNKNOWN for name, value in own.items()})
    for metric, value in values.items():
        provider.add_metric(metric.name, metric.unit, value)
    return dict(provider.serialize_metric_set())


@cache
def _writer() -> logging.Logger:
    """Return a logger that ignores LOG_LEVEL and adds no fields. A logger keeps lines of several threads whole."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(message)s"))
    writer = logging.getLogger("apps.core.telemetry.emf")
    writer.handlers[:] = [handler]
    writer.propagate = False
    writer.setLevel(logging.INFO)
    return writer
