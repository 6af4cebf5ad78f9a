"""Access to ratings, and to the rows that list them with their authors."""

from collections.abc import Callable
from datetime import datetime
from itertools import islice

from apps.core import clock, keys, queries
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.recipes.models import RatedRecipe, RatingRow
from apps.recipes.repositories.stored_lists import count_rows


def build_rating(recipe_id: str, user_id: str, username: str) -> RatingRow:
    key = keys.rating(recipe_id, user_id)
    return RatingRow(pk=key.pk, sk=key.sk, user_id=user_id, username=username, stars=0, created_at=clock.now())


def save_rating(transaction: Transaction, recipe_id: str, rating: RatingRow, *, at: datetime | None = None) -> None:
    """Write a rating, given now or `at` an earlier time. A first rating is also listed among its author's.

    4 write units, and those of the list.
    """
    if rating.version is None:
        transaction.update(rated_row(rating.user_id, recipe_id), [])
    rating.updated_at = at or clock.now()
    listed = keys.ratings_list(recipe_id, clock.sortable(rating.updated_at), rating.user_id)
    rating.gsi2pk, rating.gsi2sk = listed.pk, listed.sk
    transaction.save(rating)


def remove_rating(transaction: Transaction, recipe_id: str, rating: RatingRow) -> None:
    transaction.delete(rating)
    transaction.discard(rated_row(rating.user_id, recipe_id))


def rated_row(user_id: str, recipe_id: str) -> RatedRecipe:
    key = keys.rated_recipe(user_id, recipe_id)
    return RatedRecipe(pk=key.pk, sk=key.sk)


def count_rated(user_id: str) -> int:
    """Count the recipes that somebody has rated: 1 read unit for about 40, half a unit for a few."""
    return count_rows(RatedRecipe, "RATED", user_id)


def list_rated_ids(user_id: str, *, after: str, limit: int) -> list[str]:
    """Read the next ids of recipes that somebody has rated, after `after` (empty: from the first), consistently."""
    start = keys.rated_recipe(user_id, after).sk if after else keys.prefix("RATED")
    rows = RatedRecipe.query(
        keys.user(user_id).pk, RatedRecipe.sk.between(start, keys.prefix("RATED") + "~"), consistent_read=True,
        page_size=limit + 1,
    )  # fmt: skip
    found = (keys.last_part(row.sk) for row in rows)
    return list(islice((id_ for id_ in found if id_ != after), limit))


def page_ratings(
    recipe_id: str, *, limit: int, after: dict[str, str] | None, shows: Callable[[str], bool] = lambda _rater_id: True
) -> tuple[list[RatingRow], dict[str, str] | None]:
    """Page through a recipe's ratings by authors whom `shows` accepts, latest first; only these are read in full."""
    partition = keys.ratings_list(recipe_id, "-", "-").pk
    found: queries.Slice[Item] = queries.query_page(Item.lists, partition, limit=limit, after=after, newest_first=True)
    wanted = [item.key for item in found.items if shows(keys.last_part(item.sk))]
    whole = queries.read_many(RatingRow, wanted)
    return [whole[key] for key in wanted if key in whole], found.next


def list_ratings(recipe_id: str, *, after: str, limit: int) -> list[RatingRow]:
    """Read ratings of a recipe in the order of their authors' ids, starting after `after` (from the first if empty)."""
    partition, start = keys.recipe(recipe_id).pk, keys.prefix("RATING")
    within = RatingRow.sk.between(keys.rating(recipe_id, after).sk if after else start, f"{start}~")
    rows = RatingRow.query(partition, within, consistent_read=True, page_size=limit + 1)
    return list(islice((row for row in rows if row.user_id != after), limit))


def find_rating(recipe_id: str, user_id: str) -> RatingRow | None:
    return RatingRow.read(keys.rating(recipe_id, user_id))
