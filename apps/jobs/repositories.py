"""Every access of the jobs app to the table."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from apps.core import clock, keys, queries
from apps.core.models import Item
from apps.jobs.models import ABANDONED_AFTER, KEPT, JobRow


def fresh(job_id: str, *, user_id: str) -> JobRow:
    """Build the row of a new job."""
    key, now = keys.job(user_id, job_id), clock.now()
    row = JobRow(pk=key.pk, sk=key.sk, user_id=user_id, created_at=now, ttl=clock.epoch(now + KEPT))
    return show_alive(row, now)


def show_alive(row: JobRow, now: datetime) -> JobRow:
    """Extend the time from which the job counts as abandoned."""
    queue = keys.jobs_queue(clock.sortable(now + ABANDONED_AFTER), row.user_id, row.id)
    row.gsi4pk, row.gsi4sk = queue.pk, queue.sk
    return row


def leave_queue(row: JobRow) -> None:
    row.gsi4pk = row.gsi4sk = None


def list_as_failed(row: JobRow, at: datetime) -> None:
    place = keys.failed_jobs(clock.sortable(at), row.user_id, row.id)
    row.gsi4pk, row.gsi4sk = place.pk, place.sk


def read_jobs(wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], JobRow]:
    """Read jobs by owner and id, consistently: 1 read unit each."""
    found = queries.read_many(JobRow, [keys.job(user_id, job_id) for user_id, job_id in wanted])
    return {(row.user_id, row.id): row for row in found.values()}


def read_job(user_id: str, job_id: str) -> JobRow | None:
    """Read a person's job, consistently: 1 read unit."""
    return JobRow.read(keys.job(user_id, job_id))


def page_of_jobs(user_id: str, *, limit: int, after: dict[str, str] | None) -> queries.Slice[JobRow]:
    """Page through somebody's jobs, newest first; 1 read unit for about 10."""
    return queries.query_page(
        JobRow,
        keys.user(user_id).pk,
        within=JobRow.sk.startswith(keys.prefix("JOB")),
        limit=limit,
        after=after,
        newest_first=True,
        consistent=True,
    )


def abandoned(now: datetime) -> Iterator[tuple[str, str]]:
    """Yield owner and id of open jobs without a recent heartbeat; from the index, so possibly outdated."""
    queue = keys.jobs_queue(clock.sortable(now), "-", "-")
    for item in Item.queues.query(queue.pk, Item.gsi4sk < queue.sk):
        yield item.pk.partition(keys.SEPARATOR)[2], keys.last_part(item.sk)
