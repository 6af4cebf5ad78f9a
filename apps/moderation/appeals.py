"""Appeals: the person whom a decision affects may ask once for a review by another moderator."""

from contextlib import suppress

from apps.core import audit, clock, ids, keys
from apps.core.audit import AuditEntry
from apps.core.authentication import Actor
from apps.core.preconditions import Check, any_version
from apps.core.transactions import Transaction, retry_conflicts
from apps.moderation import acts, authority, repositories, targets, undoing
from apps.moderation.acts import Act
from apps.moderation.content import AppealStatus, Target
from apps.moderation.errors import AppealExists, AppealNotFound, DecidedAlready, NothingToAppeal, SameModerator
from apps.moderation.models import Appeal

TARGET = "appeal"


@retry_conflicts
def appeal(*, target: Target, target_id: str, text: str, actor: Actor) -> Appeal:
    """Appeal against the decision in force; `NothingToAppeal` if there is none about the actor's content or account.

    Repeating the same appeal returns it; `AppealExists` for a different one, even after the first was decided.
    """
    found = targets.get_target(target, target_id)
    decision = audit.last(target, target_id, (*acts.APPEALABLE, *acts.ENDING)) if found.owner_id == actor.id else None
    if decision is None or decision.act not in acts.APPEALABLE:
        raise NothingToAppeal
    key = keys.appeal(decision.id)
    row = Appeal(
        pk=key.pk, sk=key.sk, user_id=actor.id, target_type=target.value, target_id=target_id, decision_id=decision.id,
        decided_by=decision.actor_id, text=text, created_at=clock.now(),
    )  # fmt: skip
    transaction = Transaction()
    repositories.create_appeal(transaction, row)
    try:
        transaction.commit()
    except AppealExists:
        first = Appeal.read(key)
        if first is None or first.text != text:
            raise
        return first
    return row


def uphold(appeal_id: str, *, actor: Actor, reason: str, check: Check = any_version) -> str:
    """Reject the appeal with a reason."""
    return _close(
        appeal_id, Act.UPHOLD, AppealStatus.UPHELD, actor=actor, reason=acts.require_reason(reason), check=check
    )


def overturn(appeal_id: str, *, actor: Actor, reason: str, check: Check = any_version) -> str:
    """Undo the decision, then close the appeal. If interrupted in between, the appeal is open and can be decided."""
    row, reason = _open(appeal_id, actor=actor), acts.require_reason(reason)
    check(int(row.version or 0))
    with suppress(DecidedAlready):
        undoing.undo(decision_of(row), actor=actor, reason=reason)
    return _close(appeal_id, Act.OVERTURN, AppealStatus.OVERTURNED, actor=actor, reason=reason, check=check)


@retry_conflicts
def _close(appeal_id: str, act: Act, status: AppealStatus, *, actor: Actor, reason: str, check: Check) -> str:
    who = authority.require_moderator(actor)
    row = _open(appeal_id, actor=actor)
    check(int(row.version or 0))
    transaction = Transaction()
    repositories.close_appeal(transaction, row, status)
    entry_id = acts.record(
        transaction, act, who, TARGET, appeal_id, reason=reason,
        before={"status": "open"}, after={"status": status.value, "target": [row.target_type, row.target_id]},
    )  # fmt: skip
    told = acts.record(transaction, act, who, row.target_type, row.target_id, reason=reason)
    if status is AppealStatus.UPHELD:
        acts.notify(transaction, to=row.user_id, target_type=row.target_type, target_id=row.target_id, entry_id=told)
    transaction.commit()
    return entry_id


def _open(appeal_id: str, *, actor: Actor) -> Appeal:
    """Return an appeal that the actor may decide: open, and against another moderator's decision."""
    authority.require_moderator(actor)
    row = repositories.find_appeal(appeal_id) if ids.is_id(appeal_id) else None
    if row is None:
        raise AppealNotFound
    if row.status != AppealStatus.OPEN:
        raise DecidedAlready(audit.last(TARGET, appeal_id))
    if row.decided_by == actor.id:
        raise SameModerator
    return row


def decision_of(row: Appeal) -> AuditEntry:
    found = AuditEntry.read(keys.audit_entry(row.target_type, row.target_id, row.decision_id))
    if found is None:
        raise NothingToAppeal
    return found
