"""Ratings: one per person and recipe; their sum and count in the recipe's state, and the approval that follows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from apps.core import ids, own_deletions, queries, tallies
from apps.core.authentication import Actor
from apps.core.telemetry import emf
from apps.core.transactions import Transaction, retry_conflicts
from apps.notifications import services as notifications
from apps.notifications.events import NotificationKind, NotificationTarget
from apps.recipes import (
    approval,
    catalogue,
    editions,
    owner_names,
    rating_eligibility,
    repositories,
    services,
    tag_requests,
)
from apps.recipes.content import Approval
from apps.recipes.errors import OwnRecipe, RatingNotFound, RecipeNotFound
from apps.recipes.models import RatingRow, RecipeState
from apps.recipes.repositories import Standing, Stored, stored_ratings
from apps.users import suspensions, visibility
from smartcooking.contract import metrics

log = structlog.get_logger()

# Number of latest ratings that are searched for echoes of a deleted one: 0.5 read units, and 1 for each.
_ECHOES = 50


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating and the recipe's average and approval after it."""

    rating: RatingRow
    state: RecipeState


def rate_recipe(*, recipe_id: str, actor: Actor, stars: int, comment: str | None, address: str = "") -> Rated:
    """Replace the cook's earlier rating, if any; average, count and approval change in the same transaction.

    Ratings that don't count change nothing: those of people whom the owner blocked, and of probable sock puppets
    (`voices`), recognized by `address`, the address of the request. A block, a suspension or a change of the username
    during this call has a task of its own, which may run before the rating is stored. Therefore all three are checked
    again after the commit. About 7 write units for a recipe in the catalogue, and 8 read units.
    """
    rated, recipe = _rate(recipe_id, actor=actor, stars=stars, comment=comment, address=address)
    suspension, name = suspensions.find_suspension_and_name(actor.id)
    counts = rating_eligibility.is_counted(recipe, rated.rating, is_suspended=suspension is not None)
    if counts != rated.rating.counts:
        reconcile_rating(recipe_id, actor.id)
    if name not in (None, rated.rating.username):
        owner_names.show_in_rating(recipe_id, actor.id, name)
    return rated


@retry_conflicts
def _rate(recipe_id: str, *, actor: Actor, stars: int, comment: str | None, address: str) -> tuple[Rated, Stored]:
    standing = _standing(recipe_id, actor=actor)
    recipe = standing.recipe
    rating = standing.rating or stored_ratings.build_rating(recipe_id, actor.id, actor.username)
    before = counted_stars(standing.rating, recipe.state)
    rating.stars, rating.comment, rating.verified_cook = stars, comment, standing.cooked is not None
    rating.edition, rating.merged_from, rating.replaced = recipe.state.edition, None, None
    # Suspended people can't make this request.
    if standing.rating is None:
        rating_eligibility.admit_voice(recipe, rating, address)
    rating.counts = not rating.is_echo and not rating_eligibility.is_rater_blocked(recipe, actor.id)
    rating_eligibility.replace_stars(recipe.state, before=before, after=counted_stars(rating, recipe.state))
    transaction = Transaction()
    changed = _decide(transaction, recipe)
    stored_ratings.save_rating(transaction, recipe_id, rating)
    _commit(transaction, recipe.state, changed)
    return Rated(rating, recipe.state), recipe


def counted_stars(rating: RatingRow | None, state: RecipeState) -> int | None:
    """Return the stars that a rating adds to the sum; None if it doesn't count or is of another edition."""
    counts = rating is not None and rating.counts and rating.edition == state.edition
    return int(rating.stars) if rating is not None and counts else None


def commit_merged(
    transaction: Transaction, recipe: Stored, rating: RatingRow, *, before: int | None, at: datetime | None
) -> None:
    """Commit a rating copied from a duplicate with its original time. Without a time, delete it again."""
    after = counted_stars(rating, recipe.state) if at else None
    rating_eligibility.replace_stars(recipe.state, before=before, after=after)
    changed = _decide(transaction, recipe, excluded=at is None)
    if at:
        stored_ratings.save_rating(transaction, recipe.id, rating, at=at)
    else:
        stored_ratings.remove_rating(transaction, recipe.id, rating)
    _commit(transaction, recipe.state, changed)


def _commit(transaction: Transaction, state: RecipeState, changed: str | None) -> None:
    """Write the recipe's state with the rating, then update this process's catalogue."""
    repositories.save_state(transaction, state)
    transaction.commit()
    if changed == Approval.APPROVED:
        emf.count(metrics.APPROVALS)
    catalogue.live().learn(state)


def delete_rating(*, recipe_id: str, actor: Actor) -> None:
    """Delete the rater's rating, even if they no longer see the recipe. Idempotent.

    A recipe that ratings approved waits for others if too few are left. Ratings that echoed the deleted one, and didn't
    count, count in its place. Raises `RatingNotFound` if there never was one.
    """
    if not _delete(recipe_id, actor):
        return
    latest, _ = stored_ratings.page_ratings(recipe_id, limit=_ECHOES, after=None)
    for echo in (one for one in reversed(latest) if one.is_echo):
        _admit_echo(recipe_id, echo.user_id)


@retry_conflicts
def _delete(recipe_id: str, actor: Actor) -> bool:
    """Delete the rating. Return whether other ratings may have been echoes of it."""
    standing = repositories.find_standing(recipe_id, actor.id) if ids.is_id(recipe_id) else None
    if standing is None or standing.rating is None:
        if own_deletions.was_deleted_by(actor.id, f"rating.{recipe_id}"):
            return False
        _standing(recipe_id, actor=actor)
        raise RatingNotFound
    state = standing.recipe.state
    before = counted_stars(standing.rating, state)
    rating_eligibility.replace_stars(state, before=before, after=None)
    was_heard = rating_eligibility.forget_voice(state, standing.rating)
    transaction = Transaction()
    changed = _decide(transaction, standing.recipe, excluded=before is not None)
    stored_ratings.remove_rating(transaction, recipe_id, standing.rating)
    own_deletions.record_deletion(transaction, user_id=actor.id, deleted=f"rating.{recipe_id}")
    _commit(transaction, state, changed)
    return was_heard


@retry_conflicts
def _admit_echo(recipe_id: str, rater_id: str) -> None:
    standing = repositories.find_standing(recipe_id, rater_id)
    if standing is None or standing.rating is None:
        return
    recipe, rating = standing.recipe, standing.rating
    if rating_eligibility.admit_echo(recipe, rating):
        _recount(recipe, rating, counts=rating_eligibility.is_counted(recipe, rating), excluded=False)


def _recount(recipe: Stored, rating: RatingRow, *, counts: bool, excluded: bool) -> None:
    """Store whether a rating counts, with the figures and the approval that follow."""
    before, rating.counts = counted_stars(rating, recipe.state), counts
    rating_eligibility.replace_stars(recipe.state, before=before, after=counted_stars(rating, recipe.state))
    transaction = Transaction()
    changed = _decide(transaction, recipe, excluded=excluded)
    transaction.save(rating)
    _commit(transaction, recipe.state, changed)


def reconcile_rating(recipe_id: str, rater_id: str) -> None:
    """Update whether a rating counts by current blocks and suspensions. Safe to repeat and to run concurrently.

    Checks again after each change, since blocks and suspensions may change while it writes.
    """
    while _settle(recipe_id, rater_id):
        continue


@retry_conflicts
def _settle(recipe_id: str, rater_id: str) -> bool:
    """Return whether the rating had to be changed."""
    standing = repositories.find_standing(recipe_id, rater_id)
    if standing is None or standing.rating is None:
        return False
    recipe, rating = standing.recipe, standing.rating
    counts = rating_eligibility.is_counted(recipe, rating)
    if counts == rating.counts:
        return False
    _recount(recipe, rating, counts=counts, excluded=not counts)
    return True


def list_ratings(*, recipe_id: str, actor: Actor, limit: int, after: Any) -> tuple[list[RatingRow], Any]:
    """Page through the ratings of a visible recipe, without those of people who are blocked or hidden."""
    services.get_recipe(recipe_id, actor=actor)
    who = visibility.load_viewer(actor.id)

    def read(missing: int, position: Any) -> tuple[list[RatingRow], Any]:
        return stored_ratings.page_ratings(recipe_id, limit=missing, after=position, shows=who.can_see)

    return queries.fill_page(read, limit=limit, after=after)


def list_own_rating(*, recipe_id: str, actor: Actor, limit: int, after: Any) -> tuple[list[RatingRow], Any]:
    """Return the actor's rating of a visible recipe as a list of one or none: 1 read unit."""
    services.get_recipe(recipe_id, actor=actor)
    own = find_own_rating(recipe_id=recipe_id, actor=actor)
    return [own] if own else [], None


def count_given(*, actor: Actor) -> int:
    """Count the recipes that somebody has rated: 1 read unit for about 40."""
    return stored_ratings.count_rated(actor.id)


def _standing(recipe_id: str, *, actor: Actor) -> Standing:
    """Read the recipe with this person's rating; 404 if it isn't visible, 409 if it is the rater's own."""
    standing = repositories.find_standing(recipe_id, actor.id) if ids.is_id(recipe_id) else None
    if standing is None:
        raise RecipeNotFound
    recipe = standing.recipe
    if recipe.owner_id == actor.id:
        raise OwnRecipe
    if not services.may_see(recipe, actor=actor, has_access=standing.has_access):
        raise RecipeNotFound
    return standing


def _decide(transaction: Transaction, recipe: Stored, *, excluded: bool = False) -> str | None:
    """Approve or revoke by the ratings, and notify the owner. Generated recipes have none.

    Returns the approval if it changed. `excluded` means that the cause is a rating that no longer counts.
    """
    state = recipe.state
    total, count = int(state.rating_sum), int(state.rating_count)
    if excluded:
        by_ratings = bool(state.approved_by_ratings)
        decided = approval.after_exclusion(state.approval, rating_sum=total, rating_count=count, by_ratings=by_ratings)
    else:
        decided = approval.after_rating(state.approval, rating_sum=total, rating_count=count)
    if decided == state.approval or (decided == Approval.APPROVED and state.needs_rights):
        return None
    if state.approval == Approval.APPROVED and not state.approved_by_ratings:
        # Ratings alone can't revoke the approval of seeds, or by a moderator. The recipe is queued for review and
        # stays.
        if not state.gsi4pk:
            repositories.enqueue_for_review(state)
        return None
    log.info("approval_changed", recipe_id=recipe.id, approval=decided)
    state.approval, state.approved_by_ratings = decided, decided == Approval.APPROVED
    if decided == Approval.APPROVED:
        repositories.dequeue_from_review(state)
        tallies.add(transaction, tallies.APPROVALS)
        tag_requests.want_tags(transaction, recipe)
    else:
        if state.new_edition:
            # The old text is no longer approved, so the waiting edition becomes the recipe's only text.
            editions.adopt(transaction, repositories.with_edition(recipe))
        repositories.enqueue_for_review(state)
    notify_owner(transaction, recipe)
    return decided


def notify_owner(transaction: Transaction, recipe: Stored) -> None:
    """Notify the owner of the recipe's approval or its end."""
    owner_id = recipe.row.owner_id
    if owner_id:
        approved = recipe.state.approval == Approval.APPROVED
        kind = NotificationKind.RECIPE_APPROVED if approved else NotificationKind.RECIPE_REJECTED
        notifications.notify(
            transaction,
            kind=kind,
            to=owner_id,
            actor_id=None,
            target_type=NotificationTarget.RECIPE,
            target_id=recipe.id,
        )


def find_own_rating(*, recipe_id: str, actor: Actor) -> RatingRow | None:
    """Return somebody's rating of a recipe, or None."""
    return stored_ratings.find_rating(recipe_id, actor.id)
