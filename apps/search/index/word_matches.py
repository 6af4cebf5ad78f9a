"""The recipes that contain a word, or all words of a phrase, and how well each matches."""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.search.index.arrays import Bools, Slots
from apps.search.index.queries import Term
from apps.search.index.state import State
from apps.search.index.words import DESCRIPTION, TRANSLATED_TITLE, Word

# How a word matches, from a guess to the very same letters.
FORGIVEN, SAME, MARKED = 1, 2, 3
WEIGHT_BITS = 8
# Maximum number of stems within one typo of a word. In a test of 704 similar syllables the maximum was 15.
_MOST_NEAR = 64
_GLANCE = 64
# Where fewer slots are left, looking each up in another word's postings is faster than laying all of these out.
_FEW = 512
# Maximum number of words that an unfinished one may become.
_MOST_COMPLETIONS = 64

Laid = NDArray[np.uint16]


class Guessing(Enum):
    """What is forgiven in a word: nothing, diacritics, or also a typo, only if no recipe has the word, or always."""

    NEVER = "never"
    DIACRITICS = "diacritics"
    UNKNOWN = "unknown"
    ALWAYS = "always"


_ANYWAY = frozenset({Guessing.ALWAYS, Guessing.DIACRITICS})


Part = tuple[Slots, Laid]


@dataclass(frozen=True, slots=True)
class WordMatches:
    """The slots that contain a word, with `tier << 8 | weight`.

    They come in parts: in each, slots are ascending and occur once.
    """

    parts: Sequence[Part] = ()

    def __len__(self) -> int:
        """Return the number of matches. A slot counts once for each part in which it is."""
        return sum(len(slots) for slots, _ in self.parts)

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
        parts = _parts(state, SAME, [form for form in forms if form != typed and form in like])
        parts += _parts(state, MARKED, [typed]) if typed is not None else []
        found = cls(parts)
        if guessing in _ANYWAY or (guessing is Guessing.UNKNOWN and not found.is_alive(state)):
            near = [form for form in forms if form != typed and form not in like]
            near += _near_forms(state, word) if word.forgives_a_typo and guessing is not Guessing.DIACRITICS else []
            found = cls([*parts, *_merged(state, FORGIVEN, near)])
        return found

    @classmethod
    def beginning(cls, state: State, word: Word) -> Self:
        """Return the matches of the forms that begin with a word, the commonest if there are many."""
        stems = state.letters.beginning(word.stem, state.vocabulary.stems)
        forms = [form for stem in stems for form in state.vocabulary.forms_of[stem]]
        forms = [form for form in forms if not word.is_marked or _begins(state.vocabulary.forms[form], word)]
        return cls(_merged(state, SAME, heapq.nlargest(_MOST_COMPLETIONS, forms, state.words.count)))

    def is_alive(self, state: State) -> bool:
        """Return whether a live recipe contains any of these forms."""
        return any(state.live[slots[:_GLANCE]].any() or state.live[slots].any() for slots, _ in self.parts)

    def within(self, other: Callable[[Slots], Laid]) -> Self:
        """Return the slots for which `other` has a value as well, with the lower one."""
        found = []
        for slots, values in self.parts:
            lower = np.minimum(values, other(slots))
            kept = np.flatnonzero(lower != 0)
            if len(kept):
                found.append((slots.take(kept), lower.take(kept)))
        return type(self)(found)

    def at(self, wanted: Slots) -> Laid:
        """Return the best value for each of some slots; 0 if there is none. O(log n) for each."""
        best = np.zeros(len(wanted), np.uint16)
        for slots, values in self.parts:
            places = slots.searchsorted(wanted)
            is_there = slots.take(places, mode="clip") == wanted
            np.maximum(best, values.take(places, mode="clip") * is_there, out=best)
        return best

    def lay(self, slots: int) -> Laid:
        """Return the best value for each of `size` slots; 0 if there is none."""
        laid = np.zeros(slots, np.uint16)
        self.raise_values(laid)
        return laid

    def raise_values(self, laid: Laid) -> None:
        """Raise the values in `laid` to these."""
        for slots, values in self.parts:
            np.maximum.at(laid, slots, values)

    def named(self, phrase: str, *, most: int, tier: int, only_titles: bool = False) -> Self:
        """Return the matches in this tier, with weights of at most `most` for a phrase that means the same.

        With `only_titles` other places hardly count.
        """
        marked = np.uint16(tier << WEIGHT_BITS)
        return type(self)(
            [(slots, _limited(values, phrase, most, only_titles=only_titles) | marked) for slots, values in self.parts]
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the postings of one state for one query. Synonyms share words, so each word is read once.

    `known` are the results for whole terms, which are tried again with guesses. They are shared: nobody changes them.
    """

    state: State
    known: dict[Term, Laid] = field(default_factory=dict)
    _named: dict[frozenset[str], Bools] = field(default_factory=dict)
    _matches: dict[tuple[Word, Guessing], WordMatches] = field(default_factory=dict)
    _laid: dict[tuple[Word, Guessing], Laid] = field(default_factory=dict)

    def phrase(self, words: Sequence[Word], guessing: Guessing = Guessing.NEVER) -> WordMatches:
        """Return the slots that contain all the words, with the value of the weakest match."""
        sizes: list[tuple[int, Word]] = []
        for word in words:
            sizes.append((len(self._of(word, guessing)), word))
            if not sizes[-1][0]:
                return WordMatches()
        (_, first), *others = sorted(sizes, key=lambda each: each[0])
        rarest = self._of(first, guessing)
        for _, other in others:
            if not rarest.parts:
                break
            is_rare = len(rarest) < _FEW and (other, guessing) not in self._laid
            rarest = rarest.within(self._of(other, guessing).at if is_rare else self._lay(other, guessing).take)
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


def _begins(form: str, word: Word) -> bool:
    """Say whether a form begins as typed; a vowel may still get its diacritics: "bò kh", "gà n"."""
    return form.startswith(word.typed) or word.typed == word.stem


def _parts(state: State, tier: int, forms: Sequence[int]) -> list[Part]:
    return [(slots, weights | np.uint16(tier << WEIGHT_BITS)) for slots, weights in state.words.parts(forms)]


def _merged(state: State, tier: int, forms: Sequence[int]) -> list[Part]:
    """Return the matches of many forms in one part."""
    slots, weights = state.words.of(forms)
    if not len(slots):
        return []
    laid = np.zeros(state.slots, np.uint16)
    np.maximum.at(laid, slots, weights | np.uint16(tier << WEIGHT_BITS))
    there = np.flatnonzero(laid != 0)
    return [(there, laid.take(there))]


def _limited(values: Laid, phrase: str, most: int, *, only_titles: bool) -> Laid:
    """Return the weights, at most `most`; low ones where a phrase with diacritics was found without them.

    "chao" (fermented tofu) is hardly meant by "cháo" (porridge), unless a recipe is written without diacritics.
    """
    weights: Laid = np.minimum(values & np.uint16(255), np.uint16(most))
    if phrase.isascii() and not only_titles:
        return weights
    is_sure: Bools = np.ones(len(values), np.bool_)
    if only_titles:
        is_sure &= weights >= TRANSLATED_TITLE
    if not phrase.isascii():
        is_sure &= values >> WEIGHT_BITS == MARKED
    sure: Laid = np.where(is_sure, weights, np.minimum(weights, np.uint16(DESCRIPTION)))
    return sure


def _near_forms(state: State, word: Word) -> list[int]:
    near = state.letters.near(word.stem, state.vocabulary.stems, edits=1)
    return [form for _, stem in near[:_MOST_NEAR] for form in state.vocabulary.forms_of[stem]]
