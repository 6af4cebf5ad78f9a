"""Move a duplicate's ratings to the recipe that stays, counting each person once. Runs in the worker."""

from typing import Any

from apps.core import clock, keys, outbox
from apps.core.transactions import Transaction, retry_conflicts
from apps.recipes import rating_eligibility, ratings, repositories
from apps.recipes.models import RatingRow, RecipeState
from apps.recipes.repositories import Stored, stored_ratings
from apps.users import authorship
from smartcooking.contract import queues

MERGE = outbox.Task("recipes.merge_ratings", queues.DEFAULT)
TAKE_BACK = outbox.Task("recipes.part_ratings", queues.DEFAULT)

# Ratings per run: a few seconds of work, so that a killed worker loses little.
BATCH = 100
# The recipe that stays may itself be marked as a duplicate later. Limit on the length of such chains.
_LONGEST_CHAIN = 10


def begin(transaction: Transaction, stored: Stored, *, into: str) -> None:
    """Mark a recipe as a duplicate and start moving its ratings to the other one. The caller writes the state.

    Moves the ratings of the current edition, so call it before another edition replaces that one.
    """
    stored.state.merged_into = into
    transaction.after(MERGE, stored.id, str(int(stored.state.edition)), "")


def end(transaction: Transaction, stored: Stored) -> None:
    """Unmark a duplicate and start taking its ratings back from the other recipe."""
    if stored.state.merged_into:
        stored.state.merged_into = None
        transaction.after(TAKE_BACK, stored.id, "")


def merge_ratings(recipe_id: str, edition: str, after: str) -> None:
    """Copy the ratings of a duplicate's edition to the recipe that stays, continuing after the person `after`.

    Safe to repeat and to interrupt: the transaction that copies a rating also marks it as copied. About 9 read and 12
    write units per rating.
    """
    rows = stored_ratings.list_ratings(recipe_id, after=after, limit=BATCH)
    for row in rows:
        _give(recipe_id, row.user_id, edition=int(edition))
    _go_on(MERGE, [recipe_id, edition], rows)


def take_back_ratings(recipe_id: str, after: str) -> None:
    """Undo `merge_ratings`, except for people who have rated again since. Safe to repeat and to interrupt."""
    rows = stored_ratings.list_ratings(recipe_id, after=after, limit=BATCH)
    for row in rows:
        _take_back(recipe_id, row.user_id)
    _go_on(TAKE_BACK, [recipe_id], rows)


def _go_on(task: outbox.Task, arguments: list[str], rows: list[RatingRow]) -> None:
    """Send a message for the ratings that this run didn't reach."""
    if len(rows) == BATCH:
        transaction = Transaction()
        transaction.after(task, *arguments, rows[-1].user_id)
        transaction.commit()


@retry_conflicts
def _give(recipe_id: str, user_id: str, *, edition: int) -> None:
    given = repositories.find_standing(recipe_id, user_id)
    if given is None or given.rating is None or given.rating.merged_into or not given.recipe.state.merged_into:
        return
    rating, state = given.rating, given.recipe.state
    kept_id = _kept(given.recipe)
    standing = repositories.find_standing(kept_id, user_id) if kept_id else None
    if standing is None or rating.edition != edition or standing.recipe.owner_id == user_id:
        return
    transaction = Transaction()
    place = keys.recipe_state(recipe_id)
    # If a moderator unmarks the duplicate meanwhile, its ratings are taken back, and none may be copied after that.
    transaction.check(RecipeState, place, RecipeState.merged_into == state.merged_into)
    rating.merged_into = kept_id
    transaction.save(rating)
    own = standing.rating
    if own is None or own.updated_at < rating.updated_at or own.edition != standing.recipe.state.edition:
        _replace(transaction, standing.recipe, own, rating, recipe_id)
    else:
        transaction.commit()


def _kept(duplicate: Stored) -> str | None:
    """Follow the chain of duplicates to the recipe that stays; None if there is none."""
    kept_id = duplicate.state.merged_into
    for _ in range(_LONGEST_CHAIN):
        found = repositories.find_recipe(kept_id) if kept_id else None
        if found is None or found.id == duplicate.id:
            return None
        if not found.state.merged_into:
            return found.id
        kept_id = found.state.merged_into
    return None


def _replace(transaction: Transaction, kept: Stored, own: RatingRow | None, given: RatingRow, recipe_id: str) -> None:
    """Add the rating to the recipe that stays. It replaces its author's own rating there, which is stored with it."""
    row = own or _copy(transaction, kept.id, given)
    before = ratings.counted_stars(own, kept.state)
    row.replaced = _said(own) if own else None
    row.merged_from, row.stars, row.comment, row.is_echo = recipe_id, given.stars, given.comment, given.is_echo
    row.verified_cook, row.edition = given.verified_cook, kept.state.edition
    if own is None:
        row.created_at = given.created_at
    row.counts = rating_eligibility.is_counted(kept, row)
    ratings.commit_merged(transaction, kept, row, before=before, at=given.updated_at)


def _copy(transaction: Transaction, recipe_id: str, given: RatingRow) -> RatingRow:
    """Return a rating under its author's current name. Ratings of deleted accounts keep their anonymous one."""
    author = authorship.find_author(transaction, given.user_id)
    return stored_ratings.build_rating(recipe_id, given.user_id, author.username if author else given.username)


@retry_conflicts
def _take_back(recipe_id: str, user_id: str) -> None:
    rating = stored_ratings.find_rating(recipe_id, user_id)
    state = RecipeState.read(keys.recipe_state(recipe_id))
    if rating is None or not rating.merged_into or state is None or state.merged_into:
        return
    standing = repositories.find_standing(rating.merged_into, user_id)
    transaction = Transaction()
    rating.merged_into = None
    transaction.save(rating)
    row = standing.rating if standing else None
    if standing is None or row is None or row.merged_from != recipe_id:
        transaction.commit()
        return
    before = ratings.counted_stars(row, standing.recipe.state)
    if row.replaced is None:
        ratings.commit_merged(transaction, standing.recipe, row, before=before, at=None)
        return
    said: dict[str, Any] = row.replaced
    row.stars, row.comment, row.edition = said["stars"], said["comment"], said["edition"]
    row.is_echo, row.verified_cook = said["is_echo"], said["verified_cook"]
    row.replaced = row.merged_from = None
    row.counts = rating_eligibility.is_counted(standing.recipe, row)
    ratings.commit_merged(transaction, standing.recipe, row, before=before, at=clock.parse(said["at"]))


def _said(rating: RatingRow) -> dict[str, Any]:
    return {
        "stars": int(rating.stars), "comment": rating.comment, "edition": int(rating.edition),
        "is_echo": rating.is_echo, "verified_cook": rating.verified_cook, "at": clock.sortable(rating.updated_at),
    }  # fmt: skip
