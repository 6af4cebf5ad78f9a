"""What moderators decide about a recipe: functions that add the decision to a transaction of theirs."""

from dataclasses import replace

from apps.core import clock, keys
from apps.core.transactions import Transaction
from apps.recipes import repositories
from apps.recipes.content import Approval
from apps.recipes.derivation import derive
from apps.recipes.models import RatingRow, RecipeState, to_body
from apps.recipes.repositories import Stored


def set_approval(transaction: Transaction, stored: Stored, approval: Approval) -> None:
    """Approve, reject or send back. No rating overrules a moderator's approval.

    Call `services.apply_committed_state` after the commit.
    """
    state = stored.state
    state.approval, state.approved_by_ratings = approval.value, False
    if approval is Approval.PENDING:
        repositories.enqueue_for_review(state)
    elif approval is Approval.REJECTED:
        _list_rejected(state)
    else:
        repositories.dequeue_from_review(state)
    repositories.save_state(transaction, state)


def waits(stored: Stored) -> bool:
    """Say whether a recipe lies before the moderators: a pending one, or an approved one that is rated badly."""
    return bool(stored.state.gsi4pk == keys.pending_queue("-", "-").pk)


def _list_rejected(state: RecipeState) -> None:
    place = keys.rejected_recipes(clock.sortable(clock.now()), repositories.recipe_id_of(state))
    state.gsi4pk, state.gsi4sk = place.pk, place.sk


def set_meaning(transaction: Transaction, stored: Stored, *, line: int, ingredient_id: str | None) -> None:
    """Say which ingredient a line means, and derive allergens and diets anew; ValidationFailed where it cannot."""
    content = stored.row.content()
    lines = list(content.ingredients)
    lines[line] = replace(lines[line], ingredient_id=ingredient_id)
    stored.row.body = to_body(derive(replace(content, ingredients=tuple(lines))))
    repositories.update_content(transaction, stored)


def rederive(transaction: Transaction, stored: Stored, *, by_name: bool = False) -> bool:
    """Derive allergens and diets by the master list of now; say whether something changed and was added.

    `by_name` forgets which ingredients the lines mean and resolves their names anew.
    """
    content = stored.row.content()
    if by_name:
        content = replace(content, ingredients=tuple(replace(line, ingredient_id=None) for line in content.ingredients))
    body = to_body(derive(content))
    if body == stored.row.body:
        return False
    stored.row.body = body
    repositories.update_content(transaction, stored)
    return True


def list_ratings(recipe_id: str, *, limit: int) -> tuple[list[RatingRow], bool]:
    """Return the latest ratings of a recipe, whoever may see them, and whether there are more."""
    found, more = repositories.page_ratings(recipe_id, limit=limit, after=None)
    return found, more is not None


__all__ = ["Stored", "list_ratings", "rederive", "set_approval", "set_meaning", "waits"]
