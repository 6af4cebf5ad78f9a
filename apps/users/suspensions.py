"""Suspended accounts: they read on and write nothing, until it ends by itself."""

from dataclasses import dataclass
from datetime import datetime

from apps.core import clock
from apps.core.transactions import Transaction, retry_conflicts
from apps.users import repositories
from apps.users.errors import AccountSuspended
from apps.users.events import SuspensionChanged
from apps.users.models import Suspension


@dataclass(frozen=True, slots=True)
class SuspensionTerm:
    """A suspension that has not ended yet."""

    since: datetime
    until: datetime
    reason: str


def suspend(transaction: Transaction, *, user_id: str, until: datetime, reason: str) -> SuspensionTerm | None:
    """Add to `transaction` that somebody is suspended, and return what stood before, which this replaces.

    `UserNotFound` where there is no such person, `WriteConflict` where somebody else suspended or lifted in between:
    build the transaction again. 4 write units, one of the queue, and 3 for the message by which the person's ratings
    count no longer; it holds on every server once it is committed.
    """
    repositories.expect_profile(transaction, user_id)
    row = repositories.find_suspension(user_id) or repositories.fresh_suspension(user_id)
    before = _term(row)
    row.since, row.until, row.reason = clock.now(), until, reason
    repositories.save_suspension(transaction, row)
    transaction.publish(SuspensionChanged(user_id))
    return before


def lift_suspension(transaction: Transaction, *, user_id: str) -> SuspensionTerm | None:
    """Add to `transaction` that a suspension ends now, and return it; None, and nothing added, where there is none."""
    row = repositories.find_suspension(user_id)
    before = _term(row)
    if row is not None and before is not None:
        row.until = clock.now()
        repositories.save_suspension(transaction, row)
        transaction.publish(SuspensionChanged(user_id))
    return before


def sweep_ended_suspensions() -> int:
    """Have ratings count again of people whose suspension has ended by itself, and return how many people that are.

    They leave the queue of the suspended in the same transaction: once for each, also where two runs meet.
    """
    return sum(_note_end(user_id) for user_id in repositories.query_ended_suspensions(clock.now()))


@retry_conflicts
def _note_end(user_id: str) -> bool:
    row = repositories.find_suspension(user_id)
    if row is None or row.is_active or row.gsi4pk is None:
        return False
    transaction = Transaction()
    repositories.save_suspension(transaction, row)
    transaction.publish(SuspensionChanged(user_id))
    transaction.commit()
    return True


def find_suspension(user_id: str) -> SuspensionTerm | None:
    """Return somebody's suspension while it lasts: 1 read unit."""
    return _term(repositories.find_suspension(user_id))


def require_not_suspended(user_id: str) -> None:
    """Let pass whoever is not suspended; `AccountSuspended`, with the end of it, for whoever is. 1 read unit."""
    term = find_suspension(user_id)
    if term is not None:
        raise AccountSuspended(until=term.until)


def _term(row: Suspension | None) -> SuspensionTerm | None:
    lasts = row is not None and row.version is not None and row.is_active
    return SuspensionTerm(row.since, row.until, row.reason) if row is not None and lasts else None
