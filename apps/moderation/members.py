"""Actions on people: suspend, lift a suspension, end sessions, view their data."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from apps.core import audit, clock
from apps.core.authentication import Actor
from apps.core.errors import ValidationFailed
from apps.core.transactions import Transaction, retry_conflicts
from apps.dynamo_admin import sessions
from apps.moderation import acts, authority, repositories
from apps.moderation.acts import Act, Check, any_version
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
    """Let somebody read only until a moment; it ends by itself. Nobody suspends themselves."""
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
    """End a suspension now; `DecidedAlready` where there is none."""
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
    """End every login of somebody, in the admin and everywhere else: no token that they have now is good for more.

    For admins. They can sign in again, with the groups and the second factor that they have then.
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
    """Note that a moderator saw somebody's personal data, and why."""
    who = authority.require_moderator(actor)
    return audit.write(act=Act.LOOK.value, who=who, target_type=TARGET, target_id=user_id, reason=reason)


def _term(term: suspensions.SuspensionTerm | None) -> dict[str, str] | None:
    return {"until": clock.iso(term.until), "reason": term.reason} if term else None


def find_points(user_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the points of the last 30 days of some people, those who have none left out: 1 read unit each."""
    since = clock.now() - timedelta(days=30)
    return {
        id_: [one for one in row.body if clock.parse(one["at"]) > since]
        for id_, row in repositories.find_points(user_ids).items()
    }
