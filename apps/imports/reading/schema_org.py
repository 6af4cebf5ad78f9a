"""Read recipes in schema.org's vocabulary as JSON-LD: pages, Nextcloud Cookbook, RecipeSage, our own archives."""

import re
from collections.abc import Iterator
from typing import Any

from apps.imports.reading.drafts import (
    Draft,
    lines_of,
    minutes_of,
    one_line,
    plain,
    servings_of,
    steps_of,
)

_DEEPEST = 12
# The name of a picture in the same archive.
_FILE = re.compile(r"[^:?#<>]+\.(?:jpe?g|png|webp)", re.IGNORECASE)


def recipes_in(document: Any) -> list[dict[str, Any]]:
    """Return the recipes of a document, anywhere in its graph."""
    return list(_walk(document, 0))


def _walk(node: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(node, list):
        for one in node:
            yield from _walk(one, depth + 1)
    elif isinstance(node, dict):
        if _is_a(node, "Recipe"):
            yield node
        else:
            for value in node.values():
                if isinstance(value, list | dict):
                    yield from _walk(value, depth + 1)


def _is_a(node: dict[str, Any], kind: str) -> bool:
    types = node.get("@type") or node.get("type") or ()
    named = types if isinstance(types, list) else [types]
    return any(str(one).rsplit("/", 1)[-1].rsplit(":", 1)[-1] == kind for one in named)


def to_draft(recipe: dict[str, Any]) -> Draft:
    """Read one recipe. Malformed fields are left out."""
    given = {key.rsplit("/", 1)[-1].rsplit(":", 1)[-1]: value for key, value in recipe.items()}
    ingredients = given.get("recipeIngredient") or given.get("ingredients") or ()
    return Draft(
        title=one_line(_first(given.get("name") or given.get("headline")), 200),
        lines=lines_of(one for one in _texts(ingredients) if not is_heading(one)),
        steps=steps_of(one for one in _instructions(given.get("recipeInstructions"), 0) if not is_heading(one)),
        description=plain(_first(given.get("description")))[:2000],
        servings=servings_of(given.get("recipeYield") or given.get("yield")),
        prep_minutes=minutes_of(given.get("prepTime")),
        cook_minutes=minutes_of(given.get("cookTime") or given.get("totalTime")),
        tags=keywords(given.get("keywords")),
        cuisine=one_line(_first(given.get("recipeCuisine")), 50),
        category=one_line(_first(given.get("recipeCategory")), 50),
        author=one_line(_name(given.get("author")), 100),
        site=one_line(_name(given.get("publisher")), 100),
        url=_address(given.get("isBasedOn")) or _address(given.get("url") or given.get("@id")),
        image=_image(given.get("image")),
        language=one_line(_first(given.get("inLanguage")), 10)[:2].lower(),
    )


def _first(value: Any) -> Any:
    if isinstance(value, list):
        return _first(value[0]) if value else None
    if isinstance(value, dict):
        return value.get("@value") or value.get("name")
    return value


def _texts(value: Any) -> list[Any]:
    if isinstance(value, str):
        return plain(value).split("\n")
    if not isinstance(value, list):
        return []
    return [_first(one) if not isinstance(one, dict) else one.get("name") or one.get("text") for one in value]


def _instructions(value: Any, depth: int) -> Iterator[Any]:
    """Yield the steps of lists, sections, `HowToStep`s, or of a text with one step per line."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield from plain(value).split("\n")
    elif isinstance(value, list):
        for one in value:
            yield from _instructions(one, depth + 1)
    elif isinstance(value, dict):
        inner = value.get("itemListElement") or value.get("steps") or value.get("step")
        if inner is not None and not (isinstance(inner, str) and value.get("text")):
            yield from _instructions(inner, depth + 1)
        else:
            # Line breaks within a step are kept.
            yield " ".join(plain(value.get("text") or value.get("description") or value.get("name")).split("\n"))


def keywords(value: Any) -> tuple[str, ...]:
    """Return tags of a list, or of a text with commas."""
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    found = (one_line(_first(part), 30).lstrip("#").strip().lower() for part in parts)
    return tuple(dict.fromkeys(tag for tag in found if tag))[:20]


def _name(value: Any) -> Any:
    first = value[0] if isinstance(value, list) and value else value
    return first.get("name") if isinstance(first, dict) else first


def _image(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else value
    found = first.get("url") or first.get("contentUrl") if isinstance(first, dict) else first
    text = one_line(_first(found), 2000)
    return text if is_address(text) or _FILE.fullmatch(text) else ""


def _address(value: Any) -> str:
    text = one_line(_first(value), 2000)
    return text if is_address(text) else ""


def is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))


def is_heading(line: Any) -> bool:
    """Return whether a line is a heading in RecipeSage's notation: "[For the sauce]"."""
    return isinstance(line, str) and line.strip().startswith("[") and line.strip().endswith("]")
