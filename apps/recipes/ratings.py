"""Ratings: one per cook and recipe, the sum and count on the recipe's state, and the approval that follows."""

from dataclasses import dataclass
from typing import Any

import structlog

from apps.core import ids, queries
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.notifications import services as notifications
from apps.notifications.models import Kind, Target
from apps.recipes import catalogue, counting, repositories, services
from apps.recipes.errors import OwnRecipe, RatingNotFound, RecipeNotFound
from apps.recipes.models import Approval, RatingRow, RecipeState
from apps.recipes.repositories import Standing, Stored
from apps.users import relations
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
    transaction = Transaction()
    changed = _decide(transaction, standing.recipe, rater_id=actor.id, stars=stars)
    repositories.save_rating(transaction, recipe_id, rating)
    repositories.save_state(transaction, state)
    transaction.commit()
    _count(changed)
    catalogue.live().learn(state)
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
    transaction = Transaction()
    changed = _decide(transaction, standing.recipe, rater_id=actor.id, stars=None)
    repositories.remove_rating(transaction, recipe_id, standing.rating)
    repositories.save_state(transaction, state)
    transaction.commit()
    _count(changed)
    catalogue.live().learn(state)


def list_ratings(*, recipe_id: str, actor: Actor, limit: int, after: Any) -> tuple[list[RatingRow], Any]:
    """Page through the ratings of a recipe that one can see, without those of people parted from one by a block."""
    services.get(recipe_id, actor=actor)
    circle = relations.of(actor.id)

    def read(missing: int, position: Any) -> tuple[list[RatingRow], Any]:
        return repositories.ratings(
            recipe_id, limit=missing, after=position, shows=lambda rater_id: not circle.is_blocked(rater_id)
        )

    return queries.fill(read, limit=limit, after=after)


def count_given(*, actor: Actor) -> int:
    """Count the recipes that one has rated: 1 read unit for about 40."""
    return repositories.count_rated(actor.id)


def _standing(recipe_id: str, *, actor: Actor) -> Standing:
    """Read what the rating depends on; 404 where the recipe is not visible, 409 where it is the rater's own."""
    standing = repositories.read_standing(recipe_id, actor.id) if ids.is_id(recipe_id) else None
    if standing is None:
        raise RecipeNotFound
    recipe = standing.recipe
    if recipe.row.owner_id == actor.id:
        raise OwnRecipe
    if recipe.state.is_public:
        return standing
    if recipe.state.hidden or not standing.has_access or services.is_parted(recipe, actor=actor):
        raise RecipeNotFound
    return standing


def _decide(transaction: Transaction, recipe: Stored, *, rater_id: str, stars: int | None) -> str | None:
    """Approve or revoke as the ratings say that count, and have the owner hear of it; generated recipes have none.

    Return the approval where it is another one.
    """
    state = recipe.state
    decided = counting.decide(recipe, rater_id=rater_id, stars=stars)
    if decided == state.approval:
        return None
    log.info("approval_changed", recipe_id=recipe.id, approval=decided)
    state.approval = decided
    if decided == Approval.APPROVED:
        repositories.leave_queue(state)
    else:
        repositories.enter_queue(state)
    tell_owner(transaction, recipe)
    return decided


def _count(changed: str | None) -> None:
    """Count an approval, once it is committed."""
    if changed == Approval.APPROVED:
        emf.count(metrics.APPROVALS)


def tell_owner(transaction: Transaction, recipe: Stored) -> None:
    """Have the owner hear how their recipe stands now."""
    owner_id = recipe.row.owner_id
    if owner_id:
        approved = recipe.state.approval == Approval.APPROVED
        kind = Kind.RECIPE_APPROVED if approved else Kind.RECIPE_REJECTED
        notifications.notify(
            transaction, kind=kind, to=owner_id, actor_id=None, target_type=Target.RECIPE, target_id=recipe.id
        )


def own(*, recipe_id: str, actor: Actor) -> RatingRow | None:
    """Return somebody's rating of a recipe, if there is one."""
    return repositories.rating(recipe_id, actor.id)
