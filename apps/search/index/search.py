"""Pages of recipes: filtered, in any order, continued from the previous page."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from apps.search.index.arrays import Bools
from apps.search.index.entries import average
from apps.search.index.filters import Filter
from apps.search.index.orders import walk_order
from apps.search.index.queries import Position, SearchQuery, Sort, Term
from apps.search.index.ranking import Evidence, Ranking, naming, rank_nearly, rank_recipes, terms_of
from apps.search.index.results import SearchPage
from apps.search.index.selection import select_best
from apps.search.index.spelling import suggest_queries
from apps.search.index.state import State
from apps.search.index.word_matches import Reader
from apps.search.index.words import parse_query

# Typos are forgiven only in short queries: a long one has enough words without typos. Looking up all forms within a
# typo of a word costs up to 0.4 ms at 100,000 recipes.
_MOST_FORGIVING = 5
_NAMED, _MENTIONED = (Evidence.NAMED, Evidence.KNOWN_NAMED), (Evidence.MENTIONED,)


def search_recipes(state: State, query: SearchQuery, *, limit: int, after: Position | None = None) -> SearchPage:
    """Return up to `limit` recipes after the position `after`; fewer only at the end.

    Raises `ValueError` if `after` is not a position in the query's order.
    """
    slots, following, is_guess = _page(state, query, limit, after)
    found = tuple(state.found(slot) for slot in slots)
    meant = _suggest(state, query) if not found and after is None else None
    return SearchPage(found, following, meant, is_guess)


def filter_slots(state: State, query: SearchQuery) -> Bools:
    """Return the slots that meet all conditions of `query` except its words."""
    narrowed = Filter(state)
    narrowed.cuisine(query.cuisine)
    narrowed.method(query.method)
    narrowed.without_methods(query.without_methods)
    narrowed.meal(query.meal)
    narrowed.difficulty(query.difficulty)
    narrowed.language(query.language)
    narrowed.without_ingredients(query.without_ingredients)
    narrowed.within(query.max_minutes)
    narrowed.keeping(query.diets)
    narrowed.labelled(query.labels)
    narrowed.without_allergens(query.without_allergens)
    for ingredient_id in query.ingredient_ids:
        narrowed.with_ingredient(ingredient_id)
    return narrowed.mask


def _page(
    state: State, query: SearchQuery, limit: int, after: Position | None
) -> tuple[list[int], Position | None, bool]:
    """Return the slots of a page, where the next one starts, and whether they are guesses."""
    mask, is_guess = filter_slots(state, query), False
    if query.without_terms:
        mask &= ~naming(Reader(state), query.without_terms)
    if query.q.strip():
        terms = query.terms or terms_of(query.q)
        if not terms:
            return [], None, True
        ranking = _rank(state, terms, mask, is_interpreted=bool(query.terms))
        if query.order is Sort.RELEVANCE:
            return *_most_relevant(state, ranking, limit, after), ranking.is_guess
        mask, is_guess = np.zeros_like(mask), ranking.is_guess
        mask[ranking.slots] = True
    return *_in_order(state, query.order, mask, limit, after), is_guess


def _rank(state: State, terms: Sequence[Term], mask: Bools, *, is_interpreted: bool) -> Ranking:
    """Return the recipes that match all terms; if there are none, with typos forgiven; then with all terms but one.

    So guesses are never mixed with real matches. Interpreted queries, which people type and programs don't, find what
    only mentions a term last, and then it is a guess.
    """
    reader, is_short = Reader(state), len(terms) <= _MOST_FORGIVING
    evidence = _NAMED if is_interpreted else _MENTIONED
    ranking = rank_recipes(reader, terms, mask, forgiving=False, evidence=evidence)
    if not len(ranking.slots) and is_short:
        ranking = rank_recipes(reader, terms, mask, forgiving=True, evidence=evidence[:1])
    if not len(ranking.slots) and is_short and is_interpreted:
        ranking = rank_nearly(reader, terms, mask, evidence=evidence)
    if not len(ranking.slots) and is_interpreted and not all(_is_name(term) for term in terms):
        ranking = replace(rank_recipes(reader, terms, mask, forgiving=False), is_guess=True)
    return ranking


def _is_name(term: Term) -> bool:
    return term.optional or (term.is_known and not term.is_occasion)


def _most_relevant(
    state: State, ranking: Ranking, limit: int, after: Position | None
) -> tuple[list[int], Position | None]:
    """Page by score, then newest id. A position stays valid as long as scores don't change."""
    page = _best(state, ranking, limit + 1, after)
    if len(page) > limit:
        score, slot = page[limit - 1]
        return [slot for _, slot in page[:limit]], [score, state.recipe_id(slot)]
    return [slot for _, slot in page], None


def _best(state: State, ranking: Ranking, limit: int, after: Position | None) -> list[tuple[int, int]]:
    """Return (score, slot) of the best `limit` below the position `after`."""
    slots, scores, ids = ranking.slots, ranking.scores, state.rows.recipe_id
    left = np.arange(len(slots))
    if after is not None:
        score, recipe_id = _read(after, int, str)
        left = left[(scores < score) | ((scores == score) & (ids[slots] < recipe_id.encode("ascii", "replace")))]
    chosen = select_best(left, limit, lambda at: scores[at], lambda at: ids[slots[at]])
    return list(zip(scores[chosen].tolist(), slots[chosen].tolist(), strict=True))


def _in_order(
    state: State, order: Sort, mask: Bools, limit: int, after: Position | None
) -> tuple[list[int], Position | None]:
    """Page by the recipes' own values. Unchanged recipes occur exactly once, whatever changes between pages."""
    slots, rank = getattr(state.orders, order), getattr(state.ranks, order)
    end = len(slots) if after is None else bisect_left(slots, _key(order, after), key=rank)
    page = walk_order(slots, end, mask, limit + 1)
    return page[:limit], _position(state, order, page[limit - 1]) if len(page) > limit else None


def _position(state: State, order: Sort, slot: int) -> Position:
    figures = state.figures_of(slot)
    if order is Sort.RATING:
        return [figures.rating_sum, figures.rating_count, figures.recipe_id]
    return [figures.cook_count if order is Sort.POPULAR else int(state.rows.created_at[slot]), figures.recipe_id]


def _key(order: Sort, position: Position) -> tuple[Any, ...]:
    """Return the sort key that `orders.Ranks` gives to a slot at `position`."""
    if order is Sort.RATING:
        total, count, recipe_id = _read(position, int, int, str)
        return average(total, count), count, recipe_id.encode("ascii", "replace")
    number, recipe_id = _read(position, int, str)
    return number, recipe_id.encode("ascii", "replace")


def _read(position: Position, *kinds: type) -> list[Any]:
    if [type(part) for part in position] != list(kinds):
        raise ValueError(f"not a position: {position!r}")
    return position


def _suggest(state: State, query: SearchQuery) -> str | None:
    """Return a similar query that finds something under the same conditions.

    Its words are corrected to the spelling of recipes, or dropped if nothing is similar.
    """
    words, mask = parse_query(query.q), filter_slots(state, query)
    for suggestion in suggest_queries(state, words):
        if len(rank_recipes(Reader(state), terms_of(suggestion), mask, forgiving=True).slots):
            return suggestion
    return None
