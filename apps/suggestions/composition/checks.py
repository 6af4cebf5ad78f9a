"""Checks on composed recipes: the rules for authored ones, whole eggs, filled templates, salt."""

import re
from collections import Counter
from collections.abc import Iterator

from apps.ingredients import services as ingredients
from apps.ingredients import units
from apps.recipes import cooking_rules
from apps.recipes.content import IngredientLine, Method, RecipeContent
from apps.suggestions.composition.foods import class_of, role_of
from apps.suggestions.composition.kitchen import staples

_FEWEST_STEPS, _MOST_STEPS = 2, 10
_FEWEST_INGREDIENTS = 2
_LONGEST_TITLE = 90
# Teaspoons of salt a person, and of salt in a tablespoon of fish or soy sauce: about 6 g a day is the WHO's bound.
_MOST_SALT = 1.25
_SALT_IN_SAUCE = 0.5
_FRIED = frozenset({Method.FRY, Method.STIR_FRY})
# What is mixed before it is poured over something, and the step that mixes it.
_POURED = {
    "vi": re.compile(r"\b(?:với|chan|rưới|và) (nước trộn|nước sốt|nước chấm)\b(?! sánh)"),
    "en": re.compile(r"\b(?:in|with|over|and) the (dressing|dipping sauce)\b"),
}
_MIXED = {"vi": r"\b(?:pha|thành|làm|quyện) (?:\w+ )?{}\b", "en": r"\b(?:make|into) (?:the|a) {}\b"}
# Words for what every kitchen has: a step that names one takes it from the list.
_NAMED = {
    "vi": {
        "nước mắm": "nước mắm",
        "muối": "(?<!trứng )(?<!dưa )muối",
        "đường": "(?<!vài )đường",
        "dầu": "(?<!không )dầu",
    },
    "en": {"fish sauce": "fish sauce", "salt": "salt(?:ed)?", "sugar": "sugar", "oil": "oil"},
}
_LEFT_OUT = re.compile(r"(?:không nêm|add no) [^.]*")


def problems_of(content: RecipeContent) -> Iterator[str]:
    """Yield what a cook would object to; nothing where the recipe can be cooked as it is written."""
    if not content.title or len(content.title) > _LONGEST_TITLE or "{" in content.title:
        yield f"title: {content.title!r}"
    if not _FEWEST_STEPS <= len(content.steps) <= _MOST_STEPS:
        yield f"{len(content.steps)} steps"
    if len(content.ingredients) < _FEWEST_INGREDIENTS:
        yield "fewer than two ingredients"
    yield from cooking_rules.problems(content)
    yield from _problems_of_eggs(content)
    yield from _problems_of_steps(content)
    yield from _unlisted(content)
    if content.method in _FRIED and not any(_is_fat(line) for line in content.ingredients):
        yield "fried without fat"
    if _salt(content) > _MOST_SALT * content.servings:
        yield "too much salt"


def _problems_of_eggs(content: RecipeContent) -> Iterator[str]:
    for line in content.ingredients:
        if _is_counted_egg(line) and line.quantity is not None and line.quantity != round(line.quantity):
            yield f"{line.quantity:g} of {line.name}"


def _problems_of_steps(content: RecipeContent) -> Iterator[str]:
    for step in content.steps:
        if "{" in step.text or "[" in step.text:
            yield f"unfilled: {step.text}"
    if not content.total_minutes:
        yield "no time"


def _unlisted(content: RecipeContent) -> Iterator[str]:
    """Yield what a step names and no ingredient or earlier step provides, and what is listed twice."""
    language = content.language.value
    listed = " ".join(line.name for line in content.ingredients).lower()
    said = ""
    for step in content.steps:
        text = _LEFT_OUT.sub("", step.text.lower())
        said += text
        for mixture in _POURED[language].findall(text):
            if not re.search(_MIXED[language].format(mixture), said):
                yield f"nothing makes the {mixture}"
        for name, pattern in _NAMED[language].items():
            if name not in listed and re.search(rf"\b{pattern}\b", text):
                yield f"a step takes {name}, which is not listed"
    counted = Counter(line.ingredient_id for line in content.ingredients)
    yield from (f"{id_} is listed twice" for id_, times in counted.items() if id_ and times > 1)


def _is_fat(line: IngredientLine) -> bool:
    known = ingredients.find(line.ingredient_id) if line.ingredient_id else None
    return known is not None and (known.key == staples()["oil"].key or role_of(known.id) == "fat")


def _is_counted_egg(line: IngredientLine) -> bool:
    known = ingredients.find(line.ingredient_id) if line.ingredient_id else None
    kind = class_of(known) if known else None
    return kind is not None and kind.key in {"egg", "boiled_egg", "small_egg"} and line.unit not in {"g", "ml"}


def _salt(content: RecipeContent) -> float:
    """Return teaspoons of salt in all."""
    total = 0.0
    for line in content.ingredients:
        known = ingredients.find(line.ingredient_id) if line.ingredient_id else None
        if known is None or line.quantity is None or line.optional:
            continue
        quantity, unit = units.canonical(line.quantity, line.unit)
        spoons = {"tsp": quantity, "tbsp": quantity * 3}.get(unit, 0.0)
        if known.en in {"salt", "coarse salt"}:
            total += spoons
        elif known.en in {"fish sauce", "soy sauce"}:
            total += spoons / 3 * _SALT_IN_SAUCE
    return total
