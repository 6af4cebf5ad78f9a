"""The format of our own recipe archives: schema.org for other programs, plus all our own fields.

Each recipe is a folder with `recipes/ID/recipe.json`, and `image.webp` if it has a picture.
"""

from dataclasses import asdict, fields, is_dataclass
from enum import Enum
from typing import Any

from apps.recipes.content import IngredientLine, RecipeContent

DOCUMENT, PICTURE = "recipe.json", "image.webp"
# Our own members of a document: the recipe in the format of the API, its owner, and corrections of tags.
OURS, OWNER, TAGS = "smartcooking:recipe", "smartcooking:owner", "smartcooking:tags"
_CONTEXT = ["https://schema.org", {"smartcooking": "https://smartcooking.com/terms#"}]
# Fields of a recipe that are not among `OURS`: what is derived or decided by moderators, what the document says by
# other members, and declarations, which are made anew.
LEFT_OUT = frozenset({
    "allergens", "allergens_complete", "diets", "image", "may_contain", "meanings", "origin", "reasons",
    "rights_declared", "tag_corrections",
})  # fmt: skip


def folder(recipe_id: str) -> str:
    return f"recipes/{recipe_id}"


def to_document(recipe_id: str, content: RecipeContent, *, owner: tuple[str, str]) -> dict[str, Any]:
    """Return a recipe as JSON-LD. `owner` is the owner's id and username."""
    origin = content.origin or {}
    whole = {
        "@context": _CONTEXT,
        "@type": "Recipe",
        "identifier": recipe_id,
        "name": content.title,
        "description": content.description,
        "inLanguage": content.language.value,
        "recipeIngredient": [line_of(line) for line in content.ingredients],
        "recipeInstructions": [{"@type": "HowToStep", "text": step.text} for step in content.steps],
        "recipeYield": str(content.servings),
        "prepTime": _duration(content.prep_minutes),
        "cookTime": _duration(content.cook_minutes),
        "recipeCuisine": content.cuisine,
        "recipeCategory": content.meal.value if content.meal else "",
        "keywords": ", ".join(content.tags),
        "author": {"@type": "Person", "name": origin.get("author") or owner[1]},
        "isBasedOn": origin.get("url"),
        "publisher": {"@type": "Organization", "name": origin["site"]} if origin.get("site") else None,
        "image": PICTURE if content.image else None,
        OURS: _as_given(content),
        OWNER: owner[0] if content.origin is None else None,
        TAGS: {name: bool(one["holds"]) for name, one in (content.tag_corrections or {}).items()},
    }
    return {name: value for name, value in whole.items() if value not in (None, "", {}, [])}


def line_of(line: IngredientLine) -> str:
    """Format an ingredient line as people write it: "2-3 tép tỏi, băm"."""
    upper = f"-{line.quantity_max:g}" if line.quantity_max is not None else ""
    amount = f"{line.quantity:g}{upper}" if line.quantity is not None else ""
    whole = " ".join(part for part in (amount, line.unit or "", line.name) if part)
    return f"{whole}, {line.preparation}" if line.preparation else whole


def _as_given(content: RecipeContent) -> dict[str, Any]:
    given = {one.name: _plain(getattr(content, one.name)) for one in fields(content) if one.name not in LEFT_OUT}
    return _without_empty(given)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return _without_empty(asdict(value)) if is_dataclass(value) and not isinstance(value, type) else value


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", [], (), False)}


def _duration(minutes: int | None) -> str:
    return f"PT{minutes}M" if minutes else ""
