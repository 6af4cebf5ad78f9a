"""Pages of recipes: filtered, in any order, continued from where the last page ended."""

from bisect import bisect_left
from typing import Any

import numpy as np

from apps.search.index.arrays import Bools
from apps.search.index.entries import average
from apps.search.index.filters import Filter
from apps.search.index.orders import walk_order
from apps.search.index.queries import Position, SearchQuery, Sort
from apps.search.index.ranking import Ranking, rank_recipes
from apps.search.index.results import SearchPage
from apps.search.index.selection import select_best
from apps.search.index.spelling import correct_spelling
from apps.search.index.state import State
from apps.search.index.words import Word, parse_query

# A long query tells its recipes apart by the words that are spelt well. Reading a word as all that it may be a typo of
# costs up to 0.4 ms at 100,000 recipes.
_MOST_FORGIVING = 5


def search_recipes(state: State, query: SearchQuery, *, limit: int, after: Position | None = None) -> SearchPage:
    """Return up to `limit` recipes after the position `after`, all from `state`; fewer only at the end.

    `ValueError` if `after` is not a position of the query's order.
    """
    words = parse_query(query.q)
    slots, following = _page(state, query, words, limit, after)
    found = tuple(state.found(slot) for slot in slots)
    meant = _meant(state, query, words) if not found and after is None else None
    return SearchPage(found, following, meant)


def filter_slots(state: State, query: SearchQuery) -> Bools:
    """Return which slots meet every condition of `query` but its words."""
    narrowed = Filter(state)
    narrowed.cuisine(query.cuisine)
    narrowed.method(query.method)
    narrowed.meal(query.meal)
    narrowed.difficulty(query.difficulty)
    narrowed.within(query.max_minutes)
    narrowed.keeping(query.diets)
    narrowed.without_allergens(query.without_allergens)
    for ingredient_id in query.ingredient_ids:
        narrowed.with_ingredient(ingredient_id)
    return narrowed.mask


def _page(
    state: State, query: SearchQuery, words: list[Word], limit: int, after: Position | None
) -> tuple[list[int], Position | None]:
    """Return the slots of a page and where the next one starts."""
    mask = filter_slots(state, query)
    if query.q.strip():
        if not words:
            return [], None
        if query.order is Sort.RELEVANCE:
            return _most_relevant(state, words, mask, limit, after)
        # A list by date or stars has no end to put guesses at: there "hành" would stand between dishes for "canh".
        matching = rank_recipes(state, words, mask, forgiving=False).slots
        mask = np.zeros_like(mask)
        mask[matching] = True
    return _in_order(state, query.order, mask, limit, after)


def _most_relevant(
    state: State, words: list[Word], mask: Bools, limit: int, after: Position | None
) -> tuple[list[int], Position | None]:
    """Page by score, then the newest id. A position stays good while scores do: until words get rarer or commoner.

    Recipes with a forgiven typo come after all others, so they are looked for when the others fill no page.
    """
    for forgiving in (False, True) if len(words) <= _MOST_FORGIVING else (False,):
        page = _best(state, rank_recipes(state, words, mask, forgiving=forgiving), limit + 1, after)
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
    """Page by the recipes' own values: recipes that did not change are each met once, whatever came between."""
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


def _meant(state: State, query: SearchQuery, words: list[Word]) -> str | None:
    """Return a corrected query, if that finds something under the same conditions."""
    suggestion = correct_spelling(state, words)
    if suggestion is None:
        return None
    ranking = rank_recipes(state, parse_query(suggestion), filter_slots(state, query), forgiving=True)
    return suggestion if len(ranking.slots) else None
