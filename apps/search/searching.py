"""Search as people type: interpreted, corrected by known names, or word by word."""

from dataclasses import replace

from apps.search.index import Catalogue, SearchQuery
from apps.search.index.queries import Position
from apps.search.index.results import SearchPage
from apps.search.interpretation import Interpreter, plain

# Edits that a search forgives.
_FORGIVEN = 1


def search(
    index: Catalogue, interpreter: Interpreter, query: SearchQuery, *, limit: int, after: Position | None = None
) -> SearchPage:
    """Return a page of the recipes that a query means.

    Where no recipe has the words as typed, a name within one edit is searched for instead: "bánh troi" is a bánh
    trôi, not a bánh with tỏi. Names that are further away are suggested, if nothing is found. What is chosen doesn't
    depend on `after`, so that all pages are of one query.

    Raises `ValueError` if `after` is not a position in the query's order.
    """
    interpreted = interpreter.interpret(query)
    page = index.search(interpreted, limit=limit, after=after)
    if not query.q or not page.is_guess:
        return page
    meant: str | None = None
    for edits, name in interpreter.corrections.nearest(query.q):
        if edits > _FORGIVEN and (page.hits or meant):
            continue
        found = index.search(interpreter.interpret(replace(query, q=name)), limit=limit, after=after)
        if not found.is_guess and edits <= _FORGIVEN:
            return found
        meant = meant or (name if found.hits and not found.is_guess else None)
    page = page if page.hits or _is_named(interpreted) else index.search(plain(query), limit=limit, after=after)
    return page if page.hits or after is not None else replace(page, did_you_mean=meant or page.did_you_mean)


def _is_named(query: SearchQuery) -> bool:
    """Return whether a query is nothing but names of foods and dishes: mentions elsewhere are no answer to it."""
    return all(term.is_known and not term.is_occasion for term in query.terms)
