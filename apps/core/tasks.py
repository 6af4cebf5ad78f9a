"""What every Celery task shares: the request id in its logs, and which failures are worth another try."""

from typing import Any

import structlog
from celery import Task

from apps.core import context, problems
from apps.core.errors import Unavailable
from apps.core.transactions import WriteConflict

log = structlog.get_logger()


class TransientFailure(Exception):
    """Something outside did not answer; the message goes back and is tried again later."""


class RetriedTask(Task[Any, Any]):
    """Acknowledged after it ran, retried with growing, jittered delays while something outside is down.

    SQS delivers at least once: what a task does must be harmless when it is done again.
    """

    acks_late = True
    reject_on_worker_lost = True
    # What fails for good is left in its queue, comes back, and ends among the dead letters, where somebody sees it.
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
                    raise TransientFailure(type(error).__name__) from error
                raise
            log.info("task_done")
            return result
