"""That a recipe was cooked: counted on the recipe, remembered for the cook."""

from datetime import datetime

from apps.core.transactions import Transaction
from apps.recipes import catalogue, repositories
from apps.recipes.models import RecipeState


def count(transaction: Transaction, *, recipe_id: str, user_id: str, at: datetime) -> tuple[RecipeState | None, bool]:
    """Add one cooking to a transaction; return the recipe's new state and whether it was this cook's first time.

    A recipe that is gone by now leaves the transaction as it is: its cook has cooked it all the same.
    """
    standing = repositories.read_standing(recipe_id, user_id)
    if standing is None:
        return None, False
    mark = standing.cooked or repositories.fresh_cooked(recipe_id, user_id)
    mark.times, mark.last_cooked_at = int(mark.times) + 1, at
    transaction.save(mark)
    state = standing.recipe.state
    state.cook_count = int(state.cook_count) + 1
    repositories.save_state(transaction, state)
    return state, standing.cooked is None


def learn(state: RecipeState | None) -> None:
    """Show the new count in this process at once."""
    if state is not None:
        catalogue.live().learn(state)
