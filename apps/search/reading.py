"""A query during its interpretation."""

from dataclasses import replace
from typing import Any

from apps.search.index import SearchQuery, Term

_FIELDS = ("cuisine", "meal", "difficulty", "max_minutes")


class Reading:
    """The terms and conditions of a query that have been read so far."""

    def __init__(self, query: SearchQuery, *, exact: bool) -> None:
        self._query, self.exact = query, exact
        self._terms: list[Term] = []

    @property
    def terms(self) -> tuple[Term, ...]:
        return tuple(self._terms)

    def add(self, term: Term) -> None:
        self._terms.append(term)

    def narrow(self, condition: dict[str, Any], phrase: str) -> None:
        """Apply a condition, unless it was given explicitly. Its words still improve the rank of recipes with them."""
        self._terms.append(Term(phrase, optional=True, exact=self.exact, is_condition=True))
        query = self._query
        if "diet" in condition:
            query = replace(query, diets=query.diets | {condition["diet"]})
        if "without_method" in condition:
            query = replace(query, without_methods=query.without_methods | {condition["without_method"]})
        given = {name: condition[name] for name in _FIELDS if name in condition and not getattr(query, name)}
        self._query = replace(query, **given)

    def exclude(self, ingredient_ids: frozenset[str]) -> None:
        self._query = replace(self._query, without_ingredients=self._query.without_ingredients | ingredient_ids)

    def exclude_term(self, term: Term | None) -> None:
        """Leave out recipes that a term names."""
        if term is not None:
            self._query = replace(self._query, without_terms=(*self._query.without_terms, term))

    def leave_open(self) -> None:
        """Take the last word, unless it means something, for one that may still be typed."""
        if self._terms and not self._terms[-1].is_known and not self._terms[-1].optional:
            self._terms[-1] = replace(self._terms[-1], is_unfinished=True)

    def finished(self, *, is_narrowed: bool = False) -> SearchQuery:
        """Return the query; without words if all that it says are conditions, among them those of the caller."""
        if not self._terms and (is_narrowed or self._query.without_ingredients):
            return replace(self._query, q="")
        return replace(self._query, terms=self.terms)
