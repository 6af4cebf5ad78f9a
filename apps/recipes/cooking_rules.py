"""Rules for every authored or composed recipe: amounts are plausible, and the steps use the listed ingredients."""

import re
from collections.abc import Iterator

from apps.core.text import fold
from apps.ingredients import services as ingredients
from apps.ingredients import units
from apps.recipes.content import IngredientLine, Language, Meal, Method, RecipeContent

# Half a teaspoon of salt (3 g) is plenty for one person. Pasta water may have more: most is poured away.
MOST_SALT_TSP = 1.3
MOST_FISH_SAUCE_TBSP = 1.6
# Grams and milliliters in one serving, from a sandwich to a bowl of noodle soup with its broth.
MEAL_GRAMS = (75, 2500)
# Weight in grams of one piece, for units without a weight: an egg, an onion, a tomato.
PIECE_GRAMS = 60

_IN_GRAMS = {"g": 1, "kg": 1000, "ml": 1, "l": 1000}
_COUNTED = frozenset({units.PIECE, "can", "cup", "bowl", "pack", "slice"})
_TEASPOONS = {"tbsp": 3.0, "tsp": 1.0, "g": 1 / 6, "pinch": 0.1}
_TABLESPOONS = {"tbsp": 1.0, "tsp": 1 / 3, "ml": 1 / 15}
_SALT, _FISH_SAUCE = frozenset({"muoi", "salt"}), frozenset({"nuoc mam", "fish sauce"})
_NO_NAME = frozenset({"and", "of", "the", "with", "for", "fresh", "dried", "whole", "large", "small"})


def problems(content: RecipeContent) -> Iterator[str]:
    """Yield a message to the author for each rule that the recipe breaks."""
    yield from _amounts(content)
    yield from _mentions(content)


def _amounts(content: RecipeContent) -> Iterator[str]:
    for line in content.ingredients:
        if line.quantity is None and not line.optional:
            yield f"gives no amount of {line.name}"
        if fold(line.name) in _SALT and _of(line, _TEASPOONS, 1.0) / content.servings > MOST_SALT_TSP:
            yield f"has more than {MOST_SALT_TSP} tsp of salt a serving"
        # Pickles are not eaten with all of their fish sauce.
        is_pickled = content.method == Method.OTHER
        fish_sauce = _of(line, _TABLESPOONS, 1.0) / content.servings if fold(line.name) in _FISH_SAUCE else 0
        if fish_sauce > MOST_FISH_SAUCE_TBSP and not is_pickled:
            yield f"has more than {MOST_FISH_SAUCE_TBSP} tbsp of fish sauce a serving"
    if content.meal in {Meal.BREAKFAST, Meal.LUNCH, Meal.DINNER}:
        grams = sum(_grams(line) for line in content.ingredients) / content.servings
        if not MEAL_GRAMS[0] <= grams <= MEAL_GRAMS[1]:
            yield f"is {grams:.0f} g a serving"


def _of(line: IngredientLine, sizes: dict[str, float], otherwise: float) -> float:
    quantity, unit = units.canonical(line.quantity or 0, line.unit)
    return quantity * sizes.get(unit, otherwise)


def _grams(line: IngredientLine) -> float:
    quantity, unit = units.canonical(line.quantity or 0, line.unit)
    return quantity * (PIECE_GRAMS if unit in _COUNTED else _IN_GRAMS.get(unit, 0))


def _mentions(content: RecipeContent) -> Iterator[str]:
    """Return whether the text uses an ingredient, by a word of its name or of what it is a kind of."""
    words = set(re.findall(r"\w+", fold(" ".join(step.text for step in content.steps))))
    for line in content.ingredients:
        names = [word for word in re.findall(r"\w+", fold(_names(line, content.language))) if word not in _NO_NAME]
        if names and not any(_is_used(name, words, content.language) for name in names):
            yield f"no step uses {line.name}"


def _names(line: IngredientLine, language: Language) -> str:
    names, found = [line.name], ingredients.find(line.ingredient_id or "")
    while found is not None and found.kind_of is not None:
        found = ingredients.find(found.kind_of)
        names += [found.name(language.value)] if found else []
    return " ".join(names)


def _is_used(name: str, words: set[str], language: Language) -> bool:
    if name in words:
        return True
    stem = name.rstrip("s")[: max(4, len(name) - 3)]
    return language == Language.EN and any(word.startswith(stem) for word in words)
