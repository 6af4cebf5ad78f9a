"""Taking back what was done: each act of the audit log has its opposite, which is an act of its own."""

from collections.abc import Callable
from typing import Any

from apps.core import clock
from apps.core.audit import AuditEntry
from apps.core.authentication import Actor
from apps.moderation import cases, master_list, members, reviews
from apps.moderation.acts import Act
from apps.moderation.content import Status, Target
from apps.moderation.errors import CannotBeUndone

Undo = Callable[[AuditEntry, Actor, str], str]


def undo(entry: AuditEntry, *, actor: Actor, reason: str) -> str:
    """Undo an act; `CannotBeUndone` where it has no opposite. What was done since is judged by the opposite act."""
    opposite = _OPPOSITES.get(entry.act)
    if opposite is None:
        raise CannotBeUndone
    return opposite(entry, actor, reason)


def can_be_undone(entry: AuditEntry) -> bool:
    return entry.act in _OPPOSITES


def _approval(entry: AuditEntry, actor: Actor, reason: str) -> str:
    return reviews.set_back(entry.target_id, entry.before, actor=actor, reason=reason)


def _meaning(entry: AuditEntry, actor: Actor, reason: str) -> str:
    before: dict[str, Any] = entry.before
    return reviews.correct_meaning(
        entry.target_id, line=before["line"], ingredient_id=before["ingredient_id"], actor=actor
    )


def _visibility(entry: AuditEntry, actor: Actor, reason: str) -> str:
    target = Target(entry.target_type)
    if entry.after["status"] == Status.CONFIRMED:
        return cases.restore(target, entry.target_id, actor=actor, reason=reason)
    return cases.hide(target, entry.target_id, actor=actor, reason=reason)


def _suspension(entry: AuditEntry, actor: Actor, reason: str) -> str:
    return members.lift(entry.target_id, actor=actor, reason=reason)


def _lifting(entry: AuditEntry, actor: Actor, reason: str) -> str:
    before: dict[str, str] = entry.before
    return members.suspend(entry.target_id, until=clock.parse(before["until"]), reason=before["reason"], actor=actor)


def _edit(entry: AuditEntry, actor: Actor, reason: str) -> str:
    return master_list.edit_ingredient(entry.target_id, changes=entry.before, actor=actor, reason=reason)


_OPPOSITES: dict[str, Undo] = {
    Act.APPROVE: _approval,
    Act.REJECT: _approval,
    Act.SEND_BACK: _approval,
    Act.MERGE: _approval,
    Act.CORRECT: _meaning,
    Act.HIDE: _visibility,
    Act.CONFIRM: _visibility,
    Act.RESTORE: _visibility,
    Act.DISMISS: _visibility,
    Act.SUSPEND: _suspension,
    Act.LIFT: _lifting,
    Act.MAP_NAME: lambda entry, actor, reason: master_list.unmap_name(entry.target_id, actor=actor, reason=reason),
    Act.DISMISS_NAME: lambda entry, actor, reason: master_list.reopen_name(entry.target_id, actor=actor, reason=reason),
    Act.EDIT_INGREDIENT: _edit,
    Act.ADD_INGREDIENT: lambda entry, actor, reason: master_list.delete_ingredient(
        entry.target_id, actor=actor, reason=reason
    ),
    Act.DELETE_INGREDIENT: lambda entry, actor, reason: master_list.restore_ingredient(
        entry.target_id, entry.before, actor=actor, reason=reason
    ),
}
