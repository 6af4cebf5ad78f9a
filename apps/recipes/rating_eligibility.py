"""Which ratings count: not those of blocked or suspended accounts, or of accounts that echo others."""

from datetime import timedelta

from apps.core import clock
from apps.friends import blocks
from apps.recipes.models import RatingRow, RecipeState
from apps.recipes.repositories import Stored
from apps.users import suspensions, voices

# Accounts of yesterday are no new ones today, and who shared an address an hour ago is another now.
_HEARD_FOR = timedelta(days=1)


def is_counted(recipe: Stored, rating: RatingRow) -> bool:
    """Say whether a rating of a recipe counts now: 1 read unit, and 1 for the block where it has an owner."""
    if rating.is_echo or is_rater_blocked(recipe, rating.user_id):
        return False
    return suspensions.find_suspension(rating.user_id) is None


def admit_voice(recipe: Stored, rating: RatingRow, address: str) -> None:
    """Note on a first rating whether it is a voice of its own, and on the recipe's state that it was heard.

    Half a read unit.
    """
    rating.voice = voices.listen(rating.user_id, address, recipe.id)
    rating.is_echo = not _hear(recipe.state, rating)


def admit_echo(recipe: Stored, rating: RatingRow) -> bool:
    """Have a rating be the voice that it echoed, where that has gone; say whether it is now."""
    if rating.is_echo and rating.voice and rating.voice["at"] > _forgotten_before():
        rating.is_echo = not _hear(recipe.state, rating)
        return not rating.is_echo
    return False


def forget_voice(state: RecipeState, rating: RatingRow) -> bool:
    """Take the voice of a rating that is withdrawn off the state; say whether others may be echoes of it."""
    held = list(state.voices)
    state.voices = [voice for voice in held if rating.is_echo or voice != rating.voice]
    return len(state.voices) < len(held)


def _hear(state: RecipeState, rating: RatingRow) -> bool:
    since = _forgotten_before()
    heard = voices.add([voice for voice in state.voices if voice["at"] > since], rating.voice)
    if heard is not None:
        state.voices = heard
    return heard is not None


def _forgotten_before() -> str:
    return clock.sortable(clock.now() - _HEARD_FOR)


def is_rater_blocked(recipe: Stored, rater_id: str) -> bool:
    owner_id = recipe.row.owner_id
    return owner_id is not None and blocks.has_blocked(owner_id, rater_id)


def replace_stars(state: RecipeState, *, before: int | None, after: int | None) -> None:
    """Take the stars that counted out of the figures, and those that count into them; None for none."""
    state.rating_sum = int(state.rating_sum) - (before or 0) + (after or 0)
    state.rating_count = int(state.rating_count) - (before is not None) + (after is not None)
