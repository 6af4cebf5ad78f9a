"""Recipes attached to posts: what readers see of them, and which readers cannot open them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.core.authentication import Actor
from apps.posts.content import Visibility
from apps.posts.models import PostRow
from apps.recipes import catalogue
from apps.recipes import services as recipes
from apps.recipes.recipe import Titles
from apps.recipes.services import StoredRecipe
from apps.users.visibility import Viewer


class HiddenFrom(StrEnum):
    """The readers of a post, besides its author, who can't open its recipe."""

    STRANGERS = "strangers"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class RecipeHint:
    """A hint for a post's author: which readers cannot open the recipe, and whether sharing it with them would help."""

    hidden_from: HiddenFrom
    can_share: bool


@dataclass(frozen=True, slots=True)
class RecipeSummary:
    """The part of a recipe that a post shows; only the post's author gets the hint."""

    id: str
    titles: Titles
    image: str | None = None
    hint: RecipeHint | None = None


def build_attachment(recipe_id: str | None, *, share: bool, actor: Actor) -> dict[str, str | bool] | None:
    """Return what a post stores of a recipe; `RecipeNotFound` if its author may not see it.

    Stores only its id, and whether readers may open it: a stored title would outlive the recipe.
    """
    if recipe_id is None:
        return None
    recipes.get_recipe(recipe_id, actor=actor)
    return {"id": recipe_id, "share": True} if share else {"id": recipe_id}


def summarize(posts: Sequence[PostRow], *, who: Viewer) -> dict[str, RecipeSummary]:
    """Return the visible recipes of posts, by the post's id.

    Recipes of the catalogue come from memory: 0 read units. Others are shown in their current state, if the author may
    show them: to the author and friends, or to all readers if shared. 2 read units each. Recipes hidden by reports are
    shown to the author only, and deleted ones to nobody.
    """
    shown: dict[str, RecipeSummary] = {}
    private: list[PostRow] = []
    for post in posts:
        recipe_id = recipe_id_of(post)
        if recipe_id is None:
            continue
        hidden = who.is_hidden_recipe(recipe_id)
        found = None if hidden else catalogue.find_recipe(recipe_id)
        if found is not None:
            shown[post.id] = RecipeSummary(found.id, found.titles, found.image)
        elif who.id == post.user_id or (not hidden and (who.is_close_to(post.user_id) or is_shared(post))):
            private.append(post)
    return shown | _private(private, who=who)


def _private(posts: Sequence[PostRow], *, who: Viewer) -> dict[str, RecipeSummary]:
    """Return the recipes of these posts that are not in the catalogue, if the author may show them."""
    stored = recipes.get_stored_recipes(list({recipe_id_of(post) or "": None for post in posts})) if posts else {}
    reader = Actor(who.id, "")
    shown: dict[str, RecipeSummary] = {}
    for post in posts:
        one = stored.get(recipe_id_of(post) or "")
        if one is None:
            continue
        if _is_for(post.user_id, one) or recipes.may_see(one, actor=reader):
            hint = hint_for(one, post.visibility, author_id=post.user_id, shared=is_shared(post))
            body = one.row.body
            titles = Titles(body["title"], body.get("translated_title"), body["language"])
            shown[post.id] = RecipeSummary(one.id, titles, hint=hint if who.id == post.user_id else None)
    return shown


def recipe_id_of(post: PostRow) -> str | None:
    kept = post.body.get("recipe")
    return kept["id"] if kept else None


def is_shared(post: PostRow) -> bool:
    """Return whether the author of a post lets its readers open its recipe."""
    return bool((post.body.get("recipe") or {}).get("share"))


def _is_for(author_id: str, stored: StoredRecipe) -> bool:
    """Return whether an author may share a recipe: they own it, or it was generated for them."""
    return author_id in {stored.owner_id, stored.made_for}


def hint_for(stored: StoredRecipe, visibility: str, *, author_id: str, shared: bool = False) -> RecipeHint | None:
    """Return which readers of a post can't open its recipe; None if all can.

    The author's friends get access when the post reaches their feeds (`share_with`).
    """
    if stored.is_public or visibility == Visibility.PRIVATE:
        return None
    if stored.is_hidden or not (_is_for(author_id, stored) or stored.owner_id is None):
        return RecipeHint(HiddenFrom.EVERYBODY, can_share=False)
    if visibility == Visibility.FRIENDS or shared:
        return None
    return RecipeHint(HiddenFrom.STRANGERS, can_share=True)


def foresee(recipe_id: str, *, actor: Actor) -> dict[str, RecipeHint | None]:
    """Return which readers couldn't open a recipe, by the post's visibility; `RecipeNotFound` if the author can't.

    1 read unit, or 2.
    """
    stored = recipes.get_visible_recipe(recipe_id, actor=actor)
    return {one.value: hint_for(stored, one.value, author_id=actor.id) for one in Visibility}


def share_with(recipe_id: str, *, author_id: str, reader_ids: Iterable[str]) -> None:
    """Give people access to a posted recipe, unless it is in the catalogue."""
    if catalogue.current().get(recipe_id) is None:
        recipes.share_recipe(recipe_id, by=author_id, user_ids=list(reader_ids))
