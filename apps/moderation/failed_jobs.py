"""Retry failed jobs."""

from apps.core import audit
from apps.core.authentication import Actor
from apps.core.preconditions import Check, any_version
from apps.core.transactions import Transaction, retry_conflicts
from apps.jobs import services as jobs
from apps.moderation import acts, authority
from apps.moderation.acts import Act
from apps.moderation.errors import DecidedAlready

TARGET = "job"


def parse_id(failed_job_id: str) -> tuple[str, str]:
    """Parse the id of a failed job: "owner:job"."""
    user_id, _, job_id = failed_job_id.partition(":")
    return user_id, job_id


@retry_conflicts
def retry(failed_job_id: str, *, actor: Actor, reason: str = "", check: Check = any_version) -> str:
    """Restart a failed job, with an audit entry in the same transaction; `JobNotRetried` if that is impossible."""
    who = authority.require_moderator(actor)
    key = parse_id(failed_job_id)
    row = jobs.load_failed([key]).get(key) if all(key) else None
    if row is None:
        raise DecidedAlready(audit.last(TARGET, key[1] or "-"))
    check(int(row.version or 0))
    before = {"state": row.state, "kind": row.job_kind, "problem": (row.problem or {}).get("code")}
    transaction = Transaction()
    jobs.retry(transaction, row)
    entry_id = acts.record(
        transaction, Act.RETRY, who, TARGET, row.id, title=row.job_kind, reason=reason.strip(), before=before,
        after={"state": row.state},
    )  # fmt: skip
    transaction.commit()
    return entry_id
