"""Recipes that posts speak of."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.core.authentication import Actor
from apps.posts.models import PostRow
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
    """Return what a post keeps of a recipe; `RecipeNotFound` where its author may not see it.

    Its id alone: a title that was kept would outlive the recipe.
    """
    if recipe_id is None:
        return None
    recipes.get_recipe(recipe_id, actor=actor)
    return {"id": recipe_id}


def summarize(posts: Sequence[PostRow], *, who: Viewer) -> dict[str, RecipeSummary]:
    """Return the recipes of posts that somebody may see, by the post's id.

    Those of the catalogue come from memory: 0 read units. Others are shown to the author and their friends as they are
    now, and to nobody else: 2 read units each. What reports have hidden is for the author alone, and a recipe that
    is gone for nobody.
    """
    shown: dict[str, RecipeSummary] = {}
    private: dict[str, PostRow] = {}
    for post in posts:
        recipe_id = _recipe_id(post)
        if recipe_id is None:
            continue
        hidden = who.is_hidden_recipe(recipe_id)
        found = None if hidden else catalogue.find_recipe(recipe_id)
        if found is not None:
            shown[post.id] = RecipeSummary(found.id, found.title, found.image)
        elif who.id == post.user_id or (not hidden and who.is_close_to(post.user_id)):
            private[post.id] = post
    titles = recipes.find_titles([_recipe_id(post) or "" for post in private.values()]) if private else {}
    for post in private.values():
        recipe_id = _recipe_id(post) or ""
        if recipe_id in titles:
            shown[post.id] = RecipeSummary(recipe_id, titles[recipe_id])
    return shown


def _recipe_id(post: PostRow) -> str | None:
    kept = post.body.get("recipe")
    return kept["id"] if kept else None


def share_with(recipe_id: str, *, author_id: str, reader_ids: Sequence[str]) -> None:
    """Let people see a recipe that the author has posted; those of the catalogue everybody sees."""
    if catalogue.current().get(recipe_id) is None:
        recipes.share_recipe(recipe_id, by=author_id, user_ids=reader_ids)
