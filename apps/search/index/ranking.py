"""Recipes that have every word of a query, and how well."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from apps.search.index.arrays import Bools, Bytes, Int64, Slots
from apps.search.index.state import State
from apps.search.index.text import Word

# How a word matches decides before where it matches: one more word as typed, but for diacritics, outweighs any 32 words
# with their diacritics, and one of these any weights: at most 32 words x 255 x rarity 330 (at 10^9 recipes) < 2^24.
_FORGIVEN, _SAME, _MARKED = 1, 2, 3
_TIERS = np.array([0, 0, 64 << 24, 65 << 24], np.int64)
_RARITY = 16
_WEIGHT_BITS = 8
# Words within one typo of a common word can be many; the first of them in the vocabulary are enough to forgive.
_MOST_NEAR = 64


@dataclass(frozen=True, slots=True)
class Ranking:
    """Slots, ascending, with a positive score each; equal scores are as good."""

    slots: Slots
    scores: Int64


@dataclass(frozen=True, slots=True)
class Reading:
    """What a word may mean: for each tier the slots and weights of the forms in it."""

    tiers: list[tuple[int, Slots, Bytes]]

    @property
    def size(self) -> int:
        return sum(len(slots) for _, slots, _ in self.tiers)

    @property
    def frequency(self) -> int:
        """Postings of the word itself or, if nobody writes it, of those it may be a typo of."""
        same = sum(len(slots) for tier, slots, _ in self.tiers if tier != _FORGIVEN)
        return same or self.size

    def lay(self, size: int) -> NDArray[np.uint16]:
        """Return for each of `size` slots the best tier and, within it, the best weight: `tier << 8 | weight`."""
        laid = np.zeros(size, np.uint16)
        for tier, slots, weights in self.tiers:
            np.maximum.at(laid, slots, weights + np.uint16(tier << _WEIGHT_BITS))
        return laid


def ranked(state: State, words: Sequence[Word], eligible: Bools, *, forgiving: bool) -> Ranking:
    """Return the `eligible` recipes that have every word, in any form or within one typo.

    If not `forgiving`, a typo is forgiven only in words that no recipe has: in a list that is not by relevance, recipes
    for "hành" would stand between those for "canh". There is at least one word. O(postings of the words), rarest first.
    """
    readings = sorted((read(state, word, forgiving=forgiving) for word in words), key=lambda reading: reading.size)
    rarest, *others = readings
    laid = rarest.lay(state.slots) * eligible
    slots = np.flatnonzero(laid)
    scores = _scores(laid[slots], state.slots, rarest.frequency)
    for reading in others if len(slots) else ():
        laid = reading.lay(state.slots)[slots]
        kept = np.flatnonzero(laid)
        slots, scores = slots[kept], scores[kept] + _scores(laid[kept], state.slots, reading.frequency)
    return Ranking(slots, scores)


def read(state: State, word: Word, *, forgiving: bool) -> Reading:
    """Return what `word` may mean in `state`."""
    forms = state.vocabulary.forms_of_stem(word.stem)
    typed = state.vocabulary.form(word.typed) if word.is_marked else None
    tiers = [_tier(state, _SAME, [form for form in forms if form != typed])]
    if typed is not None:
        tiers.append(_tier(state, _MARKED, [typed]))
    if word.forgives_a_typo and (forgiving or not any(state.live[slots].any() for _, slots, _ in tiers)):
        tiers.append(_tier(state, _FORGIVEN, _near_forms(state, word)))
    return Reading([tier for tier in tiers if len(tier[1])])


def is_known(state: State, word: Word) -> bool:
    """Say whether a recipe has `word`, in any form or within one typo."""
    return any(state.live[slots].any() for _, slots, _ in read(state, word, forgiving=True).tiers)


def _tier(state: State, tier: int, forms: Sequence[int]) -> tuple[int, Slots, Bytes]:
    return (tier, *state.words.of(forms))


def _near_forms(state: State, word: Word) -> list[int]:
    near = state.letters.near(word.stem, state.vocabulary.stems, edits=1)
    return [form for _, stem in near[:_MOST_NEAR] for form in state.vocabulary.forms_of[stem]]


def _scores(laid: NDArray[np.uint16], recipes: int, postings: int) -> Int64:
    rarity = round(_RARITY * log(1 + recipes / max(postings, 1)))
    scores: Int64 = _TIERS[laid >> _WEIGHT_BITS] + rarity * (laid & 255).astype(np.int64)
    return scores
