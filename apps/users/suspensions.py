"""Suspended accounts: they can read but not write until the suspension expires or is lifted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from apps.core import clock
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.users import sign_outs
from apps.users.errors import AccountSuspended
from apps.users.events import SuspensionChanged
from apps.users.models import Suspension
from apps.users.repositories import stored_accounts, stored_people


@dataclass(frozen=True, slots=True)
class SuspensionTerm:
    """A suspension in force."""

    since: datetime
    until: datetime
    reason: str


def _any_version(version: int) -> None:
    """The default: accept any version."""


def suspend(
    transaction: Transaction,
    *,
    user_id: str,
    until: datetime,
    reason: str,
    check: Callable[[int], None] = _any_version,
) -> SuspensionTerm | None:
    """Add the suspension to `transaction`; return the one it replaces.

    `check` gets the version of what is replaced, 0 if there never was one, and raises if the caller saw another
    version. `UserNotFound` if there is no such person, `WriteConflict` if somebody else suspended or lifted in between:
    build the transaction again. 4 write units, one of the queue, and 3 for the message that stops their ratings from
    counting. The suspension holds on every server once it is committed.
    """
    stored_people.expect_profile(transaction, user_id)
    row = stored_accounts.find_suspension(user_id) or stored_accounts.fresh_suspension(user_id)
    check(int(row.version or 0))
    before = _term(row)
    row.since, row.until, row.reason = clock.now(), until, reason
    stored_accounts.save_suspension(transaction, row)
    transaction.publish(SuspensionChanged(user_id))
    return before


def lift_suspension(
    transaction: Transaction, *, user_id: str, check: Callable[[int], None] = _any_version
) -> SuspensionTerm | None:
    """Add to `transaction` that a suspension ends now, and return it. Return None and add nothing if there is none.

    `check` as in `suspend`.
    """
    row = stored_accounts.find_suspension(user_id)
    before = _term(row)
    if row is not None and before is not None:
        check(int(row.version or 0))
        row.until = clock.now()
        stored_accounts.save_suspension(transaction, row)
        transaction.publish(SuspensionChanged(user_id))
    return before


def sweep_ended_suspensions() -> int:
    """Make ratings of people whose suspension expired count again; return their number.

    They leave the queue of the suspended in the same transaction: once for each, even if two runs overlap.
    """
    return sum(_note_end(user_id) for user_id in stored_accounts.query_ended_suspensions(clock.now()))


@retry_conflicts
def _note_end(user_id: str) -> bool:
    row = stored_accounts.find_suspension(user_id)
    if row is None or row.is_active or row.gsi4pk is None:
        return False
    transaction = Transaction()
    stored_accounts.save_suspension(transaction, row)
    transaction.publish(SuspensionChanged(user_id))
    transaction.commit()
    return True


def find_suspension_and_version(user_id: str) -> tuple[SuspensionTerm | None, int]:
    """Return somebody's suspension while it lasts, with its version (see `version_of`): 1 read unit."""
    row = stored_accounts.find_suspension(user_id)
    return _term(row), int(row.version or 0) if row is not None else 0


def version_of(user_id: str) -> int:
    """Return the version of a person's suspension, even an ended one; 0 if there never was one: 1 read unit."""
    row = stored_accounts.find_suspension(user_id)
    return int(row.version or 0) if row is not None else 0


def load_rows(user_ids: Sequence[str]) -> dict[str, Suspension]:
    """Read the suspensions of several people, including ended ones: 1 read unit each."""
    return stored_accounts.load_suspensions(user_ids)


def find_suspension(user_id: str) -> SuspensionTerm | None:
    """Return a person's suspension if it is in force: 1 read unit."""
    return _term(stored_accounts.find_suspension(user_id))


def find_suspension_and_name(user_id: str) -> tuple[SuspensionTerm | None, str | None]:
    """Return a person's suspension in force, and their username if they have ever changed it: 1 read unit."""
    state = stored_accounts.find_account_state(user_id)
    return _term(state.suspension), str(state.name.username) if state.name else None


def require_active(actor: Actor, *, open_to_suspended: bool = False) -> Actor:
    """Raise unless the actor is signed in and not suspended; return the actor with the current username: 1 read unit.

    `NotAuthenticated` for tokens of sessions that were ended; `AccountSuspended`, with its end, unless the request is
    `open_to_suspended`.
    """
    state = stored_accounts.find_account_state(actor.id)
    sign_outs.require_signed_in_by(actor, state.signed_out)
    term = _term(state.suspension)
    if term is not None and not open_to_suspended:
        raise AccountSuspended(until=term.until)
    return replace(actor, username=state.name.username) if state.name else actor


def _term(row: Suspension | None) -> SuspensionTerm | None:
    lasts = row is not None and row.version is not None and row.is_active
    return SuspensionTerm(row.since, row.until, row.reason) if row is not None and lasts else None
