"""What can be cooked with the ingredients at hand."""

import numpy as np
from numpy.typing import NDArray

from apps.search.index.arrays import Bools, Bytes, Slots
from apps.search.index.filters import Filter
from apps.search.index.queries import MatchQuery
from apps.search.index.results import Candidate
from apps.search.index.selection import select_best
from apps.search.index.state import State

# Stars are weighed as if five readers had given 3.5 before anybody rated: one enthusiast does not outrank fifty readers
# who agree on 4.8, and a recipe that nobody rated stands above one that was rated badly.
PRIOR_RATINGS = 5
PRIOR_AVERAGE = 3.5


def match(state: State, query: MatchQuery) -> list[Candidate]:
    """Return up to `query.limit` candidates: by coverage, then fewest missing, rating, ratings, newest id.

    O(postings of the ingredients + recipes / 8). Every exclusion holds before anything is counted.
    """
    codes = {code for each in query.have if (code := state.codes.ingredients.find(each)) is not None}
    have = _at_hand(state, codes)
    slots = _covered(state, have, eligible(state, query), query.min_coverage)
    chosen = _best(state, slots, have, query.limit + len(query.exclude))
    kept = (slot for slot in chosen.tolist() if state.recipe_id(slot) not in query.exclude)
    return [_candidate(state, slot, codes) for slot, _ in zip(kept, range(query.limit), strict=False)]


def eligible(state: State, query: MatchQuery) -> Bools:
    """Return which slots this person may be offered at all."""
    narrowed = Filter(state)
    narrowed.without_ingredients(query.excluded_ingredients)
    narrowed.without_allergens(query.excluded_allergens)
    if query.needs_complete:
        narrowed.complete()
    narrowed.keeping(query.required_diets)
    narrowed.cuisine(query.cuisine)
    narrowed.method(query.method)
    narrowed.meal(query.meal)
    narrowed.within(query.max_minutes)
    return narrowed.mask


def _at_hand(state: State, codes: set[int]) -> Bytes:
    """Return for each slot how many of its counted ingredients are among `codes`."""
    slots, counted = state.ingredients.of(sorted(codes))
    have = np.zeros(state.slots, np.uint8)
    np.add.at(have, slots, counted)
    return have


def _covered(state: State, have: Bytes, mask: Bools, least: float) -> Slots:
    """Return the slots where `mask` of which at least the share `least` is at hand, and one ingredient in any case.

    Whole percents in 16 bits rule out most slots in two passes; floats decide the few that are left.
    """
    counted = state.rows.counted
    percent = np.uint16(min(max(int(least * 100), 0), 100))
    near = np.multiply(have, np.uint16(100)) >= np.multiply(counted, percent)
    slots = np.flatnonzero(near & (have > 0) & mask)
    return slots[have[slots] / counted[slots] >= least]


def _best(state: State, slots: Slots, have: Bytes, limit: int) -> Slots:
    counted, figures, ids = state.rows.counted, state.figures, state.rows.recipe_id

    def rating(chosen: Slots) -> NDArray[np.float64]:
        total = figures.rating_sum[chosen] + PRIOR_RATINGS * PRIOR_AVERAGE
        return np.asarray(total / (figures.rating_count[chosen] + float(PRIOR_RATINGS)))

    return select_best(
        slots,
        limit,
        lambda chosen: have[chosen] / counted[chosen],
        lambda chosen: have[chosen] - counted[chosen].astype(np.int16),
        rating,
        lambda chosen: figures.rating_count[chosen],
        lambda chosen: ids[chosen],
    )


def _candidate(state: State, slot: int, codes: set[int]) -> Candidate:
    rows, named = state.rows, state.codes
    title, *unknown = state.text(slot)
    start = int(rows.lines_at[slot])
    lines = state.lines[start : start + int(rows.lines_size[slot])].tolist()
    have = tuple(named.ingredients.texts[code] for code in lines if code in codes)
    missing = tuple(named.ingredients.texts[code] for code in lines if code not in codes)
    figures = state.figures_of(slot)
    return Candidate(
        recipe_id=figures.recipe_id,
        coverage=len(have) / int(rows.counted[slot]),
        have=have,
        missing=(*missing, *unknown),
        average=figures.average,
        count=figures.rating_count,
        title=title,
        method=named.method.texts[rows.method[slot]],
        language=named.language.texts[rows.language[slot]],
    )
