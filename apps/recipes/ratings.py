"""Ratings: one per cook and recipe, the sum and count on the recipe's state, and the approval they lead to."""

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
from apps.recipes import approval, catalogue, editions, rating_eligibility, repositories, services, tag_requests
from apps.recipes.content import Approval
from apps.recipes.errors import OwnRecipe, RatingNotFound, RecipeNotFound
from apps.recipes.models import RatingRow, RecipeState
from apps.recipes.repositories import Standing, Stored
from apps.users import visibility
from smartcooking.contract import metrics

log = structlog.get_logger()
# The latest ratings among which echoes of a withdrawn one are looked for: 0.5 read units, and 1 each.
_ECHOES = 50


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating and how the recipe stands after it."""

    rating: RatingRow
    state: RecipeState


def rate_recipe(*, recipe_id: str, actor: Actor, stars: int, comment: str | None, address: str = "") -> Rated:
    """Replace the cook's earlier rating, if any; average, count and approval move in the same transaction.

    One that does not count moves nothing: of people whom the owner blocked, and of accounts that are one voice with
    another (`voices`), for which `address` is where the request came from. A block or suspension that came in between
    has a message of its own, which may have been worked on before this rating was there: so whether it counts is looked
    at once more afterwards.
    About 7 write units for a recipe of the catalogue; 8 read units.
    """
    rated, recipe = _rate(recipe_id, actor=actor, stars=stars, comment=comment, address=address)
    if rating_eligibility.is_counted(recipe, rated.rating) != rated.rating.counts:
        reconcile_rating(recipe_id, actor.id)
    return rated


@retry_conflicts
def _rate(recipe_id: str, *, actor: Actor, stars: int, comment: str | None, address: str) -> tuple[Rated, Stored]:
    standing = _standing(recipe_id, actor=actor)
    recipe, rating = standing.recipe, standing.rating or repositories.build_rating(recipe_id, actor.id, actor.username)
    before = counted_stars(standing.rating, recipe.state)
    rating.stars, rating.comment, rating.verified_cook = stars, comment, standing.cooked is not None
    rating.edition, rating.merged_from, rating.replaced = recipe.state.edition, None, None
    # Who is suspended does not get here.
    if standing.rating is None:
        rating_eligibility.admit_voice(recipe, rating, address)
    rating.counts = not rating.is_echo and not rating_eligibility.is_rater_blocked(recipe, actor.id)
    rating_eligibility.replace_stars(recipe.state, before=before, after=counted_stars(rating, recipe.state))
    transaction = Transaction()
    changed = _decide(transaction, recipe)
    repositories.save_rating(transaction, recipe_id, rating)
    _commit(transaction, recipe.state, changed)
    return Rated(rating, recipe.state), recipe


def counted_stars(rating: RatingRow | None, state: RecipeState) -> int | None:
    """Return the stars that a rating puts into the figures, which are those of one edition."""
    counts = rating is not None and rating.counts and rating.edition == state.edition
    return int(rating.stars) if rating is not None and counts else None


def commit_merged(
    transaction: Transaction, recipe: Stored, rating: RatingRow, *, before: int | None, at: datetime | None
) -> None:
    """Commit a rating that came from a duplicate, as of when it was given; without a moment it goes again."""
    after = counted_stars(rating, recipe.state) if at else None
    rating_eligibility.replace_stars(recipe.state, before=before, after=after)
    changed = _decide(transaction, recipe, excluded=at is None)
    if at:
        repositories.save_rating(transaction, recipe.id, rating, at=at)
    else:
        repositories.remove_rating(transaction, recipe.id, rating)
    _commit(transaction, recipe.state, changed)


def _commit(transaction: Transaction, state: RecipeState, changed: str | None) -> None:
    """Write the recipe's state with what moved it, and show it in this process at once."""
    repositories.save_state(transaction, state)
    transaction.commit()
    if changed == Approval.APPROVED:
        emf.count(metrics.APPROVALS)
    catalogue.live().learn(state)


def delete_rating(*, recipe_id: str, actor: Actor) -> None:
    """Take one's rating back, also where one does not see the recipe any more; again changes nothing.

    What echoed it and counted for nothing counts in its place. `RatingNotFound` where there was none.
    """
    if not _delete(recipe_id, actor):
        return
    latest, _ = repositories.page_ratings(recipe_id, limit=_ECHOES, after=None)
    for echo in (one for one in reversed(latest) if one.is_echo):
        _admit_echo(recipe_id, echo.user_id)


@retry_conflicts
def _delete(recipe_id: str, actor: Actor) -> bool:
    """Say whether other ratings may have been echoes of the one that is gone."""
    standing = repositories.find_standing(recipe_id, actor.id) if ids.is_id(recipe_id) else None
    if standing is None or standing.rating is None:
        if own_deletions.was_deleted_by(actor.id, f"rating.{recipe_id}"):
            return False
        _standing(recipe_id, actor=actor)
        raise RatingNotFound
    state = standing.recipe.state
    rating_eligibility.replace_stars(state, before=counted_stars(standing.rating, state), after=None)
    was_heard = rating_eligibility.forget_voice(state, standing.rating)
    transaction = Transaction()
    changed = _decide(transaction, standing.recipe)
    repositories.remove_rating(transaction, recipe_id, standing.rating)
    own_deletions.record_deletion(transaction, user_id=actor.id, deleted=f"rating.{recipe_id}")
    _commit(transaction, state, changed)
    return was_heard


@retry_conflicts
def _admit_echo(recipe_id: str, rater_id: str) -> None:
    standing = repositories.find_standing(recipe_id, rater_id)
    if standing is None or standing.rating is None:
        return
    recipe, rating = standing.recipe, standing.rating
    if not rating_eligibility.admit_echo(recipe, rating):
        return
    before, rating.counts = counted_stars(rating, recipe.state), rating_eligibility.is_counted(recipe, rating)
    rating_eligibility.replace_stars(recipe.state, before=before, after=counted_stars(rating, recipe.state))
    transaction = Transaction()
    changed = _decide(transaction, recipe)
    transaction.save(rating)
    _commit(transaction, recipe.state, changed)


def reconcile_rating(recipe_id: str, rater_id: str) -> None:
    """Have a rating count, or not, as blocks and suspensions say now; safe to repeat and to race.

    Looked at again after each change: what was read before it may have become something else while it was written.
    """
    while _settle(recipe_id, rater_id):
        continue


@retry_conflicts
def _settle(recipe_id: str, rater_id: str) -> bool:
    """Say whether something had to be changed."""
    standing = repositories.find_standing(recipe_id, rater_id)
    if standing is None or standing.rating is None:
        return False
    recipe, rating = standing.recipe, standing.rating
    counts = rating_eligibility.is_counted(recipe, rating)
    if counts == rating.counts:
        return False
    before, rating.counts = counted_stars(rating, recipe.state), counts
    rating_eligibility.replace_stars(recipe.state, before=before, after=counted_stars(rating, recipe.state))
    transaction = Transaction()
    changed = _decide(transaction, recipe, excluded=not counts)
    transaction.save(rating)
    _commit(transaction, recipe.state, changed)
    return True


def list_ratings(*, recipe_id: str, actor: Actor, limit: int, after: Any) -> tuple[list[RatingRow], Any]:
    """Page through the ratings of a recipe that one can see, without those of people whom one does not meet."""
    services.get_recipe(recipe_id, actor=actor)
    who = visibility.load_viewer(actor.id)

    def read(missing: int, position: Any) -> tuple[list[RatingRow], Any]:
        return repositories.page_ratings(recipe_id, limit=missing, after=position, shows=who.can_see)

    return queries.fill_page(read, limit=limit, after=after)


def count_given(*, actor: Actor) -> int:
    """Count the recipes that one has rated: 1 read unit for about 40."""
    return repositories.count_rated(actor.id)


def _standing(recipe_id: str, *, actor: Actor) -> Standing:
    """Read what the rating depends on; 404 where the recipe is not visible, 409 where it is the rater's own."""
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
    """Approve or revoke as the figures say, and have the owner hear of it; generated recipes have none.

    Return the approval where it is another one. `excluded`: what moved the figures is a rating that counts no longer.
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
        # Seeds and moderators brought it in: ratings alone bring it before the moderators, and it stays meanwhile.
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
            # Nobody's text is approved any more: the one that waits is the recipe.
            editions.adopt(transaction, repositories.with_edition(recipe))
        repositories.enqueue_for_review(state)
    notify_owner(transaction, recipe)
    return decided


def notify_owner(transaction: Transaction, recipe: Stored) -> None:
    """Have the owner hear how their recipe stands now."""
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
    """Return somebody's rating of a recipe, if there is one."""
    return repositories.find_rating(recipe_id, actor.id)
