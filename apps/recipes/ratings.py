"""Ratings: one per cook and recipe, the sum and count on the recipe's state, and the approval that follows."""

from dataclasses import dataclass
from typing import Any

import structlog

from apps.core import ids
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.recipes import approval, catalogue, repositories, services
from apps.recipes.errors import OwnRecipe, RatingNotFound, RecipeNotFound
from apps.recipes.models import Approval, RatingRow, RecipeState
from apps.recipes.repositories import Standing
from smartcooking import emf, metrics

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating and how the recipe stands after it."""

    rating: RatingRow
    state: RecipeState


@retry_conflicts
def rate(*, recipe_id: str, actor: Actor, stars: int, comment: str | None) -> Rated:
    """Replace the cook's earlier rating, if any; average, count and approval move in the same transaction.

    About 7 write units for a recipe of the catalogue; 5 read units.
    """
    standing = _standing(recipe_id, actor=actor)
    rating = standing.rating or repositories.fresh_rating(recipe_id, actor.id, actor.username)
    state = standing.recipe.state
    state.rating_sum = int(state.rating_sum) + stars - int(rating.stars)
    state.rating_count = int(state.rating_count) + (standing.rating is None)
    rating.stars, rating.comment, rating.verified_cook = stars, comment, standing.cooked is not None
    changed = _decide(state)
    _write(recipe_id, state, rating)
    _count(changed)
    return Rated(rating, state)


@retry_conflicts
def withdraw(*, recipe_id: str, actor: Actor) -> None:
    """Take one's rating back; `RatingNotFound` where there is none."""
    standing = _standing(recipe_id, actor=actor)
    if standing.rating is None:
        raise RatingNotFound
    state = standing.recipe.state
    state.rating_sum = int(state.rating_sum) - int(standing.rating.stars)
    state.rating_count = int(state.rating_count) - 1
    changed = _decide(state)
    transaction = Transaction()
    transaction.delete(standing.rating)
    repositories.save_state(transaction, state)
    transaction.commit()
    _count(changed)
    catalogue.live().learn(state)


def list_ratings(*, recipe_id: str, actor: Actor, limit: int, after: Any) -> tuple[list[RatingRow], Any]:
    services.get(recipe_id, actor=actor)
    return repositories.ratings(recipe_id, limit=limit, after=after)


def _standing(recipe_id: str, *, actor: Actor) -> Standing:
    """Read what the rating depends on; 404 where the recipe is not visible, 409 where it is the rater's own."""
    standing = repositories.read_standing(recipe_id, actor.id) if ids.is_id(recipe_id) else None
    if standing is None:
        raise RecipeNotFound
    recipe = standing.recipe
    if recipe.row.owner_id == actor.id:
        raise OwnRecipe
    if not (recipe.state.is_public or (standing.has_access and not recipe.state.hidden)):
        raise RecipeNotFound
    return standing


def _decide(state: RecipeState) -> str | None:
    """Approve or revoke as the ratings say; return the approval where it is another one."""
    decided = approval.after_rating(
        state.approval, rating_sum=int(state.rating_sum), rating_count=int(state.rating_count)
    )
    if decided == state.approval:
        return None
    log.info("approval_changed", recipe_id=repositories.recipe_id_of(state), approval=decided)
    state.approval = decided
    if decided == Approval.APPROVED:
        repositories.leave_queue(state)
    else:
        repositories.enter_queue(state)
    return decided


def _count(changed: str | None) -> None:
    """Count an approval, once it is committed."""
    if changed == Approval.APPROVED:
        emf.count(metrics.APPROVALS)


def _write(recipe_id: str, state: RecipeState, rating: RatingRow) -> None:
    transaction = Transaction()
    repositories.save_rating(transaction, recipe_id, rating)
    repositories.save_state(transaction, state)
    transaction.commit()
    catalogue.live().learn(state)


def own(*, recipe_id: str, actor: Actor) -> RatingRow | None:
    """Return somebody's rating of a recipe, if there is one."""
    return repositories.rating(recipe_id, actor.id)
