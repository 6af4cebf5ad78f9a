"""Moderators' decisions on a recipe, added to the transaction of the caller."""

from dataclasses import replace

from apps.core import clock, keys, text
from apps.core.transactions import Transaction
from apps.recipes import editions, merging, repositories, tag_requests
from apps.recipes.content import Approval, RecipeContent
from apps.recipes.derivation import derive
from apps.recipes.models import RatingRow, RecipeEdition, RecipeRow, RecipeState, from_body, to_body
from apps.recipes.recipe import version_tag
from apps.recipes.repositories import Stored, stored_ratings


def edition_to_decide(stored: Stored, decision: Approval) -> RecipeEdition | None:
    """Return the waiting edition if a decision is about it; None if it is about the recipe itself.

    A waiting edition is decided first. If it was rejected already, it can be put back into the queue; approving or
    rejecting then concerns the recipe.
    """
    edition = stored.edition
    if edition is not None and edition.approval == Approval.REJECTED and decision is not Approval.PENDING:
        return None
    return edition


def content_of(stored: Stored) -> RecipeContent:
    """Return the text that moderators review: the waiting edition, or else the only one."""
    return from_body(stored.latest_body)


def version_of(stored: Stored) -> str:
    """Return the version of the text that moderators review."""
    return version_tag(stored.row, stored.edition)


def set_approval(
    transaction: Transaction, stored: Stored, approval: Approval, *, duplicate_of: str | None = None
) -> None:
    """Approve or reject the recipe itself, or put it back into the queue. Ratings can't overrule an approval.

    A recipe that isn't approved has a single text, the owner's latest. A duplicate's ratings move to the other recipe,
    and return if it is decided otherwise later. Call `services.apply_committed_state` after the commit.
    """
    state = stored.state
    state.approval, state.approved_by_ratings = approval.value, False
    if duplicate_of:
        merging.begin(transaction, stored, into=duplicate_of)
    else:
        merging.end(transaction, stored)
    if approval is not Approval.APPROVED and stored.edition:
        editions.adopt(transaction, stored)
    if approval is Approval.PENDING:
        repositories.enqueue_for_review(state)
    elif approval is Approval.REJECTED:
        _list_rejected(state)
    else:
        repositories.dequeue_from_review(state)
        tag_requests.want_tags(transaction, stored)
    repositories.save_state(transaction, state)


def waits(stored: Stored) -> bool:
    """Return whether a recipe is in the moderators' queue: because it is pending, or approved but badly rated."""
    return bool(stored.state.gsi4pk == keys.pending_queue("-", "-").pk)


def _list_rejected(state: RecipeState) -> None:
    place = keys.rejected_recipes(clock.sortable(clock.now()), repositories.recipe_id_of(state))
    state.gsi4pk, state.gsi4sk = place.pk, place.sk


def decided_meaning(content: RecipeContent, line: int) -> str | None:
    """Return the ingredient that a moderator assigned to a line's name; None if its name decides."""
    return (content.meanings or {}).get(text.normalize(content.ingredients[line].name))


def with_meaning(content: RecipeContent, *, line: int, ingredient_id: str | None, is_decided: bool) -> RecipeContent:
    """Return the text with an ingredient assigned to all lines of this name, and allergens and diets derived again.

    With `is_decided` the assignment holds whatever the name means, also after edits and changes of the master list.
    Without it, raises `ValidationFailed` if the name doesn't have this meaning.
    """
    name = text.normalize(content.ingredients[line].name)
    meanings = {other: id_ for other, id_ in (content.meanings or {}).items() if other != name}
    if is_decided and ingredient_id:
        meanings[name] = ingredient_id
    lines = tuple(
        replace(one, ingredient_id=ingredient_id) if text.normalize(one.name) == name else one
        for one in content.ingredients
    )
    return derive(replace(content, ingredients=lines, meanings=meanings or None))


def set_content(transaction: Transaction, stored: Stored, content: RecipeContent) -> None:
    """Replace the text that moderators review. Call `services.apply_committed_state` after the commit."""
    body = to_body(content)
    if stored.edition:
        stored.edition.body = body
        transaction.save(stored.edition)
        repositories.save_state(transaction, stored.state)
    else:
        stored.row.body = body
        repositories.update_content(transaction, stored)


def rederive(transaction: Transaction, stored: Stored, *, by_name: bool = False) -> bool:
    """Derive allergens and diets with the current master list. Return whether that changed the recipe.

    `by_name` also resolves the names of all lines again, except for meanings set by moderators.
    """
    changed = _derived_anew(stored.row, by_name=by_name)
    if stored.edition and _derived_anew(stored.edition, by_name=by_name):
        transaction.save(stored.edition)
        if not changed:
            repositories.save_state(transaction, stored.state)
            return True
    if changed:
        repositories.update_content(transaction, stored)
    return changed


def _derived_anew(row: RecipeRow | RecipeEdition, *, by_name: bool) -> bool:
    content = row.content()
    if by_name:
        content = replace(content, ingredients=tuple(replace(line, ingredient_id=None) for line in content.ingredients))
    body = to_body(derive(content))
    if body == row.body:
        return False
    row.body = body
    return True


def list_ratings(recipe_id: str, *, limit: int) -> tuple[list[RatingRow], bool]:
    """Return the latest ratings of a recipe, without a check of visibility, and whether there are more."""
    found, more = stored_ratings.page_ratings(recipe_id, limit=limit, after=None)
    return found, more is not None


__all__ = [
    "Stored", "content_of", "decided_meaning", "edition_to_decide", "list_ratings", "rederive", "set_approval",
    "set_content", "version_of", "waits", "with_meaning",
]  # fmt: skip
