"""What is measured of the work that Celery does: how much, how long, how late, what failed."""

import time
from typing import Any

from celery.signals import task_failure, task_postrun, task_prerun

from apps.core.telemetry import emf
from smartcooking.contract import metrics
from smartcooking.contract.metrics import Metric

# When the task of an id began: the moment, and the clock that measures its duration. A process has one task at a time.
_begun: dict[str, tuple[float, float]] = {}


def measure_tasks() -> None:
    """Listen to the worker."""
    task_prerun.connect(_begin, weak=False)
    task_postrun.connect(_end, weak=False)
    task_failure.connect(_failed, weak=False)


def _begin(task_id: str, **_: Any) -> None:
    _begun[task_id] = (time.time(), time.perf_counter())


def _end(task_id: str, task: Any, **_: Any) -> None:
    """Tell of one delivery; its age only the first time, since a retry waits on purpose."""
    moment, clock = _begun.pop(task_id)
    duration = round((time.perf_counter() - clock) * 1000, 1)
    measured: dict[Metric, float] = {metrics.TASKS: 1, metrics.TASK_DURATION: duration}
    caused_at = getattr(task.request, "caused_at", None)
    if caused_at and not task.request.retries:
        measured[metrics.TASK_AGE] = max(0.0, round((moment - float(caused_at)) * 1000, 1))
    emf.emit(measured, Queue=_queue(task), Task=task.name)


def _failed(sender: Any, **_: Any) -> None:
    """Count what failed for good; also called in the parent of a process that had to be killed."""
    emf.emit({metrics.TASK_FAILURES: 1}, Queue=_queue(sender), Task=sender.name)


def _queue(task: Any) -> str:
    return (task.request.delivery_info or {}).get("routing_key") or emf.UNKNOWN
