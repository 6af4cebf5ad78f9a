"""Undo actions: each action in the audit log has an inverse, which is an action itself."""

from collections.abc import Callable

from apps.core import audit, clock
from apps.core.audit import AuditEntry
from apps.core.authentication import Actor
from apps.moderation import ai_configuration, cases, dead_letters, master_list, meanings, members, reopening, reviews
from apps.moderation.acts import Act
from apps.moderation.content import Target
from apps.moderation.errors import CannotBeUndone, DecidedAlready

Undo = Callable[[AuditEntry, Actor, str], str]


def undo(entry: AuditEntry, *, actor: Actor, reason: str) -> str:
    """Undo an action; `CannotBeUndone` if it has no inverse. The inverse checks what has changed since."""
    if not can_be_undone(entry):
        raise CannotBeUndone
    return _OPPOSITES[entry.act](entry, actor, reason)


def can_be_undone(entry: AuditEntry) -> bool:
    """Return whether an action can be undone. Of the two entries of an appeal, only that on the appeal can."""
    is_echo = entry.act in {Act.UPHOLD, Act.OVERTURN} and entry.target_type != reopening.TARGET
    return entry.act in _OPPOSITES and not is_echo


def _approval(entry: AuditEntry, actor: Actor, reason: str) -> str:
    return reviews.set_back(entry.target_id, entry.before, actor=actor, reason=reason)


def _meaning(entry: AuditEntry, actor: Actor, reason: str) -> str:
    return meanings.take_back(entry, actor=actor, reason=reason)


def _case(entry: AuditEntry, actor: Actor, reason: str) -> str:
    return cases.take_back(entry, actor=actor, reason=reason)


def _sending_back(entry: AuditEntry, actor: Actor, reason: str) -> str:
    """Undo putting something back into the queue: a recipe, or reports whose decision was taken back."""
    if "approval" in entry.before:
        return _approval(entry, actor, reason)
    return cases.restore(Target(entry.target_type), entry.target_id, actor=actor, reason=reason)


def _suspension(entry: AuditEntry, actor: Actor, reason: str) -> str:
    """Lift a suspension. If it replaced one that would still last, restore that one."""
    before: dict[str, str] = entry.before or {}
    if before.get("until") and clock.parse(before["until"]) > clock.now():
        return _lifting(entry, actor, reason)
    return members.lift(entry.target_id, actor=actor, reason=reason)


def _lifting(entry: AuditEntry, actor: Actor, reason: str) -> str:
    before: dict[str, str] = entry.before
    because = before.get("reason") or reason
    return members.suspend(entry.target_id, until=clock.parse(before["until"]), reason=because, actor=actor)


def _mapping(entry: AuditEntry, actor: Actor, reason: str) -> str:
    return master_list.unmap_name(entry.target_id, actor=actor, reason=reason)


def _unmapping(entry: AuditEntry, actor: Actor, reason: str) -> str:
    before: dict[str, str] = entry.before
    return master_list.map_name(
        entry.target_id, ingredient_id=before["ingredient_id"], language=before.get("language", "vi"), actor=actor,
        reason=reason,
    )  # fmt: skip


def _dismissal(entry: AuditEntry, actor: Actor, reason: str) -> str:
    return master_list.reopen_name(entry.target_id, actor=actor, reason=reason)


def _reopening(entry: AuditEntry, actor: Actor, reason: str) -> str:
    return master_list.dismiss_name(entry.target_id, actor=actor, reason=reason)


def _edit(entry: AuditEntry, actor: Actor, reason: str) -> str:
    if master_list.has_values(entry.target_id, entry.before):
        raise DecidedAlready(audit.last(entry.target_type, entry.target_id))
    return master_list.edit_ingredient(entry.target_id, changes=entry.before, actor=actor, reason=reason)


def _addition(entry: AuditEntry, actor: Actor, reason: str) -> str:
    return master_list.delete_ingredient(entry.target_id, actor=actor, reason=reason)


def _deletion(entry: AuditEntry, actor: Actor, reason: str) -> str:
    return master_list.restore_ingredient(entry.target_id, entry.before, actor=actor, reason=reason)


def _appeal(entry: AuditEntry, actor: Actor, reason: str) -> str:
    return reopening.reopen_appeal(
        entry, actor=actor, reason=reason, undo=lambda ending: undo(ending, actor=actor, reason=reason)
    )


def _discarding(entry: AuditEntry, actor: Actor, reason: str) -> str:
    return dead_letters.bring_back(entry, actor=actor, reason=reason)


def _settings(entry: AuditEntry, actor: Actor, reason: str) -> str:
    if ai_configuration.is_in_force(entry.before):
        raise DecidedAlready(audit.last(ai_configuration.TARGET, entry.target_id))
    return ai_configuration.change(entry.before, actor=actor, reason=reason)


_OPPOSITES: dict[str, Undo] = {
    Act.APPROVE: _approval,
    Act.REJECT: _approval,
    Act.MERGE: _approval,
    Act.SEND_BACK: _sending_back,
    Act.CORRECT: _meaning,
    Act.HIDE: _case,
    Act.CONFIRM: _case,
    Act.RESTORE: _case,
    Act.DISMISS: _case,
    Act.SUSPEND: _suspension,
    Act.LIFT: _lifting,
    Act.MAP_NAME: _mapping,
    Act.UNMAP_NAME: _unmapping,
    Act.DISMISS_NAME: _dismissal,
    Act.REOPEN_NAME: _reopening,
    Act.EDIT_INGREDIENT: _edit,
    Act.ADD_INGREDIENT: _addition,
    Act.DELETE_INGREDIENT: _deletion,
    Act.UPHOLD: _appeal,
    Act.OVERTURN: _appeal,
    Act.DISCARD: _discarding,
    Act.AI_SETTINGS: _settings,
}
