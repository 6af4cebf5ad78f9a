"""Recipes that posts speak of."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.core.authentication import Actor
from apps.recipes import catalogue
from apps.recipes import services as recipes
from apps.users.visibility import Viewer


@dataclass(frozen=True, slots=True)
class RecipeSummary:
    """As much of a recipe as a post shows."""

    id: str
    title: str
    image: str | None = None


def build_attachment(recipe_id: str | None, *, actor: Actor) -> dict[str, str] | None:
    """Return what a post keeps of a recipe; `RecipeNotFound` where its author may not see it."""
    if recipe_id is None:
        return None
    return {"id": recipe_id, "title": recipes.get_recipe(recipe_id, actor=actor).title}


def summarize_for(kept: dict[str, str] | None, *, author_id: str, who: Viewer) -> RecipeSummary | None:
    """Return the recipe of a post for somebody, from memory: 0 read units.

    One that is not in the catalogue is shown to the author and their friends, by the title it had, and to nobody else.
    What reports have hidden keeps its title for the author alone.
    """
    if kept is None:
        return None
    if who.is_hidden_recipe(kept["id"]):
        return RecipeSummary(kept["id"], kept["title"]) if who.id == author_id else None
    found = catalogue.find_recipe(kept["id"])
    if found is not None:
        return RecipeSummary(found.id, found.title, found.image)
    return RecipeSummary(kept["id"], kept["title"]) if who.is_close_to(author_id) else None


def share_with(recipe_id: str, *, author_id: str, reader_ids: Sequence[str]) -> None:
    """Let people see a recipe that the author has posted; those of the catalogue everybody sees."""
    if catalogue.current().get(recipe_id) is None:
        recipes.share_recipe(recipe_id, by=author_id, user_ids=reader_ids)
