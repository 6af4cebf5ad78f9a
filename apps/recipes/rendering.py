"""Recipes as JSON. The catalogue keeps the content rendered; counters and links are added when it is sent."""

from typing import Any

import orjson
from django.conf import settings

from apps.core import clock
from apps.media import services as media
from apps.recipes.content import RecipeContent, fields_of
from apps.recipes.recipe import Recipe, Written
from apps.recipes.step_amounts import find_in_steps

# The fields of a card, besides `minutes`.
_CARD = (
    "id", "title", "translated_title", "image", "difficulty", "servings", "rating", "allergens", "diets", "tags",
    "language", "source", "approval", "in_catalogue",
)  # fmt: skip


def render_written(recipe_id: str, written: Written) -> bytes:
    """Return the part that only edits change as a JSON object, without the picture, whose links expire."""
    return orjson.dumps(_written(recipe_id, written, written.content))


def _written(recipe_id: str, written: Written, content: RecipeContent) -> dict[str, Any]:
    return {
        "id": recipe_id,
        "owner": {"id": written.owner.id, "username": written.owner.username} if written.owner else None,
        "source": written.source,
        "title": content.title,
        "translated_title": content.translated_title or None,
        "description": content.description,
        "cuisine": content.cuisine or None,
        "method": content.method.value,
        "meal": content.meal.value if content.meal else None,
        "difficulty": content.difficulty.value if content.difficulty else None,
        "prep_minutes": content.prep_minutes,
        "cook_minutes": content.cook_minutes,
        "servings": content.servings,
        "ingredients": [fields_of(line) for line in content.ingredients],
        "steps": _steps(content, factor=content.servings / written.content.servings),
        "nutrition": content.nutrition,
        "tags": content.tags,
        "origin": content.origin,
        "rights_declared": content.rights_declared,
        "language": content.language.value,
        "allergens": content.allergens,
        "may_contain": content.may_contain,
        "reasons": [fields_of(reason) for reason in content.reasons],
        "allergens_complete": content.allergens_complete,
        "diets": content.diets,
        "created_at": clock.iso(written.created_at),
        "updated_at": clock.iso(written.updated_at),
    }


def _steps(content: RecipeContent, *, factor: float) -> list[dict[str, Any]]:
    """Return the steps with the amounts in their text scaled to the requested servings."""
    names = [line.name for line in content.ingredients]
    amounts = find_in_steps([step.text for step in content.steps], names)
    return [
        {**fields_of(step), "amounts": [fields_of(one.scaled(factor)) for one in found]}
        for step, found in zip(content.steps, amounts, strict=True)
    ]


def _moving(recipe: Recipe, image: Any) -> dict[str, Any]:
    return {
        "image": image,
        "approval": recipe.approval,
        "in_catalogue": recipe.in_catalogue,
        "rating": _rating(recipe),
        "cook_count": recipe.figures.cook_count,
    }


def _rating(recipe: Recipe) -> dict[str, Any]:
    return {"average": recipe.average, "count": recipe.figures.rating_count}


def render_recipe(recipe: Recipe) -> orjson.Fragment:
    """Return the whole recipe as JSON.

    Joins the members of two JSON objects, so that a recipe of the catalogue is neither decoded nor encoded: 1 µs.
    """
    written = recipe.document or render_written(recipe.id, recipe.written)
    moving = orjson.dumps(_moving(recipe, _links(recipe)))
    return orjson.Fragment(moving[:-1] + b"," + written[1:])


def render_scaled(recipe: Recipe, servings: int) -> dict[str, Any]:
    """Return the whole recipe with its quantities scaled to `servings`."""
    return _whole(recipe, recipe.content.scaled_to(servings), _links(recipe))


def to_snapshot(recipe: Recipe, content: RecipeContent) -> dict[str, Any]:
    """Return the recipe with this content as rows store it. The picture is stored by name, since links expire."""
    plain: dict[str, Any] = orjson.loads(orjson.dumps(_whole(recipe, content, recipe.image)))
    return plain


def _whole(recipe: Recipe, content: RecipeContent, image: Any) -> dict[str, Any]:
    return _moving(recipe, image) | _written(recipe.id, recipe.written, content)


def render_card(recipe: Recipe) -> dict[str, Any]:
    """Return a recipe's card, the short form used in lists."""
    written = orjson.loads(recipe.document) if recipe.document else _written(recipe.id, recipe.written, recipe.content)
    return card_of(_moving(recipe, _links(recipe)) | written)


def card_of(whole: dict[str, Any]) -> dict[str, Any]:
    """Return the card of a recipe that is already rendered."""
    return {name: whole[name] for name in _CARD} | {"minutes": _minutes(whole["prep_minutes"], whole["cook_minutes"])}


def _minutes(prep: int | None, cook: int | None) -> int | None:
    return None if prep is None and cook is None else (prep or 0) + (cook or 0)


def _links(recipe: Recipe) -> Any:
    return picture_links(recipe.id, recipe.image, public=recipe.is_public)


def picture_links(recipe_id: str, picture: str | None, *, public: bool) -> dict[str, str] | None:
    """Return the URLs of a recipe's picture by size; None if it has none.

    A public recipe's URLs lead to the service behind the CDN (`apps.web`), which checks that the recipe is still
    public. All others are signed and expire soon.
    """
    if picture is None or not (public and settings.MEDIA_BASE_URL):
        return media.links(picture, public=False)
    start = f"{settings.MEDIA_BASE_URL}/r/{recipe_id}/{media.version_of(picture)}"
    return {str(size): f"{start}-{size}.webp" for size in media.SIZES}
