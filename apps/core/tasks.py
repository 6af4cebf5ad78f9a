"""What every Celery task shares: queue and limits, the request id in its logs, and which failures are retried."""

from collections.abc import Callable
from typing import Any

import structlog
from celery import Task, shared_task
from celery.utils.time import get_exponential_backoff_interval

from apps.core import context, outbox, problems
from apps.core.errors import Unavailable
from apps.core.transactions import WriteConflict
from smartcooking.contract.queues import Queue

log = structlog.get_logger()

# Every task by the name of its messages.
registered: dict[str, outbox.Task] = {}


class TransientFailure(Exception):
    """A dependency did not answer; the message returns to its queue and is retried later."""


class RetriedTask(Task[Any, Any]):
    """A task that is acknowledged after it ran and retried, with jittered backoff, while something outside is down.

    SQS delivers at least once: running a task twice must have the same effect as running it once.
    """

    acks_late = True
    reject_on_worker_lost = True
    # A message that keeps failing stays in its queue until SQS moves it to the dead-letter queue, which raises an
    # alarm.
    acks_on_failure = False
    autoretry_for = (TransientFailure, Unavailable, WriteConflict)
    retry_backoff = 1
    retry_backoff_max = 30
    retry_jitter = True
    max_retries = 8

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        request_id = (self.request.headers or {}).get("request_id") or getattr(self.request, "request_id", None) or "-"
        context.request_id.set(request_id)
        with structlog.contextvars.bound_contextvars(request_id=request_id, task=self.name):
            try:
                result = super().__call__(*args, **kwargs)
            except Exception as error:
                if problems.is_outage(error):
                    raise self._retried(TransientFailure(type(error).__name__)) from error
                raise
            log.info("task_done")
            return result

    def _retried(self, failure: TransientFailure) -> Exception:
        """Send the message again, as Celery does by itself for `autoretry_for`; raise `failure` after the last time."""
        seconds = get_exponential_backoff_interval(
            factor=self.retry_backoff,
            retries=self.request.retries or 0,
            maximum=self.retry_backoff_max,
            full_jitter=self.retry_jitter,
        )
        return self.retry(exc=failure, countdown=seconds, throw=False)


def task(queue: Queue, *, name: str, bind: bool = False) -> Callable[[Callable[..., Any]], outbox.Task]:
    """Make a function the Celery task `name` of `queue`, killed after the queue's time limit.

    Retries are those of `RetriedTask`. Subscribe the result to an event (`smartcooking/subscriptions.py`), or pass it
    to `Transaction.after`. `name` is on the wire: messages in flight during a deployment name the old code's tasks.
    With `bind` the function takes Celery's task first, to retry itself. ValueError for a queue whose messages would
    come back while the task still runs.
    """
    if queue.time_limit >= queue.visibility_timeout:
        raise ValueError(f"tasks of {queue.name} would outlive the visibility timeout of their messages")

    def register(function: Callable[..., Any]) -> outbox.Task:
        options: dict[str, Any] = {"time_limit": queue.time_limit, "bind": bind}
        decorate: Any = shared_task(name=name, **options)
        decorate(function)
        return registered.setdefault(name, outbox.Task(name, queue))

    return register
