"""The recipes that contain a word, or all words of a phrase, and how well each matches."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.search.index.arrays import Bools, Slots
from apps.search.index.queries import Term
from apps.search.index.state import State
from apps.search.index.words import DESCRIPTION, Word

# How a word matches, from a guess to the very same letters.
FORGIVEN, SAME, MARKED = 1, 2, 3
WEIGHT_BITS = 8
# Maximum number of stems within one typo of a word. In a test of 704 similar syllables the maximum was 15.
_MOST_NEAR = 64
_GLANCE = 64

Laid = NDArray[np.uint16]


class Guessing(Enum):
    """What is forgiven in a word: nothing, diacritics, or also a typo, only if no recipe has the word, or always."""

    NEVER = "never"
    DIACRITICS = "diacritics"
    UNKNOWN = "unknown"
    ALWAYS = "always"


_ANYWAY = frozenset({Guessing.ALWAYS, Guessing.DIACRITICS})


@dataclass(frozen=True, slots=True)
class WordMatches:
    """The slots that contain a word, with `tier << 8 | weight`. A slot may occur repeatedly."""

    slots: Slots
    values: Laid

    @classmethod
    def of(cls, state: State, word: Word, guessing: Guessing) -> Self:
        """Return the matches of a word's forms, and when guessing also of forms within one typo.

        A word with diacritics matches itself and forms without any; other diacritics count as a typo.
        """
        forms = [form for stem in (word.stem, *word.inflections) for form in state.vocabulary.forms_of_stem(stem)]
        typed = state.vocabulary.form(word.typed) if word.is_marked else None
        like = (
            {state.vocabulary.form(each) for each in (word.stem, *word.inflections)} if word.is_marked else set(forms)
        )
        tiers = [(SAME, [form for form in forms if form != typed and form in like])]
        if typed is not None:
            tiers.append((MARKED, [typed]))
        found = cls._joined(state, tiers)
        if guessing in _ANYWAY or (guessing is Guessing.UNKNOWN and not found.is_alive(state)):
            near = [form for form in forms if form != typed and form not in like]
            near += _near_forms(state, word) if word.forgives_a_typo and guessing is not Guessing.DIACRITICS else []
            found = cls._joined(state, [*tiers, (FORGIVEN, near)])
        return found

    @classmethod
    def _joined(cls, state: State, tiers: Sequence[tuple[int, list[int]]]) -> Self:
        found = [(tier, *state.words.of(forms)) for tier, forms in tiers if forms]
        if not found:
            return cls(np.zeros(0, np.intp), np.zeros(0, np.uint16))
        values = [weights | np.uint16(tier << WEIGHT_BITS) for tier, _, weights in found]
        return cls(np.concatenate([slots for _, slots, _ in found]), np.concatenate(values))

    def weights_of(self, phrase: str, *, most: int) -> Laid:
        """Return the weights, at most `most`; low ones where a phrase with diacritics was found without them.

        "chao" (fermented tofu) is hardly meant by "cháo" (porridge), unless a recipe is written without diacritics.
        """
        weights: Laid = np.minimum(self.values & np.uint16(255), np.uint16(most))
        if phrase.isascii():
            return weights
        low: Laid = np.where(self.values >> WEIGHT_BITS == MARKED, weights, np.minimum(weights, np.uint16(DESCRIPTION)))
        return low

    def is_alive(self, state: State) -> bool:
        """Return whether a live recipe contains any of these forms."""
        return bool(state.live[self.slots[:_GLANCE]].any() or state.live[self.slots].any())

    def lay(self, slots: int) -> Laid:
        """Return the best value for each of `size` slots; 0 if there is none."""
        laid = np.zeros(slots, np.uint16)
        np.maximum.at(laid, self.slots, self.values)
        return laid


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the postings of one state for one query. Synonyms share words, so each word is read once.

    `known` are the results for whole terms, which are tried again with guesses.
    """

    state: State
    known: dict[Term, Laid] = field(default_factory=dict)
    _named: dict[frozenset[str], Bools] = field(default_factory=dict)
    _matches: dict[tuple[Word, Guessing], WordMatches] = field(default_factory=dict)
    _laid: dict[tuple[Word, Guessing], Laid] = field(default_factory=dict)

    def phrase(self, words: Sequence[Word], guessing: Guessing = Guessing.NEVER) -> WordMatches:
        """Return the slots that contain all the words, with the value of the weakest match."""
        found: list[tuple[int, Word]] = []
        for word in words:
            found.append((len(self._of(word, guessing).slots), word))
            if not found[-1][0]:
                return self._of(word, guessing)
        (_, first), *others = sorted(found, key=lambda each: each[0])
        rarest = self._of(first, guessing)
        for _, other in others if len(rarest.slots) else ():
            values = np.minimum(rarest.values, self._lay(other, guessing).take(rarest.slots))
            kept = np.flatnonzero(values)
            rarest = WordMatches(rarest.slots.take(kept), values.take(kept))
        return rarest

    def named_in_titles(self, term: Term) -> Bools:
        """Return for each slot whether its titles name an ingredient of the term, by any of its names."""
        found = self._named.get(term.ingredient_ids)
        if found is None:
            found = self._named[term.ingredient_ids] = np.zeros(self.state.slots, np.bool_)
            found[self.state.titles.of(self.codes(term))[0]] = True
        return found

    def codes(self, term: Term) -> list[int]:
        """Return the codes of the term's ingredients that some recipe has."""
        find = self.state.codes.ingredients.find
        return [code for each in term.ingredient_ids if (code := find(each)) is not None]

    def _of(self, word: Word, guessing: Guessing) -> WordMatches:
        found = self._matches.get((word, guessing))
        if found is None:
            found = self._matches[word, guessing] = WordMatches.of(self.state, word, guessing)
        return found

    def _lay(self, word: Word, guessing: Guessing) -> Laid:
        found = self._laid.get((word, guessing))
        if found is None:
            found = self._laid[word, guessing] = self._of(word, guessing).lay(self.state.slots)
        return found


def _near_forms(state: State, word: Word) -> list[int]:
    near = state.letters.near(word.stem, state.vocabulary.stems, edits=1)
    return [form for _, stem in near[:_MOST_NEAR] for form in state.vocabulary.forms_of[stem]]
