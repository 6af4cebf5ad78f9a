"""Record metrics of Celery tasks: count, duration, age and failures."""

import time
from typing import Any

from celery.signals import task_failure, task_postrun, task_prerun

from apps.core.telemetry import emf
from smartcooking.contract import metrics
from smartcooking.contract.metrics import Metric

# By task id: the Unix time at which it started, and the reading of the clock that measures its duration.
_begun: dict[str, tuple[float, float]] = {}


def measure_tasks() -> None:
    """Connect to the worker's signals."""
    task_prerun.connect(_begin, weak=False)
    task_postrun.connect(_end, weak=False)
    task_failure.connect(_failed, weak=False)


def _begin(task_id: str, **_: Any) -> None:
    _begun[task_id] = (time.time(), time.perf_counter())


def _end(task_id: str, task: Any, **_: Any) -> None:
    """Record one delivery. Its age counts the first time only: a retry waits on purpose."""
    moment, clock = _begun.pop(task_id)
    duration = round((time.perf_counter() - clock) * 1000, 1)
    measured: dict[Metric, float] = {metrics.TASKS: 1, metrics.TASK_DURATION: duration}
    caused_at = getattr(task.request, "caused_at", None)
    if caused_at and not task.request.retries:
        measured[metrics.TASK_AGE] = max(0.0, round((moment - float(caused_at)) * 1000, 1))
    emf.emit(measured, Queue=_queue(task), Task=task.name)


def _failed(sender: Any, **_: Any) -> None:
    """Count a final failure. The parent process calls this for a child that it had to kill."""
    emf.emit({metrics.TASK_FAILURES: 1}, Queue=_queue(sender), Task=sender.name)


def _queue(task: Any) -> str:
    return (task.request.delivery_info or {}).get("routing_key") or emf.UNKNOWN
