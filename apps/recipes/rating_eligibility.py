"""Which ratings count: not those of accounts that the owner of a recipe has blocked, nor of suspended ones."""

from apps.friends import blocks
from apps.recipes.models import RecipeState
from apps.recipes.repositories import Stored
from apps.users import suspensions


def is_counted(recipe: Stored, rater_id: str) -> bool:
    """Say whether somebody's rating of a recipe counts now: 1 read unit, and 1 for the block where it has an owner."""
    return not is_rater_blocked(recipe, rater_id) and suspensions.find_suspension(rater_id) is None


def is_rater_blocked(recipe: Stored, rater_id: str) -> bool:
    owner_id = recipe.row.owner_id
    return owner_id is not None and blocks.has_blocked(owner_id, rater_id)


def replace_stars(state: RecipeState, *, before: int | None, after: int | None) -> None:
    """Take the stars that counted out of the figures, and those that count into them; None for none."""
    state.rating_sum = int(state.rating_sum) - (before or 0) + (after or 0)
    state.rating_count = int(state.rating_count) - (before is not None) + (after is not None)
