"""How often synthetic recipes use each ingredient: a few in every second dish, most of them rarely."""

import random
from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from apps.ingredients import master
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Category, Ingredient
from apps.recipes.content import Language

# Zipf's exponent: near 1, as counted over collections of recipes (Kinouchi et al., New J. Phys. 10, 073020, 2008).
_EXPONENT = 1.0
_MAIN = frozenset({Category.MEAT, Category.SEAFOOD, Category.VEGETABLE, Category.LEGUME, Category.GRAIN})


@dataclass(frozen=True, slots=True)
class Shelf:
    """Names in order of popularity, and the cumulative sums of their weights."""

    names: tuple[str, ...]
    sums: tuple[float, ...]

    def draw(self, chance: random.Random) -> str:
        """Return a random name: the n-th about 1/n as often as the first."""
        return self.names[bisect(self.sums, chance.random() * self.sums[-1], 0, len(self.names) - 1)]


@dataclass(frozen=True, slots=True)
class Larder:
    """The ingredients of dishes in one language: those that a dish is named after, and all others."""

    mains: Shelf
    all: Shelf


@cache
def larder(language: Language) -> Larder:
    """Return the ingredients whose name in this language means exactly one of them; RuntimeError before seeding."""
    entries = [entry for entry in _master_list() if _is_exact(entry, language)]
    if not entries:
        message = "The master list is empty: run `manage.py seed_ingredients` first."
        raise RuntimeError(message)
    # Staples come first; then ingredients with many names, which are the most common ones.
    entries.sort(key=lambda entry: (not entry.staple, -sum(map(len, entry.aliases.values())), entry.key))
    return Larder(
        mains=_shelf(entry.name(language) for entry in entries if entry.category in _MAIN and not entry.staple),
        all=_shelf(entry.name(language) for entry in entries),
    )


@cache
def _master_list() -> tuple[Ingredient, ...]:
    """Read the files once, which takes 1.5 s."""
    return tuple(master.load())


def _is_exact(entry: Ingredient, language: Language) -> bool:
    meant = ingredients.resolve(entry.name(language))
    return meant is not None and meant.id == entry.id


def _shelf(names: Iterable[str]) -> Shelf:
    ordered = tuple(names)
    return Shelf(ordered, tuple(accumulate(1 / rank**_EXPONENT for rank in range(1, len(ordered) + 1))))
