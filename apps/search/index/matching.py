"""Recipes that can be cooked with the ingredients at hand."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from apps.search.index.arrays import Bools, Bytes, Slots
from apps.search.index.filters import Filter
from apps.search.index.lines import ESSENTIAL, UNCOUNTED
from apps.search.index.queries import MatchQuery
from apps.search.index.results import Candidate
from apps.search.index.selection import select_best
from apps.search.index.state import State

Floats = NDArray[np.float64]

# Ratings start from five imaginary ones of 3.5 stars: one enthusiast doesn't outrank fifty readers who agree on 4.8,
# and a recipe without ratings ranks above a badly rated one.
PRIOR_RATINGS = 5
PRIOR_AVERAGE = 3.5
# The degree to which a declared substitute satisfies an ingredient.
SUBSTITUTE = 0.9
# An essential ingredient is at hand only from this degree on.
ESSENTIAL_LEAST = 0.55
# The weight of a minor ingredient (an aromatic, a herb, a condiment) relative to a main one.
MINOR = 0.35
# Using three of the named ingredients counts as using all, however long the list.
ENOUGH_USED = 3.0

# Weights of the parts of a match, each from 0 to 1, in its score. The reader's language outweighs a little coverage,
# since a recipe that one can't read is useless. Tuned with `manage.py judge_suggestions`.
COVERAGE, USED, LANGUAGE, URGENT, RATING = 0.45, 0.4, 0.25, 0.15, 0.05
MISSING = 0.12


def match(state: State, query: MatchQuery) -> list[Candidate]:
    """Return up to `query.limit` candidates by descending score (`_scores`), then rating, ratings, newest id.

    All essential ingredients of a candidate are at hand, and at least the share `query.min_coverage` of the counted
    ones. O(postings of the ingredients + lines of the recipes that share enough of them). Applies exclusions first.
    """
    at_hand = _AtHand.of(state, query)
    slots = at_hand.near(eligible(state, query), query.min_coverage)
    fits = _Fits.of(state, query, at_hand, slots)
    fits = fits.where(fits.qualify(query))
    scores = _scores(state, query, fits)
    chosen = _best(state, fits.slots, scores, query.limit + len(query.exclude))
    kept = (place for place in chosen.tolist() if state.recipe_id(int(fits.slots[place])) not in query.exclude)
    return [
        _candidate(state, int(fits.slots[place]), query, at_hand, float(scores[place]))
        for place, _ in zip(kept, range(query.limit), strict=False)
    ]


def eligible(state: State, query: MatchQuery) -> Bools:
    """Return the slots that may be offered to this person at all."""
    narrowed = Filter(state)
    narrowed.mask &= state.rows.knows_essentials
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


@dataclass(frozen=True, slots=True)
class _AtHand:
    """The degree to which each ingredient (by code), and each line with a substitute at hand, is satisfied."""

    state: State
    codes: list[int]
    degrees: NDArray[np.float32]
    stood_in: NDArray[np.float32]

    @classmethod
    def of(cls, state: State, query: MatchQuery) -> "_AtHand":
        find = state.codes.ingredients.find
        known = {code: degree for each, degree in query.have.items() if (code := find(each)) is not None}
        degrees = np.zeros(len(state.codes.ingredients.texts), np.float32)
        degrees[list(known)] = list(known.values())
        lines = state.lines
        others = degrees[lines.substitute_codes] * np.float32(SUBSTITUTE)
        stood_in = np.zeros(len(lines), np.float32)
        there = np.flatnonzero(others)
        np.maximum.at(stood_in, lines.substitute_lines[there], others[there])
        return cls(state, sorted(known), degrees, stood_in)

    def near(self, mask: Bools, least: float) -> Slots:
        """Return the slots in `mask` that may have the share `least` of their ingredients at hand, at least one.

        A superset: whole percents in 16 bits rule out most slots in two passes.
        """
        state = self.state
        slots, counted = state.ingredients.of(self.codes)
        have = np.zeros(state.slots, np.uint8)
        np.add.at(have, slots, counted)
        others = np.flatnonzero(self.stood_in)
        np.add.at(have, np.searchsorted(state.rows.lines_at, others, side="right") - 1, np.uint8(1))
        percent = np.uint16(min(max(int(least * 100), 0), 100))
        enough = np.multiply(have, np.uint16(100)) >= np.multiply(state.rows.counted, percent)
        return np.flatnonzero(enough & (have > 0) & mask & (state.rows.lines_size > 0))

    def of_lines(self, places: Slots) -> NDArray[np.float32]:
        """Return the degree to which each line is satisfied."""
        return np.maximum(self.degrees[self.state.lines.codes[places]], self.stood_in[places])


@dataclass(frozen=True, slots=True)
class _Fits:
    """How recipes fit what is at hand, one element per slot: counts, sums of weights, and shares from 0 to 1."""

    slots: Slots
    counted: Bytes
    have: NDArray[np.int64]
    lacks_essential: Bools
    coverage: Floats
    missing: Floats
    used: Floats
    urgent: Floats

    @classmethod
    def of(cls, state: State, query: MatchQuery, at_hand: _AtHand, slots: Slots) -> "_Fits":
        rows, lines = state.rows, state.lines
        sizes = rows.lines_size[slots].astype(np.int64)
        starts = np.cumsum(sizes) - sizes
        places = np.repeat(rows.lines_at[slots] - starts, sizes) + np.arange(int(sizes.sum()))
        codes, roles = lines.codes[places], lines.roles[places]
        degrees = at_hand.of_lines(places)
        weights = _weights(state, query)[codes] * (roles > UNCOUNTED)
        had = (degrees > 0) & (roles > UNCOUNTED)

        def summed(values: NDArray[np.float64] | NDArray[np.bool_]) -> Floats:
            return np.add.reduceat(values.astype(np.float64), starts) if len(slots) else np.zeros(0)

        counted = rows.counted[slots]
        unknown = counted - summed(roles > UNCOUNTED)
        whole = summed(weights) + unknown
        wanted, urgent = _used(state, query, places, starts)
        return cls(
            slots,
            counted,
            summed(had).astype(np.int64),
            summed((roles == ESSENTIAL) & (degrees < ESSENTIAL_LEAST)) > 0,
            summed(weights * degrees) / np.maximum(whole, MINOR),
            summed(weights * ~had) + unknown,
            wanted,
            urgent,
        )

    def qualify(self, query: MatchQuery) -> Bools:
        enough = self.have / np.maximum(self.counted, 1) >= query.min_coverage
        few = self.counted - self.have <= (255 if query.max_missing is None else query.max_missing)
        return enough & few & (self.have > 0) & ~self.lacks_essential & (self.used >= query.min_used)

    def where(self, mask: Bools) -> "_Fits":
        return _Fits(*(getattr(self, name)[mask] for name in self.__slots__))


def _weights(state: State, query: MatchQuery) -> Floats:
    """Return the weight of each ingredient code."""
    weights = np.ones(len(state.codes.ingredients.texts))
    find = state.codes.ingredients.find
    weights[[code for each in query.minor if (code := find(each)) is not None]] = MINOR
    return weights


def _used(state: State, query: MatchQuery, places: Slots, starts: Slots) -> tuple[Floats, Floats]:
    """Return for each recipe the share of wanted, and of urgent, ingredients that it uses, in any role."""
    if not query.wanted or not len(starts):
        return np.ones(len(starts)), np.zeros(len(starts))
    bits = np.zeros(len(state.codes.ingredients.texts), np.uint64)
    find = state.codes.ingredients.find
    for number, each in enumerate(query.wanted):
        codes = [code for need in each.satisfies if (code := find(need)) is not None]
        bits[codes] |= np.uint64(1 << number)
    met = np.bitwise_or.reduceat(_with_substitutes(state, bits, places), starts)
    return _shares(query, met, urgent=False), _shares(query, met, urgent=True)


def _with_substitutes(state: State, bits: NDArray[np.uint64], places: Slots) -> NDArray[np.uint64]:
    """Return the bits of the ingredients at `places` (ascending) and of their substitutes."""
    found, lines = bits[state.lines.codes[places]], state.lines
    others = np.flatnonzero(bits[lines.substitute_codes])
    at = np.searchsorted(places, lines.substitute_lines[others])
    there = np.flatnonzero(places[np.minimum(at, len(places) - 1)] == lines.substitute_lines[others])
    np.bitwise_or.at(found, at[there], bits[lines.substitute_codes[others[there]]])
    return found


def _shares(query: MatchQuery, met: NDArray[np.uint64], *, urgent: bool) -> Floats:
    numbered = [(number, each) for number, each in enumerate(query.wanted) if each.is_urgent or not urgent]
    total = min(sum(each.weight for _, each in numbered), ENOUGH_USED)
    used = np.zeros(len(met))
    for number, each in numbered:
        used += each.weight * ((met >> np.uint64(number)) & np.uint64(1))
    return np.minimum(used / total, 1.0) if total else used


def _scores(state: State, query: MatchQuery, fits: _Fits) -> Floats:
    """Return the scores, rounded to six decimals. See the constants for their parts."""
    code = state.codes.language.find(query.language) if query.language else None
    spoken = state.rows.language[fits.slots] == code if code is not None else np.zeros(len(fits.slots))
    score = COVERAGE * fits.coverage + USED * fits.used + URGENT * fits.urgent + LANGUAGE * spoken
    score += RATING * (_ratings(state, fits.slots) - PRIOR_AVERAGE) / 1.5 - MISSING * fits.missing
    return np.asarray(np.round(score, 6))


def _ratings(state: State, slots: Slots) -> Floats:
    figures = state.figures
    total = figures.rating_sum[slots] + PRIOR_RATINGS * PRIOR_AVERAGE
    return np.asarray(total / (figures.rating_count[slots] + float(PRIOR_RATINGS)))


def _best(state: State, slots: Slots, scores: Floats, limit: int) -> Slots:
    """Return the positions in `slots` of the best ones."""
    return select_best(
        np.arange(len(slots)),
        limit,
        lambda places: scores[places],
        lambda places: _ratings(state, slots[places]),
        lambda places: state.figures.rating_count[slots[places]],
        lambda places: state.rows.recipe_id[slots[places]],
    )


def _candidate(state: State, slot: int, query: MatchQuery, at_hand: _AtHand, score: float) -> Candidate:
    rows, named = state.rows, state.codes
    title, *unknown = state.text(slot)
    start = int(rows.lines_at[slot])
    places = np.arange(start, start + int(rows.lines_size[slot]))
    counted = places[state.lines.roles[places] > UNCOUNTED]
    degrees = dict(zip(counted.tolist(), at_hand.of_lines(counted).tolist(), strict=True))
    names = {place: named.ingredients.texts[state.lines.codes[place]] for place in counted.tolist()}
    figures = state.figures_of(slot)
    have = tuple(names[place] for place, degree in degrees.items() if degree)
    return Candidate(
        recipe_id=figures.recipe_id,
        score=score,
        coverage=len(have) / int(rows.counted[slot]),
        have=have,
        missing=(*(names[place] for place, degree in degrees.items() if not degree), *unknown),
        substituted=_substituted(state, counted, at_hand),
        essential=tuple(names[place] for place in names if state.lines.roles[place] == ESSENTIAL),
        average=figures.average,
        count=figures.rating_count,
        title=title,
        method=named.method.texts[rows.method[slot]],
        language=named.language.texts[rows.language[slot]],
    )


def _substituted(state: State, counted: Slots, at_hand: _AtHand) -> dict[str, str]:
    """Return the ingredients that only a declared substitute satisfies, each with the best one at hand."""
    texts, lines = state.codes.ingredients.texts, state.lines
    found: dict[str, str] = {}
    for place in counted[at_hand.stood_in[counted] > at_hand.degrees[lines.codes[counted]]].tolist():
        others = [code for _, code in lines.substitutes(place, place + 1)]
        found[texts[lines.codes[place]]] = texts[max(others, key=lambda code: at_hand.degrees[code])]
    return found
