"""Jobs: created with the change that causes them, run by a worker, resumed after a crash, read by their owner.

An app with long work creates a job in a transaction and names the Celery task that does the work. The task calls
`run` with a function. SQS redelivers the message after its worker was killed, so the function must be safe to repeat;
what it stores as a checkpoint is available to the next attempt.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from apps.core import clock, ids, language, outbox, own_deletions, transactions, waiting
from apps.core.authentication import Actor
from apps.core.errors import DomainError, Unavailable
from apps.core.language import Text
from apps.core.transactions import Transaction, WriteConflict, retry_conflicts
from apps.jobs import repositories
from apps.jobs.errors import JobBegun, JobEnded, JobExists, JobInterrupted, JobNotFound, JobNotRetried
from apps.jobs.events import JobAbandoned
from apps.jobs.models import JobRow, Kind, State
from smartcooking.contract.queues import QUEUES

__all__ = [
    "JobRow", "Kind", "Result", "State", "Work", "cancel", "create", "end_abandoned", "end_if_abandoned", "get_job",
    "load_failed", "retry", "run", "wait",
]  # fmt: skip

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a job: its kind ("import") and id."""

    type: str
    id: str


def create(
    transaction: Transaction, *, job_id: str, kind: Kind, task: outbox.Task, user_id: str, parameters: Any = None
) -> JobRow:
    """Add a job to `transaction`; `task` gets (user_id, job_id) once it is committed.

    `JobExists` fails the transaction if the id is taken: the request was already carried out. 2 actions.
    """
    row = repositories.fresh(job_id, user_id=user_id)
    row.job_kind, row.task, row.queue, row.parameters = kind.value, task.name, task.queue.name, parameters or {}
    transaction.save(row, otherwise=JobExists())
    transaction.after(task, user_id, job_id)
    return row


class Work:
    """What a job's function gets: the parameters, the last attempt's checkpoint, and `report` for its progress.

    Every report is a heartbeat; it raises `JobEnded` if the job was closed meanwhile.
    """

    def __init__(self, row: JobRow) -> None:
        self._row = row

    @property
    def job_id(self) -> str:
        return self._row.id

    @property
    def user_id(self) -> str:
        return self._row.user_id

    @property
    def parameters(self) -> Any:
        return self._row.parameters

    @property
    def checkpoint(self) -> Any:
        return self._row.checkpoint

    def report(self, progress: float, *, checkpoint: Any = None) -> None:
        """Store the progress (0..1, never decreasing) and the checkpoint, if any."""
        self._row = _report(self._row, progress=progress, checkpoint=checkpoint)


@retry_conflicts
def _report(row: JobRow, *, progress: float, checkpoint: Any) -> JobRow:
    current = repositories.read_job(row.user_id, row.id)
    if current is None or not current.is_open:
        raise JobEnded
    current.state = State.RUNNING.value
    current.progress = max(float(current.progress), min(progress, 1.0))
    if checkpoint is not None:
        current.checkpoint = checkpoint
    transactions.save(repositories.show_alive(current, clock.now()))
    return current


def run(user_id: str, job_id: str, work: Callable[[Work], Result | None]) -> None:
    """Run a job's work, and close the job: as done with the result of `work`, or as failed with its DomainError.

    Does nothing if the job was canceled or has ended. Errors worth another attempt (`Unavailable`, `WriteConflict`, an
    outage) and bugs propagate to the task; the job then stays open and is closed by `end_abandoned` once its message is
    a dead letter.
    """
    row = repositories.read_job(user_id, job_id)
    if row is None or not row.is_open:
        return
    try:
        row = _report(row, progress=0.0, checkpoint=None)
        result = work(Work(row))
    except JobEnded:
        log.info("job_ended_meanwhile", job_id=job_id)
    except Unavailable:
        raise
    except DomainError as error:
        fail(user_id, job_id, error)
    else:
        finish(user_id, job_id, result)


def finish(user_id: str, job_id: str, result: Result | None) -> None:
    """Close a job as done; does nothing if it has ended or its owner is gone."""

    def close(row: JobRow) -> None:
        row.state, row.progress = State.DONE.value, 1
        if result is not None:
            row.result_type, row.result_id = result.type, result.id

    _close(user_id, job_id, close)


def fail(user_id: str, job_id: str, reason: DomainError) -> None:
    """Close a job as failed, with a reason in both languages; does nothing if it has ended."""

    def close(row: JobRow) -> None:
        row.state, row.problem = State.FAILED.value, _stored_problem(reason)

    _close(user_id, job_id, close)
    log.info("job_failed", job_id=job_id, code=reason.code)


@retry_conflicts
def _close(user_id: str, job_id: str, close: Callable[[JobRow], None]) -> None:
    row = repositories.read_job(user_id, job_id)
    if row is None or not row.is_open:
        return
    close(row)
    row.finished_at = clock.now()
    if row.state == State.FAILED:
        repositories.list_as_failed(row, row.finished_at)
    else:
        repositories.leave_queue(row)
    transactions.save(row)


def _stored_problem(reason: DomainError) -> dict[str, str]:
    detail = reason.detail or reason.title
    return {
        "code": reason.code,
        "vi": reason.title.vi,
        "en": reason.title.en,
        "detail_vi": detail.vi if isinstance(detail, Text) else detail,
        "detail_en": detail.en if isinstance(detail, Text) else detail,
    }


def problem_of(row: JobRow) -> dict[str, str] | None:
    """Return why a job failed, in the language of the request."""
    stored, spoken = row.problem, language.current.get()
    if stored is None:
        return None
    return {"code": stored["code"], "title": stored[spoken], "detail": stored[f"detail_{spoken}"]}


def get_job(job_id: str, *, actor: Actor) -> JobRow:
    """Return the actor's job; `JobNotFound` for other people's."""
    row = repositories.read_job(actor.id, job_id) if ids.is_id(job_id) else None
    if row is None:
        raise JobNotFound
    return row


def wait(job_id: str, *, actor: Actor, seconds: int) -> JobRow:
    """Return the actor's job once it has ended, or after `seconds`."""
    waiting.wait_while(lambda: get_job(job_id, actor=actor).is_open, seconds=seconds)
    return get_job(job_id, actor=actor)


def list_jobs(*, actor: Actor, limit: int, after: dict[str, str] | None) -> tuple[list[JobRow], Any]:
    found = repositories.page_of_jobs(actor.id, limit=limit, after=after)
    return found.items, found.next


@retry_conflicts
def cancel(job_id: str, *, actor: Actor) -> None:
    """Remove a job that has not started; `JobBegun` otherwise, even if it starts at this moment.

    Idempotent.
    """
    with own_deletions.repeatable(actor.id, job_id, JobNotFound):
        row = get_job(job_id, actor=actor)
        if row.state != State.QUEUED:
            raise JobBegun
        transaction = Transaction()
        transaction.delete(row, otherwise=JobBegun())
        own_deletions.record_deletion(transaction, user_id=actor.id, deleted=job_id)
        transaction.commit()


def load_failed(wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], JobRow]:
    """Read failed jobs by owner and id, for moderators: 1 read unit each."""
    return {key: row for key, row in repositories.read_jobs(wanted).items() if row.state == State.FAILED}


def retry(transaction: Transaction, row: JobRow) -> None:
    """Add to `transaction` that a failed job starts again; `JobNotRetried` if its work cannot."""
    if not row.can_be_retried:
        raise JobNotRetried
    row.state, row.progress, row.problem, row.finished_at = State.QUEUED.value, 0, None, None
    transaction.save(repositories.show_alive(row, clock.now()))
    transaction.after(_task_of(row), row.user_id, row.id)


def _task_of(row: JobRow) -> outbox.Task:
    queue = next((one for one in QUEUES if one.name == row.queue), None)
    if row.task is None or queue is None:
        raise JobNotRetried
    return outbox.Task(row.task, queue)


def end_abandoned() -> int:
    """Close jobs that no message will resume, as failed; return their number. Safe to run concurrently."""
    now = clock.now()
    return sum(end_if_abandoned(user_id, job_id) for user_id, job_id in list(repositories.abandoned(now)))


def end_if_abandoned(user_id: str, job_id: str) -> bool:
    """Close one job as failed if no message will resume it; return whether it was."""
    row = repositories.read_job(user_id, job_id)
    if row is None or not row.is_open or row.gsi4sk is None or row.gsi4sk >= clock.sortable(clock.now()):
        return False
    row.state, row.problem, row.finished_at = State.FAILED.value, _stored_problem(JobInterrupted()), clock.now()
    repositories.list_as_failed(row, row.finished_at)
    transaction = Transaction()
    transaction.save(row)
    transaction.publish(JobAbandoned(user_id, job_id))
    try:
        transaction.commit()
    except WriteConflict:
        return False
    log.warning("job_abandoned", job_id=job_id, kind=row.job_kind)
    return True
