"""The index's input: approved recipes, and the counters that change independently."""

from dataclasses import dataclass
from typing import NamedTuple


class Line(NamedTuple):
    """One ingredient of a recipe. `ingredient_id` is None if its name is not in the master list.

    An ingredient is `essential` if the dish would be another one without it. `substitutes` are ids of ingredients that
    can replace it.
    """

    ingredient_id: str | None
    name: str
    optional: bool = False
    staple: bool = False
    essential: bool = False
    substitutes: tuple[str, ...] = ()


def average(rating_sum: int, rating_count: int) -> float:
    return rating_sum / rating_count if rating_count else 0.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Counters of ratings and cooking. `rating_sum` is the sum of stars, 1 to 5 for each rating."""

    recipe_id: str
    rating_sum: int
    rating_count: int
    cook_count: int

    @property
    def average(self) -> float:
        """Mean stars, unrounded; 0.0 before the first rating."""
        return average(self.rating_sum, self.rating_count)


@dataclass(frozen=True, slots=True)
class Entry:
    """One approved recipe.

    `diets` are those that the recipe complies with; `created_at` is in epoch seconds; `total_minutes` is None if
    unknown. `translated_title` is the title in the other language, `title_ingredients` the ids of ingredients named in
    a title. `labels` belong to a vocabulary of at most 64 names, unlike `tags`, which cooks write freely. `document` is
    sent to readers byte for byte, and `image` names a picture; the index stores both without interpreting them.
    """

    recipe_id: str
    content_version: int
    title: str
    description: str
    cuisine: str
    method: str
    meal: str | None
    difficulty: str | None
    total_minutes: int | None
    language: str
    tags: tuple[str, ...]
    ingredients: tuple[Line, ...]
    allergens: frozenset[str]
    diets: frozenset[str]
    allergens_complete: bool
    rating_sum: int
    rating_count: int
    cook_count: int
    created_at: int
    document: bytes
    image: str | None = None
    translated_title: str = ""
    title_ingredients: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()

    @property
    def figures(self) -> Figures:
        return Figures(self.recipe_id, self.rating_sum, self.rating_count, self.cook_count)
