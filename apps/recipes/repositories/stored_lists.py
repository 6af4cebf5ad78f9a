"""Access to lists of recipes: owned, favorite, cooked and rated ones."""

from collections.abc import Sequence
from typing import TypeVar

from apps.core import clock, ids, keys, queries
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.recipes.errors import FavoriteNotFound
from apps.recipes.models import CookedRow, Favorite, OwnedRecipe

# Number of cook rows that a query reads for the price of reading one by key.
_COOKS_PER_KEY = 20

Pointer = TypeVar("Pointer", bound=Item)


def page_owned(user_id: str, *, limit: int, after: dict[str, str] | None) -> queries.Slice[OwnedRecipe]:
    """Page through somebody's recipes, newest first."""
    return _pointers(OwnedRecipe, "RECIPE", user_id, limit, after)


def page_favorites(user_id: str, *, limit: int, after: dict[str, str] | None) -> queries.Slice[Favorite]:
    return _pointers(Favorite, "FAVORITE", user_id, limit, after)


def list_favorites(user_id: str) -> list[Favorite]:
    """Read all favorites of a person: 1 read unit for about 40."""
    return list(
        Favorite.query(keys.user(user_id).pk, Favorite.sk.startswith(keys.prefix("FAVORITE")), consistent_read=True)
    )


def find_favorites(user_id: str, recipe_ids: Sequence[str]) -> list[Favorite]:
    """Return which of these recipes, at most 100, are a person's favorites: 1 read unit for each."""
    return list(queries.read_many(Favorite, [keys.favorite(user_id, one) for one in recipe_ids]).values())


def _pointers(
    model: type[Pointer], part: str, user_id: str, limit: int, after: dict[str, str] | None
) -> queries.Slice[Pointer]:
    return queries.query_page(
        model,
        keys.user(user_id).pk,
        within=model.sk.startswith(keys.prefix(part)),
        limit=limit,
        after=after,
        newest_first=True,
        consistent=True,
    )


def put_favorite(user_id: str, recipe_id: str) -> None:
    key = keys.favorite(user_id, recipe_id)
    Favorite(pk=key.pk, sk=key.sk, created_at=clock.now()).save(add_version_condition=False)


def delete_favorite(transaction: Transaction, user_id: str, recipe_id: str) -> None:
    """Delete a favorite; `FavoriteNotFound` if there is none. 1 read unit."""
    favorite = Favorite.read(keys.favorite(user_id, recipe_id)) if ids.is_id(recipe_id) else None
    if favorite is None:
        raise FavoriteNotFound
    transaction.delete(favorite)


def list_written(user_id: str, *, after: str, limit: int) -> list[str]:
    """Return the sort keys of the rows that list somebody's recipes, then their ratings: 1 read unit for about 40."""
    partition = keys.user(user_id).pk
    found: list[str] = []
    for part in ("RATED", "RECIPE"):
        first = keys.prefix(part)
        if after > first + "~" or len(found) == limit:
            continue
        within = Item.sk.between(max(after, first), first + "~")
        for row in Item.query(partition, within, consistent_read=True, limit=limit - len(found) + 1):
            if row.sk > after and len(found) < limit:
                found.append(row.sk)
    return found


def count_owned(user_id: str) -> int:
    return count_rows(OwnedRecipe, "RECIPE", user_id)


def count_favorites(user_id: str) -> int:
    return count_rows(Favorite, "FAVORITE", user_id)


def count_rows(model: type[Item], part: str, user_id: str) -> int:
    return model.count(keys.user(user_id).pk, model.sk.startswith(keys.prefix(part)), consistent_read=True)


def filter_owned(owner_id: str, recipe_ids: Sequence[str]) -> list[str]:
    """Return which of these recipes, given in the order of their ids, this person owns; reads consistently."""
    if not recipe_ids:
        return []
    first, last = keys.owned_recipe(owner_id, recipe_ids[0]), keys.owned_recipe(owner_id, recipe_ids[-1])
    rows = OwnedRecipe.query(first.pk, OwnedRecipe.sk.between(first.sk, last.sk), consistent_read=True)
    owned = {keys.last_part(row.sk) for row in rows}
    return [id_ for id_ in recipe_ids if id_ in owned]


def find_cooks(recipe_id: str, user_ids: Sequence[str], *, cook_count: int) -> dict[str, CookedRow]:
    """Return which of these people, at most 100 in the order of their ids, cooked a recipe.

    If few people cooked it, one query reads all of them (half a read unit for about 40). Otherwise it reads the rows of
    these people only (half a unit each), so that strangers never add to the cost.
    """
    if not user_ids:
        return {}
    if cook_count <= _COOKS_PER_KEY * len(user_ids):
        first, last = keys.cooked(recipe_id, user_ids[0]), keys.cooked(recipe_id, user_ids[-1])
        rows = {row.user_id: row for row in CookedRow.query(first.pk, CookedRow.sk.between(first.sk, last.sk))}
        return {id_: rows[id_] for id_ in user_ids if id_ in rows}
    wanted = {id_: keys.cooked(recipe_id, id_) for id_ in user_ids}
    found = queries.read_many(CookedRow, list(wanted.values()), consistent=False)
    return {id_: found[key] for id_, key in wanted.items() if key in found}


def build_cooked(recipe_id: str, user_id: str) -> CookedRow:
    key = keys.cooked(recipe_id, user_id)
    return CookedRow(pk=key.pk, sk=key.sk, user_id=user_id, times=0)
