"""Queries to the index."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# A position in a list, as JSON. Its parts are the sort key of the last recipe returned.
Position = list[int | str]


class Sort(StrEnum):
    RELEVANCE = "relevance"
    RATING = "rating"
    NEWEST = "newest"
    POPULAR = "popular"


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a query: its words as typed, or anything with the same meaning.

    `synonyms` are phrases of which all words must match; of `ingredient_ids` one must match. An `optional` term doesn't
    have to match, but improves the rank if it does. `parts` are the terms of a phrase. In an `exact` term, words
    without diacritics match only words without diacritics. If there are `readings`, the typed words have no diacritics
    and are known in these spellings, so that any others are guesses. `within` are names of other things that contain
    the term, as "đậu bắp" (okra) contains "bắp" (corn): a title with one of them does not name the term. `methods` are
    those of recipes that are cooked as the term says, whatever their titles. An occasion
    ("ngày mưa") may be one that a recipe only mentions. A condition ("bữa trưa") is held by a field. An unfinished term
    is a word that somebody may still be typing: if no recipe has it, it is the beginning of one.
    """

    typed: str
    synonyms: tuple[str, ...] = ()
    ingredient_ids: frozenset[str] = frozenset()
    optional: bool = False
    parts: tuple["Term", ...] = ()
    exact: bool = False
    within: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    methods: frozenset[str] = frozenset()
    is_occasion: bool = False
    is_condition: bool = False
    is_unfinished: bool = False

    @property
    def is_food(self) -> bool:
        """Return whether the term is a food and no dish: its parts mean other things, as "su" is no "su su"."""
        return bool(self.ingredient_ids) and not self.synonyms

    @property
    def is_known(self) -> bool:
        """Return whether the term is a name that search knows."""
        return bool(self.ingredient_ids or self.synonyms or self.readings or self.methods)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A search. All given conditions must hold.

    `ingredient_ids`, `diets` and `labels` must all be in the recipe. `without_allergens` excludes recipes with any of
    them and recipes with unknown allergens; `without_ingredients` excludes recipes with any of them in any role;
    `without_terms` those that name one in a title or a tag.
    Without `sort`, results are ordered by relevance if there are words, else newest first.

    `terms` are the interpretation of `q`; without them each of its words is a term.
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
    without_methods: frozenset[str] = frozenset()
    without_terms: tuple[Term, ...] = ()
    language: str | None = None
    labels: frozenset[str] = frozenset()
    sort: Sort | None = None
    terms: tuple[Term, ...] = ()

    @property
    def order(self) -> Sort:
        """The order of the results. Without words, relevance is meaningless."""
        if not self.q.strip():
            return Sort.NEWEST if self.sort in (None, Sort.RELEVANCE) else self.sort
        return self.sort or Sort.RELEVANCE


@dataclass(frozen=True, slots=True)
class Wanted:
    """An ingredient at hand that should be used. `satisfies` are the ids under which recipes may list it.

    `weight` is the importance of using it; `is_urgent` means that it expires soon.
    """

    satisfies: frozenset[str]
    weight: float = 1.0
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class MatchQuery:
    """A query for recipes that can be cooked with what is at hand.

    `have` maps the ids under which recipes may list ingredients at hand to the degree, above 0 and at most 1, to which
    they are satisfied. `wanted` (at most 64) should be used, at least the share `min_used` of them. `minor` ingredients
    count less than others.

    `min_coverage` is the minimum share, 0 to 1, of a recipe's counted ingredients (neither optional nor staples) at
    hand, and `max_missing` the maximum number missing. `excluded_ingredients` apply to any role; `exclude` are ids of
    recipes. `needs_complete` requires that all allergens are known, and so does any of `excluded_allergens`. Recipes in
    `language` come first.
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
