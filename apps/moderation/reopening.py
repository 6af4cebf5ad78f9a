"""Reverse the decision on an appeal."""

from collections.abc import Callable

from apps.core import audit
from apps.core.audit import AuditEntry
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.moderation import acts, authority, repositories
from apps.moderation.acts import Act
from apps.moderation.content import AppealStatus
from apps.moderation.errors import AppealNotFound, DecidedAlready

TARGET = "appeal"


def reopen_appeal(entry: AuditEntry, *, actor: Actor, reason: str, undo: Callable[[AuditEntry], str]) -> str:
    """Reopen an appeal. If it had overturned a decision, `undo` first restores that decision.

    If interrupted in between, the appeal is still decided and can be reopened again.
    """
    authority.require_moderator(actor)
    row = repositories.find_appeal(entry.target_id)
    if row is not None and row.status == AppealStatus.OVERTURNED:
        last = audit.last(row.target_type, row.target_id, (*acts.APPEALABLE, *acts.ENDING))
        if last is not None and last.act in acts.ENDING:
            undo(last)
    return _reopen(entry.target_id, actor=actor, reason=reason)


@retry_conflicts
def _reopen(appeal_id: str, *, actor: Actor, reason: str) -> str:
    who = authority.require_moderator(actor)
    row = repositories.find_appeal(appeal_id)
    if row is None:
        raise AppealNotFound
    if row.status == AppealStatus.OPEN:
        raise DecidedAlready(audit.last(TARGET, appeal_id))
    before = row.status
    transaction = Transaction()
    repositories.reopen_appeal(transaction, row)
    entry_id = acts.record(
        transaction, Act.REOPEN_APPEAL, who, TARGET, appeal_id, reason=reason.strip(),
        before={"status": before}, after={"status": AppealStatus.OPEN.value},
    )  # fmt: skip
    transaction.commit()
    return entry_id
