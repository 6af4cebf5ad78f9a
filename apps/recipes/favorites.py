"""Favorites: recipes that a person bookmarked."""

from collections.abc import Sequence
from typing import Any

from apps.core import clock, keys, own_deletions, queries
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.recipes import services
from apps.recipes.errors import FavoriteNotFound
from apps.recipes.models import Favorite
from apps.recipes.recipe import Recipe
from apps.recipes.repositories import stored_lists


def list_favorites(
    *, actor: Actor, by_added: bool, language: str | None, limit: int, after: Any
) -> tuple[list[Recipe], Any]:
    """Page through favorites, newest recipes or latest additions first.

    Skips deleted and invisible recipes without shortening a page. By additions 1 read unit for about 40 favorites.
    """
    if by_added:
        rows = stored_lists.list_favorites(actor.id)
        return _list_rows(rows, actor=actor, by_added=True, language=language, limit=limit, after=after)
    return _list_by_recipe(actor=actor, language=language, limit=limit, after=after)


def list_among(
    recipe_ids: Sequence[str], *, actor: Actor, by_added: bool, language: str | None, limit: int, after: Any
) -> tuple[list[Recipe], Any]:
    """Page through those of some recipes that are favorites: 1 read unit for each recipe."""
    rows = stored_lists.find_favorites(actor.id, recipe_ids)
    return _list_rows(rows, actor=actor, by_added=by_added, language=language, limit=limit, after=after)


def _list_by_recipe(*, actor: Actor, language: str | None, limit: int, after: Any) -> tuple[list[Recipe], Any]:
    views: list[Recipe] = []
    while True:
        found = stored_lists.page_favorites(actor.id, limit=limit - len(views), after=after)
        views += _visible([keys.last_part(item.sk) for item in found.items], actor, language)
        after = found.next
        if after is None or len(views) == limit:
            return views, after


def _list_rows(
    rows: Sequence[Favorite], *, actor: Actor, by_added: bool, language: str | None, limit: int, after: Any
) -> tuple[list[Recipe], Any]:
    def place(row: Favorite) -> list[str]:
        return [clock.sortable(row.created_at) if by_added else "", keys.last_part(row.sk)]

    places = sorted(map(place, rows), reverse=True)

    def read(missing: int, position: Any) -> tuple[list[Recipe], Any]:
        left = [place for place in places if position is None or place < position]
        page = left[:missing]
        return _visible([recipe_id for _, recipe_id in page], actor, language), page[-1] if len(
            left
        ) > missing else None

    return queries.fill_page(read, limit=limit, after=after)


def _visible(recipe_ids: Sequence[str], actor: Actor, language: str | None) -> list[Recipe]:
    recipes = services.list_visible_recipes(recipe_ids, actor=actor)
    return [recipe for recipe in recipes if services.is_in(recipe, language)]


def add(recipe_id: str, *, actor: Actor) -> None:
    """Add a visible recipe to one's favorites. Idempotent."""
    services.get_recipe(recipe_id, actor=actor)
    stored_lists.put_favorite(actor.id, recipe_id)


@retry_conflicts
def remove(recipe_id: str, *, actor: Actor) -> None:
    """Remove a recipe from one's favorites. Idempotent; raises `FavoriteNotFound` if it never was one."""
    deleted = f"favorite.{recipe_id}"
    with own_deletions.repeatable(actor.id, deleted, FavoriteNotFound):
        transaction = Transaction()
        stored_lists.delete_favorite(transaction, actor.id, recipe_id)
        own_deletions.record_deletion(transaction, user_id=actor.id, deleted=deleted)
        transaction.commit()


def count(*, actor: Actor) -> int:
    return stored_lists.count_favorites(actor.id)
