"""Queries to the index."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# A place in a list that JSON can carry. Its parts are the sort key of the last recipe given.
Position = list[int | str]


class Sort(StrEnum):
    RELEVANCE = "relevance"
    RATING = "rating"
    NEWEST = "newest"
    POPULAR = "popular"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a query asks for: its words as typed, or anything that means the same.

    `synonyms` are phrases of which all words must be there, `ingredient_ids` ingredients of which one must be. What is
    `optional` needs not be in a recipe, and counts where it is. `parts` are the terms that
    a phrase consists of. In what is `exact`, words without diacritics are meant so.
    """

    typed: str
    synonyms: tuple[str, ...] = ()
    ingredient_ids: frozenset[str] = frozenset()
    optional: bool = False
    parts: tuple["Term", ...] = ()
    exact: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A search; every condition that is given must hold.

    `ingredient_ids`, `diets` and `labels` must all be in the recipe. `without_allergens` keeps out recipes with any of
    them, and those whose allergens are not all known, `without_ingredients` those with any of them in whatever role.
    Without `sort`, words are answered by relevance, else newest first.

    `terms` say what `q` means; without them each of its words stands for itself.
    """

    q: str = ""
    ingredient_ids: frozenset[str] = frozenset()
    cuisine: str | None = None
    method: str | None = None
    meal: str | None = None
    difficulty: str | None = None
    max_minutes: int | None = None
    diets: frozenset[str] = frozenset()
    without_allergens: frozenset[str] = frozenset()
    without_ingredients: frozenset[str] = frozenset()
    language: str | None = None
    labels: frozenset[str] = frozenset()
    sort: Sort | None = None
    terms: tuple[Term, ...] = ()

    @property
    def order(self) -> Sort:
        """The order that answers this query: relevance says nothing without words."""
        if not self.q.strip():
            return Sort.NEWEST if self.sort in (None, Sort.RELEVANCE) else self.sort
        return self.sort or Sort.RELEVANCE


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something at hand that should be used: `satisfies` are the ids under which recipes may ask for it.

    `weight` says how much it counts that a recipe uses it; what `is_urgent` is about to expire.
    """

    satisfies: frozenset[str]
    weight: float = 1.0
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class MatchQuery:
    """What can be cooked with what is at hand.

    `have` maps ids under which recipes may ask for it to the degree (above 0, at most 1) to which it is what they ask
    for. `wanted` (at most 64) is what should be used, of which at least the share `min_used`; `minor` counts less than
    other ingredients.

    `min_coverage` is the least share, 0 to 1, of a recipe's counted ingredients (neither optional nor staple) that is
    at hand, `max_missing` the most of them that may not be. `excluded_ingredients` count whatever their role; `exclude`
    are ids of recipes. `needs_complete` asks for recipes whose allergens are all known; `excluded_allergens` ask for
    the same, given or not. Recipes in `language` come first.
    """

    have: Mapping[str, float]
    wanted: tuple[Wanted, ...] = ()
    min_used: float = 0.0
    minor: frozenset[str] = frozenset()
    excluded_allergens: frozenset[str] = frozenset()
    excluded_ingredients: frozenset[str] = frozenset()
    required_diets: frozenset[str] = frozenset()
    cuisine: str | None = None
    method: str | None = None
    meal: str | None = None
    max_minutes: int | None = None
    max_missing: int | None = None
    min_coverage: float = 0.5
    needs_complete: bool = False
    language: str | None = None
    exclude: frozenset[str] = frozenset()
    limit: int = 50
