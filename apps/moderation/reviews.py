"""Decisions on recipes: whether they join the catalogue."""

from collections.abc import Callable
from typing import Any

from apps.core import audit, tallies
from apps.core.audit import Who
from apps.core.authentication import Actor
from apps.core.errors import PreconditionFailed, ValidationFailed
from apps.core.preconditions import Check, any_version
from apps.core.transactions import Transaction, retry_conflicts
from apps.moderation import acts, authority
from apps.moderation.acts import Act
from apps.moderation.errors import CannotBeUndone, DecidedAlready
from apps.notifications.events import NotificationKind
from apps.recipes import editions, reviewing
from apps.recipes import services as recipes
from apps.recipes.content import Approval
from apps.recipes.reviewing import Stored

TARGET = "recipe"
_KINDS = {
    Approval.APPROVED: NotificationKind.RECIPE_APPROVED,
    Approval.REJECTED: NotificationKind.RECIPE_REJECTED,
    Approval.PENDING: NotificationKind.ACCOUNT,
}
_DECISIONS = (Act.APPROVE, Act.REJECT, Act.SEND_BACK, Act.MERGE)


def approve(recipe_id: str, *, actor: Actor, reason: str = "", check: Check = any_version) -> str:
    """Approve a recipe; `DecidedAlready` if it is approved. Returns the id of the audit entry."""
    return _decide(recipe_id, Act.APPROVE, Approval.APPROVED, actor=actor, reason=reason.strip(), check=check)


def reject(recipe_id: str, *, actor: Actor, reason: str, check: Check = any_version) -> str:
    """Reject a recipe, or remove it from the catalogue. Its owner keeps it and is told why."""
    reason = acts.require_reason(reason)
    return _decide(recipe_id, Act.REJECT, Approval.REJECTED, actor=actor, reason=reason, check=check)


def send_back(recipe_id: str, *, actor: Actor, reason: str = "", check: Check = any_version) -> str:
    """Put a decided recipe back into the queue."""
    return _decide(recipe_id, Act.SEND_BACK, Approval.PENDING, actor=actor, reason=reason.strip(), check=check)


def merge(recipe_id: str, *, into: str, actor: Actor, reason: str = "", check: Check = any_version) -> str:
    """Replace a duplicate by another recipe, which must be in the catalogue. Its ratings move there.

    Each person counts once there, with their latest rating.
    """
    kept = recipes.get_stored_recipe(into)
    if into == recipe_id or not kept.state.is_public:
        raise ValidationFailed
    because = ". ".join(filter(None, (kept.row.content().title, reason.strip())))
    return _decide(
        recipe_id, Act.MERGE, Approval.REJECTED, actor=actor, reason=because, check=check, after={"into": into}
    )


def _decide(
    recipe_id: str,
    act: Act,
    approval: Approval,
    *,
    actor: Actor,
    reason: str,
    check: Check,
    after: dict[str, Any] | None = None,
) -> str:
    """Decide on the current text. If it is edited in between, the edit is not part of the decision."""
    who = authority.require_moderator(actor)
    seen = reviewing.version_of(recipes.get_stored_recipe(recipe_id))
    return _decide_once(recipe_id, act, approval, who=who, seen=seen, reason=reason, check=check, after=after or {})


@retry_conflicts
def _decide_once(
    recipe_id: str,
    act: Act,
    approval: Approval,
    *,
    who: Who,
    seen: str,
    reason: str,
    check: Check,
    after: dict[str, Any],
) -> str:
    """Set the approval, with its audit entry and the owner's notification, in one transaction.

    A waiting edition is decided separately from the approved one; merging concerns the whole recipe. The state is saved
    with a check of its version: of two concurrent moderators, the second gets the first one's decision.
    """
    stored = recipes.get_stored_recipe(recipe_id)
    edition = None if act is Act.MERGE else reviewing.edition_to_decide(stored, approval)
    before = _standing(edition.approval if edition else stored.state.approval, edition)
    if before["approval"] == approval and not (approval is Approval.APPROVED and reviewing.waits(stored)):
        raise DecidedAlready(audit.last(TARGET, recipe_id, _DECISIONS))
    check(int(stored.state.version or 0))
    if reviewing.version_of(stored) != seen:
        raise PreconditionFailed
    title, standing = title_of(stored), _standing(approval.value, edition)
    transaction = Transaction()
    if edition:
        editions.decide(transaction, stored, approval)
    else:
        reviewing.set_approval(transaction, stored, approval, duplicate_of=after.get("into"))
    entry_id = acts.record(
        transaction, act, who, TARGET, recipe_id, title=title, reason=reason, before=before, after={**standing, **after}
    )
    _tell_owner(transaction, stored, approval, entry_id)
    if approval is Approval.APPROVED:
        tallies.add(transaction, tallies.APPROVALS)
    transaction.commit()
    recipes.apply_committed_state(stored)
    return entry_id


def _standing(approval: str, edition: Any) -> dict[str, Any]:
    return {"approval": approval, "edition": int(edition.number)} if edition else {"approval": approval}


def _tell_owner(transaction: Transaction, stored: Stored, approval: Approval, entry_id: str) -> None:
    owner, kind = stored.row.owner_id or "", _KINDS[approval]
    acts.notify(transaction, to=owner, target_type=TARGET, target_id=stored.id, entry_id=entry_id, kind=kind)


def set_back(recipe_id: str, before: dict[str, Any], *, actor: Actor, reason: str) -> str:
    """Undo an action by restoring the approval that the recipe had before it.

    Raises `CannotBeUndone` if the action was about an edition that no longer exists.
    """
    approval, number = before["approval"], before.get("edition")
    if number is not None:
        stored = recipes.get_stored_recipe(recipe_id)
        if number != (stored.edition.number if stored.edition else stored.state.edition):
            raise CannotBeUndone
    give: dict[str, Callable[..., str]] = {
        Approval.APPROVED: approve,
        Approval.REJECTED: reject,
        Approval.PENDING: send_back,
    }
    return give[approval](recipe_id, actor=actor, reason=reason)


def title_of(stored: Stored) -> str:
    return str(stored.latest_body.get("title", ""))
