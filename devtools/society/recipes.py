"""Synthetic recipes; the same number and seed give the same recipe, independently of all others."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from apps.core import ids
from apps.recipes.content import Difficulty, IngredientLine, Language, Meal, RecipeContent, Step
from devtools.society import words
from devtools.society.larder import larder

# The time of the newest synthetic recipe, and the span that all of them cover.
_UNTIL = datetime(2026, 11, 1, tzinfo=UTC)
_SPAN = timedelta(days=730)
_UNITS = (
    ("g", (50, 100, 150, 200, 300, 500)),
    ("ml", (50, 100, 200)),
    ("tbsp", (1, 2, 3)),
    ("tsp", (0.5, 1, 2)),
    ("piece", (1, 2, 3)),
)
_MINUTES = (5, 10, 15, 20, 25, 30, 40, 45, 60, 90)
# One recipe in a hundred has an ingredient that is not in the master list.
_UNKNOWN_SHARE = 0.01
_MOST_RATINGS = 400


@dataclass(frozen=True, slots=True)
class Head:
    """Enough of a recipe to find out whether it exists, and the random generator for the rest."""

    number: int
    recipe_id: str
    created_at: datetime
    chance: random.Random


@dataclass(frozen=True, slots=True)
class Figures:
    """A recipe's ratings in stars, and how often it was cooked."""

    stars: tuple[int, ...]
    cook_count: int


def head(seed: int, number: int) -> Head:
    chance = random.Random(f"{seed}:recipe:{number}")  # noqa: S311  synthetic, not secret
    created_at = (_UNTIL - _SPAN * chance.random()).replace(microsecond=0)
    return Head(number, ids.derived_id("demo-recipe", str(seed), str(number), at=created_at), created_at, chance)


def content(head: Head) -> RecipeContent:
    """Return the recipe's content; rendered it has 1.5 to 3 KB, like authored recipes."""
    chance = head.chance
    language = words.weighted(chance, words.LANGUAGES)
    method = words.weighted(chance, words.METHODS)
    names = _names(chance, language)
    prep, cook = chance.choice(_MINUTES[:5]), chance.choice(_MINUTES)
    fill = {"a": names[0], "b": names[1], "m": cook}
    return RecipeContent(
        title=_title(chance.choice(words.TITLES[language][method]), chance.choice(words.STYLES[language]), fill),
        description=_sentence(chance.choice(words.DESCRIPTIONS[language]), fill),
        ingredients=tuple(_line(chance, language, name) for name in names),
        steps=tuple(_steps(chance, language, names)),
        language=language,
        method=method,
        cuisine=words.weighted(chance, words.CUISINES),
        meal=chance.choice(list(Meal)),
        difficulty=words.weighted(chance, ((Difficulty.EASY, 5), (Difficulty.MEDIUM, 4), (Difficulty.HARD, 1))),
        prep_minutes=prep,
        cook_minutes=cook,
        servings=chance.choice((1, 2, 2, 4, 4, 4, 6)),
        tags=tuple(chance.sample(words.TAGS[language], chance.randint(0, 3))),
    )


@lru_cache(maxsize=10_000)
def title(seed: int, number: int) -> str:
    """Return a recipe's title; cached, since many posts show the same recipe."""
    return content(head(seed, number)).title


def figures(seed: int, number: int) -> Figures:
    """Return ratings as in a real catalogue: a few recipes have many, and approved ones have good ones."""
    chance = random.Random(f"{seed}:figures:{number}")  # noqa: S311
    count = min(_MOST_RATINGS, 3 + int(chance.paretovariate(1.1)) - 1)
    liked = chance.betavariate(8, 2)
    stars = tuple(3 + sum(chance.random() < liked for _ in range(2)) for _ in range(count))
    return Figures(stars, cook_count=int(count * chance.uniform(0.5, 4)))


def _names(chance: random.Random, language: Language) -> list[str]:
    """Choose 6 to 14 different ingredients, starting with those that the dish is named after."""
    shelves = larder(language)
    # Mostly 6 to 9; longer lists are rarer.
    wanted = 6 + min(chance.randint(0, 8), chance.randint(0, 8))
    names = dict.fromkeys((shelves.mains.draw(chance), shelves.mains.draw(chance)))
    while len(names) < wanted:
        names.setdefault(shelves.all.draw(chance))
    drawn = list(names)
    if chance.random() < _UNKNOWN_SHARE:
        drawn[-1] = f"{drawn[-1]} {chance.choice(words.FAMILY_NAMES)}"
    return drawn


def _line(chance: random.Random, language: Language, name: str) -> IngredientLine:
    unit, quantities = chance.choice(_UNITS)
    preparation = chance.choice(words.PREPARATIONS[language]) if chance.random() < 0.2 else None  # noqa: PLR2004
    return IngredientLine(
        name=name, quantity=float(chance.choice(quantities)), unit=unit, preparation=preparation,
        optional=chance.random() < 0.08,  # noqa: PLR2004
    )  # fmt: skip


def _steps(chance: random.Random, language: Language, names: Sequence[str]) -> list[Step]:
    """Return 4 to 8 sentences in the order of cooking."""
    sentences = words.STEPS[language]
    chosen = sorted(chance.sample(range(len(sentences)), chance.randint(4, len(sentences))))
    return [_step(chance, sentences[position], names) for position in chosen]


def _step(chance: random.Random, sentence: str, names: Sequence[str]) -> Step:
    minutes = chance.choice(_MINUTES[:6])
    first, second = chance.sample(names[:6], 2)
    return Step(_sentence(sentence, {"a": first, "b": second, "m": minutes}), minutes if "{m}" in sentence else None)


def _title(pattern: str, style: str, fill: dict[str, Any]) -> str:
    return f"{_sentence(pattern, fill)} {style}".strip()


def _sentence(pattern: str, fill: dict[str, Any]) -> str:
    text = pattern.format(**fill)
    return text[0].upper() + text[1:]
