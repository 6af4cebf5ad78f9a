"""The ingredients that define a recipe: declared by its cook, or inferred from its title and amounts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from apps.core.text import normalize
from apps.ingredients import services as ingredients
from apps.ingredients import units
from apps.ingredients.entry import Category, Ingredient
from apps.recipes.content import IngredientLine, RecipeContent

_WORD = re.compile(r"\w+")
# Never essential, even if the title names one: fish sauce, pepper, tea.
_SEASONING = frozenset({Category.SPICE, Category.BEVERAGE})
# Grams in one unit, to find the main ingredient. Other units count like a piece.
_GRAMS = {"g": 1.0, "ml": 1.0, "kg": 1000.0, "l": 1000.0, "cup": 150.0, "tbsp": 12.0, "tsp": 4.0, "pinch": 0.5}
_PIECE = 80.0


def with_essentials(content: RecipeContent) -> RecipeContent:
    """Return the content with its essential ingredients: those declared and those that the title names.

    If there are none, the heaviest main ingredient is essential. Staples and optional ingredients never are.
    """
    known = [(line, found) for line, found in _known(content.ingredients) if not line.optional and not found.staple]
    chosen = {line.name for line, found in known if line.essential or is_named(found, content)}
    if not chosen:
        chosen = {line.name for line in _heaviest([line for line, found in known if found.category not in _SEASONING])}
    lines = tuple(replace(line, essential=line.name in chosen) for line in content.ingredients)
    return replace(content, ingredients=lines)


def _known(lines: Sequence[IngredientLine]) -> Iterator[tuple[IngredientLine, Ingredient]]:
    for line in lines:
        known = ingredients.find(line.ingredient_id) if line.ingredient_id else None
        if known is not None:
            yield line, known


def is_named(known: Ingredient, content: RecipeContent) -> bool:
    """Return whether a title contains a name of the ingredient."""
    return bool(names_in(known, content))


def names_in(known: Ingredient, content: RecipeContent) -> set[str]:
    """Return the names of the ingredient that the title contains as whole words, in English also in the plural."""
    titles = [f" {' '.join(_WORD.findall(normalize(title)))} " for title in (content.title, content.translated_title)]
    names = {known.vi, known.en, *(name for names in known.aliases.values() for name in names)}
    return {
        name
        for name in names
        if any(f" {name} " in title or f" {name}s " in title or f" {name}es " in title for title in titles)
    }


def _heaviest(lines: Sequence[IngredientLine]) -> list[IngredientLine]:
    weighed = sorted(lines, key=_grams, reverse=True)
    return weighed[:1]


def _grams(line: IngredientLine) -> float:
    quantity, unit = units.canonical(line.quantity or 1.0, line.unit)
    return quantity * _GRAMS.get(unit, _PIECE)
