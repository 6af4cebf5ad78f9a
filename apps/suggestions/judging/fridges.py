"""The fridges that are judged: what people have, as they type it, and what they want."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from apps.core.language import current
from apps.suggestions import question
from apps.suggestions.question import Question, Wish
from apps.users.preferences import Preferences

_DATA = Path(__file__).parents[1] / "data" / "judging"
_TODAY = date(2026, 1, 2)


@dataclass(frozen=True, slots=True)
class Fridge:
    """`least` is how many good answers a cook would find at least; 0 for what makes no dish."""

    kind: str
    language: str
    have: tuple[str, ...]
    preferences: dict[str, Any] = field(default_factory=dict)
    meal: str | None = None
    max_minutes: int | None = None
    least: int = 1

    def question(self, count: int) -> Question:
        """Return the question as a request would ask it; NotEnoughIngredients as there."""
        current.set(self.language)
        wish = Wish(self.have, recipe_count=count, meal=self.meal, max_minutes=self.max_minutes)
        return question.understand(wish, preferences=Preferences.of(self.preferences), pantry=(), today=_TODAY)


@cache
def authored() -> tuple[Fridge, ...]:
    written = yaml.load((_DATA / "fridges.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return tuple(Fridge(**{**each, "have": tuple(each["have"])}) for each in written)


def common_foods(language: str) -> list[str]:
    """Return common foods by the names that people type."""
    return [name for group in _common()[language] for name in group["foods"]]


@cache
def _common() -> dict[str, Any]:
    read: dict[str, Any] = yaml.load((_DATA / "common.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return read


def sampled(count: int, *, seed: int) -> Iterator[Fridge]:
    """Yield fridges sampled from common foods by weight; the same seed gives the same fridges."""
    chance = random.Random(seed)  # noqa: S311  a sample to measure on
    for number in range(count):
        language = ("vi", "en")[number % 2]
        groups = _common()[language]
        have = list[str]()
        for group in groups:
            names, weights = zip(*group["foods"].items(), strict=True)
            low, high = group["take"]
            have += chance.choices(names, weights, k=chance.randint(low, high))
        yield Fridge("sampled", language, tuple(dict.fromkeys(have)))
