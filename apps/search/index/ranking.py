"""Recipes that have every word of a query, and how well."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.search.index.arrays import Bools, Bytes, Int64, Slots
from apps.search.index.state import State
from apps.search.index.words import Word

# How a word matches decides before where it matches: one more word as written, but for diacritics, outweighs all words
# with their diacritics (16 at most), and one of these any weights: 16 words x 255 x rarity 330 (10^9 recipes) < 2^24.
_FORGIVEN, _SAME, _MARKED = 1, 2, 3
_TIERS = np.array([0, 0, 64 << 24, 65 << 24], np.int64)
_RARITY = 16
_WEIGHT_BITS = 8
# Stems within one typo of a word that are looked at: 704 dense syllables had 15 at most.
_MOST_NEAR = 64
_GLANCE = 64


@dataclass(frozen=True, slots=True)
class Ranking:
    """Slots, ascending, with a positive score each; equal scores are as good."""

    slots: Slots
    scores: Int64


@dataclass(frozen=True, slots=True)
class WordMatches:
    """What a word may mean: for each tier the slots and weights of the forms in it."""

    tiers: list[tuple[int, Slots, Bytes]]

    @classmethod
    def of(cls, state: State, word: Word, *, forgiving: bool) -> Self:
        """Read `word` as its forms, and as what it is within one typo of; if not `forgiving`, only if none has it."""
        forms = state.vocabulary.forms_of_stem(word.stem)
        typed = state.vocabulary.form(word.typed) if word.is_marked else None
        tiers = [(_SAME, *state.words.of([form for form in forms if form != typed]))]
        if typed is not None:
            tiers.append((_MARKED, *state.words.of([typed])))
        if word.forgives_a_typo and (forgiving or not cls(tiers).is_alive(state)):
            tiers.append((_FORGIVEN, *state.words.of(_near_forms(state, word))))
        return cls(tiers)

    @property
    def size(self) -> int:
        return sum(len(slots) for _, slots, _ in self.tiers)

    @property
    def frequency(self) -> int:
        """Postings of the word itself or, if nobody writes it, of those it may be a typo of; at least 1."""
        same = sum(len(slots) for tier, slots, _ in self.tiers if tier != _FORGIVEN)
        return same or self.size or 1

    def is_alive(self, state: State) -> bool:
        """Say whether a live recipe has the word in any of these meanings."""
        return any(state.live[slots[:_GLANCE]].any() or state.live[slots].any() for _, slots, _ in self.tiers)

    def lay(self, slots: int) -> NDArray[np.uint16]:
        """Return for each of so many slots the best tier and, within it, the best weight: `tier << 8 | weight`."""
        laid = np.zeros(slots, np.uint16)
        for tier, places, weights in self.tiers:
            np.maximum.at(laid, places, weights + np.uint16(tier << _WEIGHT_BITS))
        return laid


def rank_recipes(state: State, words: Sequence[Word], eligible: Bools, *, forgiving: bool) -> Ranking:
    """Return the `eligible` recipes that have every word (at least one is given), in any form or within one typo.

    If not `forgiving`, a typo is forgiven only in words that no recipe has; what that leaves out scores below all that
    it finds. O(postings of the words), rarest first.
    """
    readings = [WordMatches.of(state, word, forgiving=forgiving) for word in words]
    rarest, *others = sorted(readings, key=lambda reading: reading.size)
    laid = rarest.lay(state.slots) * eligible
    slots = np.flatnonzero(laid != 0)
    scores = _scores(state.slots, rarest.frequency).take(laid.take(slots))
    for reading in others if len(slots) else ():
        laid = reading.lay(state.slots).take(slots)
        kept = np.flatnonzero(laid != 0)
        slots, scores = slots.take(kept), scores.take(kept)
        scores += _scores(state.slots, reading.frequency).take(laid.take(kept))
    return Ranking(slots, scores)


def _near_forms(state: State, word: Word) -> list[int]:
    near = state.letters.near(word.stem, state.vocabulary.stems, edits=1)
    return [form for _, stem in near[:_MOST_NEAR] for form in state.vocabulary.forms_of[stem]]


def _scores(recipes: int, frequency: int) -> Int64:
    """Return what a word of this frequency adds to the score, for each value that `Reading.lay` can give it."""
    weights = round(_RARITY * log(1 + recipes / frequency)) * np.arange(1 << _WEIGHT_BITS)
    scores: Int64 = np.add.outer(_TIERS, weights).ravel()
    return scores
