"""Recipes as the interface shows them: the written part rendered once, the moving figures put in each time."""

from typing import Any

import orjson

from apps.core import clock
from apps.media import services as media
from apps.recipes.approval import average
from apps.recipes.content import RecipeContent
from apps.recipes.models import RecipeRow, RecipeState, from_body

# How a document begins that has a picture: what stands behind it has no character that JSON would escape.
_IMAGE = b'{"image":"'


def document(recipe_id: str, row: RecipeRow, content: RecipeContent | None = None) -> bytes:
    """Return what does not change between edits as a JSON object, ready to be completed by `complete`.

    The picture comes first and is still a name, since links to it expire: `complete` finds it there without parsing.
    """
    content = content or from_body(row.body)
    owner = {"id": row.owner_id, "username": row.owner_name} if row.owner_id else None
    return orjson.dumps(
        {
            "image": content.image,
            "id": recipe_id,
            "owner": owner,
            "source": row.source,
            "title": content.title,
            "translated_title": content.translated_title or None,
            "description": content.description,
            "cuisine": content.cuisine or None,
            "method": content.method,
            "meal": content.meal,
            "difficulty": content.difficulty,
            "prep_minutes": content.prep_minutes,
            "cook_minutes": content.cook_minutes,
            "servings": content.servings,
            "ingredients": [_line(line) for line in content.ingredients],
            "steps": content.steps,
            "nutrition": content.nutrition,
            "tags": content.tags,
            "language": content.language,
            "allergens": content.allergens,
            "may_contain": content.may_contain,
            "reasons": content.reasons,
            "allergens_complete": content.allergens_complete,
            "diets": content.diets,
            "created_at": clock.iso(row.created_at),
            "updated_at": clock.iso(row.updated_at),
        }
    )


def _line(line: Any) -> dict[str, Any]:
    return {
        "ingredient_id": line.ingredient_id,
        "name": line.name,
        "quantity": line.quantity,
        "quantity_max": line.quantity_max,
        "unit": line.unit,
        "preparation": line.preparation,
        "optional": line.optional,
        "essential": line.essential,
        "substitutes": line.substitutes,
    }


def image_of(document: bytes) -> str | None:
    """Return the picture of a document."""
    if not document.startswith(_IMAGE):
        return None
    return document[len(_IMAGE) : document.index(b'"', len(_IMAGE))].decode()


def _linked(document: bytes, *, public: bool) -> bytes:
    """Put links where the name of the picture stands."""
    image = image_of(document)
    if image is None:
        return document
    rest = document[len(_IMAGE) + len(image) + 1 :]
    return b'{"image":' + orjson.dumps(media.links(image, public=public)) + rest


def complete(
    document: bytes, *, public: bool, approval: str, rating_sum: int, rating_count: int, cook_count: int
) -> orjson.Fragment:
    """Put links, approval and figures into a document without parsing it."""
    moving = orjson.dumps(
        {
            "approval": approval,
            "rating": {"average": average(rating_sum, rating_count), "count": rating_count},
            "cook_count": cook_count,
        }
    )
    return orjson.Fragment(_linked(document, public=public)[:-1] + b"," + moving[1:])


def stored(recipe_id: str, row: RecipeRow, state: RecipeState) -> orjson.Fragment:
    """Render a recipe that was read from the table."""
    return complete(
        document(recipe_id, row),
        public=state.is_public,
        approval=state.approval,
        rating_sum=int(state.rating_sum),
        rating_count=int(state.rating_count),
        cook_count=int(state.cook_count),
    )


def scaled(recipe: orjson.Fragment, servings: int) -> dict[str, Any]:
    """Return the recipe for so many servings: every quantity in proportion, to 3 significant decimals."""
    whole: dict[str, Any] = orjson.loads(orjson.dumps(recipe))
    factor = servings / whole["servings"]
    for line in whole["ingredients"]:
        for end in ("quantity", "quantity_max"):
            if line.get(end) is not None:
                line[end] = round(line[end] * factor, 3)
    whole["servings"] = servings
    return whole
