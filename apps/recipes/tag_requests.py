"""Decide which recipes a model should tag, and request it."""

from apps.core.transactions import Transaction
from apps.recipes.content import Approval, Source
from apps.recipes.events import TagsWanted
from apps.recipes.repositories import Stored


def wants_tags(stored: Stored) -> bool:
    """Return whether a model should tag a recipe: public or imported, not yet tagged, and with no tags set by people.

    Seeds come with their tags, so no model is asked.
    """
    state, row = stored.state, stored.row
    if row.source == Source.SEED or state.tags_settled or state.ai_tags is not None:
        return False
    return state.approval == Approval.APPROVED or bool(row.body.get("origin"))


def want_tags(transaction: Transaction, stored: Stored, *, is_another: bool = False) -> None:
    """Request tags if the recipe needs some. `is_another`: its text changed, so earlier tags no longer hold."""
    if is_another:
        stored.state.ai_tags = None
    if wants_tags(stored):
        transaction.publish(TagsWanted(stored.id))
