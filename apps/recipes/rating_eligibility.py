"""Which ratings count: not those of blocked or suspended accounts, nor of probable sock puppets."""

from datetime import timedelta

from apps.core import clock
from apps.friends import blocks
from apps.recipes.models import RatingRow, RecipeState
from apps.recipes.repositories import Stored
from apps.users import suspensions, voices

# An account is new for a day, and a shared address matters for an hour, so older entries are dropped.
_HEARD_FOR = timedelta(days=1)


def is_counted(recipe: Stored, rating: RatingRow, *, is_suspended: bool | None = None) -> bool:
    """Return whether somebody's rating counts now: 1 read unit, and 1 more for the block if the recipe has an owner.

    Pass `is_suspended` if it is known, which saves the first unit.
    """
    if rating.is_echo or is_rater_blocked(recipe, rating.user_id):
        return False
    return not is_suspended if is_suspended is not None else suspensions.find_suspension(rating.user_id) is None


def admit_voice(recipe: Stored, rater_id: str, address: str) -> bool:
    """Return whether a first rating counts as a separate person's, and record it in the state."""
    state = recipe.state
    since = clock.sortable(clock.now() - _HEARD_FOR)
    held = [voice for voice in state.voices if voice["at"] > since]
    heard = voices.admit(held, user_id=rater_id, address=address, matter=recipe.id)
    if heard is not None:
        state.voices = heard
    return heard is not None


def is_rater_blocked(recipe: Stored, rater_id: str) -> bool:
    owner_id = recipe.row.owner_id
    return owner_id is not None and blocks.has_blocked(owner_id, rater_id)


def replace_stars(state: RecipeState, *, before: int | None, after: int | None) -> None:
    """Replace stars in the sum and count. None means that there was, or is, no counted rating."""
    state.rating_sum = int(state.rating_sum) - (before or 0) + (after or 0)
    state.rating_count = int(state.rating_count) - (before is not None) + (after is not None)
