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


def admit_voice(recipe: Stored, rating: RatingRow, address: str) -> None:
    """Decide whether a first rating is a separate person's voice, and record that in it and in the recipe's state.

    Half a read unit.
    """
    rating.voice = voices.listen(rating.user_id, address, recipe.id)
    rating.is_echo = not _hear(recipe.state, rating)


def admit_echo(recipe: Stored, rating: RatingRow) -> bool:
    """Let a rating count in place of the one that it echoed, if that was deleted. Return whether it does now."""
    if rating.is_echo and rating.voice and rating.voice["at"] > _forgotten_before():
        rating.is_echo = not _hear(recipe.state, rating)
        return not rating.is_echo
    return False


def forget_voice(state: RecipeState, rating: RatingRow) -> bool:
    """Remove the voice of a deleted rating from the state. Return whether other ratings may be echoes of it."""
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
    """Replace stars in the sum and count. None means that there was, or is, no counted rating."""
    state.rating_sum = int(state.rating_sum) - (before or 0) + (after or 0)
    state.rating_count = int(state.rating_count) - (before is not None) + (after is not None)
