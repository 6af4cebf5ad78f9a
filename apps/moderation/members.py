"""Actions on people: suspend, lift a suspension, end sessions, view their data."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from apps.core import audit, clock
from apps.core.authentication import Actor
from apps.core.errors import ValidationFailed
from apps.core.preconditions import Check, any_version
from apps.core.transactions import Transaction, retry_conflicts
from apps.dynamo_admin import sessions
from apps.moderation import acts, authority, repositories
from apps.moderation.acts import Act
from apps.moderation.errors import DecidedAlready, ProtectedPerson
from apps.users import services as users
from apps.users import sign_outs, suspensions
from apps.users.errors import UserNotFound

TARGET = "user"


def get_person(user_id: str) -> Any:
    users.require_person(user_id)
    found = users.find_profile_rows([user_id]).get(user_id)
    if found is None:
        raise UserNotFound
    return found


@retry_conflicts
def suspend(user_id: str, *, until: datetime, reason: str, actor: Actor, check: Check = any_version) -> str:
    """Suspend somebody until a given time. Ends by itself. People can't suspend themselves."""
    who, reason = authority.require_moderator(actor), acts.require_reason(reason)
    if user_id == actor.id:
        raise ProtectedPerson
    if until <= clock.now():
        raise ValidationFailed
    person = get_person(user_id)
    transaction = Transaction()
    before = suspensions.suspend(transaction, user_id=user_id, until=until, reason=reason, check=check)
    if before is not None and before.until == until and before.reason == reason:
        raise DecidedAlready(audit.last(TARGET, user_id, (Act.SUSPEND,)))
    entry_id = acts.record(
        transaction, Act.SUSPEND, who, TARGET, user_id, title=person.username, reason=reason,
        before=_term(before), after={"until": clock.iso(until), "reason": reason},
    )  # fmt: skip
    acts.notify(transaction, to=user_id, target_type=TARGET, target_id=user_id, entry_id=entry_id)
    transaction.commit()
    sessions.end_all(user_id)
    return entry_id


@retry_conflicts
def lift(user_id: str, *, actor: Actor, reason: str = "", check: Check = any_version) -> str:
    """End a suspension; `DecidedAlready` if there is none."""
    who = authority.require_moderator(actor)
    person = get_person(user_id)
    transaction = Transaction()
    before = suspensions.lift_suspension(transaction, user_id=user_id, check=check)
    if before is None:
        raise DecidedAlready(audit.last(TARGET, user_id, (Act.LIFT, Act.SUSPEND)))
    entry_id = acts.record(
        transaction, Act.LIFT, who, TARGET, user_id, title=person.username, reason=reason.strip(),
        before=_term(before), after={"until": None},
    )  # fmt: skip
    acts.notify(transaction, to=user_id, target_type=TARGET, target_id=user_id, entry_id=entry_id)
    transaction.commit()
    return entry_id


def end_sessions(user_id: str, *, actor: Actor, reason: str = "", check: Check = any_version) -> str:
    """End all sessions of somebody, in the admin and everywhere else, and revoke all their tokens.

    For admins. The person can sign in again, with their current groups and second factor.
    """
    who = authority.require_admin(actor)
    person = get_person(user_id)
    check(suspensions.version_of(user_id))
    ended = sessions.end_all(user_id)
    sign_outs.end_sessions(user_id)
    return audit.write(
        act=Act.END_SESSIONS.value, who=who, target_type=TARGET, target_id=user_id, title=person.username,
        reason=reason.strip(), after={"sessions": ended},
    )  # fmt: skip


def record_look(user_id: str, *, actor: Actor, reason: str) -> str:
    """Record in the audit log that a moderator viewed somebody's personal data, and why."""
    who = authority.require_moderator(actor)
    title = get_person(user_id).username
    return audit.write(act=Act.LOOK.value, who=who, target_type=TARGET, target_id=user_id, title=title, reason=reason)


def _term(term: suspensions.SuspensionTerm | None) -> dict[str, str] | None:
    return {"until": clock.iso(term.until), "reason": term.reason} if term else None


def find_points(user_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return people's points of the last 30 days, without people who have none: 1 read unit each."""
    since = clock.now() - timedelta(days=30)
    return {
        id_: [one for one in row.body if clock.parse(one["at"]) > since]
        for id_, row in repositories.find_points(user_ids).items()
    }
