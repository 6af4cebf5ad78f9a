"""Having recipes tagged by a model: which ones, and when they are asked for."""

from apps.core.transactions import Transaction
from apps.recipes.content import Approval, Source
from apps.recipes.events import TagsWanted
from apps.recipes.repositories import Stored


def wants_tags(stored: Stored) -> bool:
    """Say whether a model should tag a recipe: one that is public or imported, once, unless people said its tags.

    Seeds come with what they are; nothing is asked about them.
    """
    state, row = stored.state, stored.row
    if row.source == Source.SEED or state.tags_settled or state.ai_tags is not None:
        return False
    return state.approval == Approval.APPROVED or bool(row.body.get("origin"))


def want_tags(transaction: Transaction, stored: Stored, *, is_another: bool = False) -> None:
    """Ask for tags where the recipe should have some; `is_another`: what was said of its former text does not hold."""
    if is_another:
        stored.state.ai_tags = None
    if wants_tags(stored):
        transaction.publish(TagsWanted(stored.id))
