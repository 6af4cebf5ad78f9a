"""Pairs of common foods that go together, and for how many of them the catalogue has too few recipes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from apps.ingredients import services as ingredients
from apps.recipes.content import RecipeContent
from apps.suggestions.at_hand import satisfied
from apps.suggestions.judging.fridges import common_foods

# What is less of the thing itself is not what a recipe asks for, as in the index.
_LEAST = 0.55
ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Pairs:
    """How many recipes in a language use both foods of a pair, for each pair that any recipe of ours uses."""

    language: str
    recipes: dict[tuple[str, str], int]

    @property
    def short(self) -> dict[tuple[str, str], int]:
        return {pair: number for pair, number in self.recipes.items() if number < ENOUGH}


def count(contents: Iterable[RecipeContent], language: str) -> Pairs:
    """Count for the common foods of a language; a recipe uses a food by its name, a kind of it, or as a substitute."""
    known = {name: found for name in common_foods(language) if (found := ingredients.resolve(name))}
    asked = {name: {id_ for id_, degree in satisfied(one).items() if degree >= _LEAST} for name, one in known.items()}
    own, all_ = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for content in contents:
        ids = _ids(content)
        pairs = list(combinations(sorted(name for name, ways in asked.items() if ways & ids), 2))
        all_.update(pairs)
        own.update(pairs if content.language.value == language else ())
    apart = {pair for pair in all_ if known[pair[1]].id in asked[pair[0]] or known[pair[0]].id in asked[pair[1]]}
    return Pairs(language, {pair: own[pair] for pair in sorted(all_.keys() - apart)})


def _ids(content: RecipeContent) -> set[str]:
    found = set[str]()
    for line in content.ingredients:
        known = ingredients.find(line.ingredient_id) if line.ingredient_id else ingredients.resolve(line.name)
        found |= {*line.substitutes, *([known.id] if known else [])}
    return found
