"""Rank the recipes that match all terms of a query."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache, reduce
from math import log
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.search.index.arrays import Bools, Int64, Slots
from apps.search.index.queries import Term
from apps.search.index.state import State
from apps.search.index.words import INGREDIENT, TITLE_SYNONYM, Word, fold_phrase, parse_query

# How a word matches outweighs where it matches. One more word that matches without diacritics outweighs all words with
# matching diacritics (at most 16), and one of these outweighs all weights: 16 words x 255 x rarity 330 (10^9 recipes) <
# 2^24.
_FORGIVEN, _SAME, _MARKED = 1, 2, 3
_TIERS = np.array([0, 0, 64 << 24, 65 << 24], np.int64)
_RARITY = 16
_WEIGHT_BITS = 8
# A title that contains all words adjacent and in order outweighs all weights; a title that is exactly these words ranks
# higher still. Each term that a title contains as a phrase counts likewise, up to 16 of them.
_TERM_IN_TITLE, _PHRASE, _WHOLE_TITLE = 1 << 17, 1 << 22, 1 << 23
# Words of titles, folded, that make another dish of the one that is searched for, unless the query has them: who wants
# "thịt kho tàu" has not asked for the vegan one, and "summer rolls" not for the dip beside them.
_OTHERWISE = (
    ("chay", "vegan", "vegetarian", "veggie", "meatless"),
    ("thua", "leftover", "leftovers"),
    ("cho be", "babies", "baby", "toddlers", "kids", "children"),
    ("dip",),
)
_IS_OTHER = _PHRASE + _TERM_IN_TITLE
# Words of the longest name that may contain a term.
_LONGEST_NAME = 6
# Titles of the best recipes that are read for this, 2 µs each. Lower-ranked recipes have some word elsewhere.
_TITLES_READ = 64
# Maximum number of stems within one typo of a word. In a test of 704 similar syllables the maximum was 15.
_MOST_NEAR = 64
_GLANCE = 64

Laid = NDArray[np.uint16]


class Guessing(Enum):
    """Whether typos in a word are forgiven: never, only if no recipe contains the word, or always."""

    NEVER = "never"
    UNKNOWN = "unknown"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Ranking:
    """Slots in ascending order, each with a positive score."""

    slots: Slots
    scores: Int64


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
        tiers = [(_SAME, [form for form in forms if form != typed and form in like])]
        if typed is not None:
            tiers.append((_MARKED, [typed]))
        found = cls._joined(state, tiers)
        if guessing is Guessing.ALWAYS or (guessing is Guessing.UNKNOWN and not found.is_alive(state)):
            near = [form for form in forms if form != typed and form not in like]
            near += _near_forms(state, word) if word.forgives_a_typo else []
            found = cls._joined(state, [*tiers, (_FORGIVEN, near)])
        return found

    @classmethod
    def _joined(cls, state: State, tiers: Sequence[tuple[int, list[int]]]) -> Self:
        found = [(tier, *state.words.of(forms)) for tier, forms in tiers if forms]
        if not found:
            return cls(np.zeros(0, np.intp), np.zeros(0, np.uint16))
        values = [weights | np.uint16(tier << _WEIGHT_BITS) for tier, _, weights in found]
        return cls(np.concatenate([slots for _, slots, _ in found]), np.concatenate(values))

    def is_alive(self, state: State) -> bool:
        """Return whether a live recipe contains any of these forms."""
        return bool(state.live[self.slots[:_GLANCE]].any() or state.live[self.slots].any())

    def lay(self, slots: int) -> Laid:
        """Return the best value for each of `size` slots; 0 if there is none."""
        laid = np.zeros(slots, np.uint16)
        np.maximum.at(laid, self.slots, self.values)
        return laid


def rank_recipes(state: State, terms: Sequence[Term], eligible: Bools, *, forgiving: bool) -> Ranking:
    """Return the `eligible` recipes that match every required term, in any form or within one typo.

    Unless `forgiving`, typos are forgiven only in words that no recipe contains. O(postings of the words).
    """
    guessing = Guessing.ALWAYS if forgiving else Guessing.UNKNOWN
    laid = [(term, _lay(state, term, guessing)) for term in terms]
    there = eligible.copy()
    for term, values in laid:
        if not term.optional:
            there &= values != 0
    slots = np.flatnonzero(there)
    scores = np.zeros(len(slots), np.int64)
    for _, values in laid if len(slots) else ():
        scores += _scores(state.slots, max(1, int(np.count_nonzero(values)))).take(values.take(slots))
    return Ranking(slots, _with_phrases(state, terms, slots, scores))


def rank_nearly(state: State, terms: Sequence[Term], eligible: Bools) -> Ranking:
    """Return the recipes that match all terms but the most common one, which says least."""
    needed = [term for term in terms if not term.optional]
    frequency = {term: int(np.count_nonzero(_lay(state, term, Guessing.UNKNOWN))) for term in needed}
    for left_out in sorted(needed, key=lambda term: -frequency[term] or -state.slots) if len(needed) > 1 else ():
        kept = [replace(term, optional=term.optional or term is left_out) for term in terms]
        found = rank_recipes(state, kept, eligible, forgiving=False)
        if len(found.slots):
            return found
    return Ranking(np.zeros(0, np.intp), np.zeros(0, np.int64))


def terms_of(text: str) -> list[Term]:
    """Return each word of a query as a term."""
    return [Term(word.typed) for word in parse_query(text)]


def _lay(state: State, term: Term, guessing: Guessing) -> Laid:
    """Return how well each slot matches the term. Synonyms count like the typed words."""
    words = parse_query(term.typed, exact=term.exact)
    laid = _match_phrase(state, words, Guessing.NEVER).lay(state.slots)
    if term.parts:
        np.maximum(laid, reduce(np.minimum, (_lay(state, part, Guessing.NEVER) for part in term.parts)), out=laid)
    tier = np.uint16((_MARKED if any(word.is_marked for word in words) else _SAME) << _WEIGHT_BITS)
    for phrase in term.synonyms:
        found = _match_phrase(state, parse_query(phrase, exact=True), Guessing.NEVER)
        weights = np.minimum(found.values & np.uint16(255), np.uint16(TITLE_SYNONYM))
        np.maximum.at(laid, found.slots, weights | tier)
    codes = [code for each in term.ingredient_ids if (code := state.codes.ingredients.find(each)) is not None]
    for postings, weight in ((state.ingredients, INGREDIENT), (state.titles, TITLE_SYNONYM)) if codes else ():
        slots, _ = postings.of(codes)
        laid[slots] = np.maximum(laid[slots], tier | np.uint16(weight))
    if guessing is Guessing.ALWAYS or (guessing is Guessing.UNKNOWN and not laid[state.live].any()):
        guessed = _match_phrase(state, words, guessing)
        np.maximum.at(laid, guessed.slots, guessed.values)
    return laid


def _match_phrase(state: State, words: Sequence[Word], guessing: Guessing) -> WordMatches:
    """Return the slots that contain all the words, with the value of the weakest match."""
    found = [WordMatches.of(state, word, guessing) for word in words]
    rarest, *others = sorted(found, key=lambda each: len(each.slots))
    for other in others if len(rarest.slots) else ():
        values = np.minimum(rarest.values, other.lay(state.slots).take(rarest.slots))
        kept = np.flatnonzero(values)
        rarest = WordMatches(rarest.slots.take(kept), values.take(kept))
    return rarest


def _with_phrases(state: State, terms: Sequence[Term], slots: Slots, scores: Int64) -> Int64:
    """Return the scores plus a bonus for titles in which words are adjacent as in the query."""
    if not len(slots):
        return scores
    asked = _Phrases.of(terms)
    first = np.argpartition(scores, -_TITLES_READ)[-_TITLES_READ:] if len(slots) > _TITLES_READ else range(len(slots))
    for place in map(int, first):
        titles = state.folded_titles(int(slots[place]))
        scores[place] += asked.bonus([f" {title} " for title in titles])
    return scores


@dataclass(frozen=True, slots=True)
class _Phrases:
    """The phrases of a query, folded and surrounded by spaces: the whole, and each term's with what contains it."""

    whole: tuple[str, ...]
    terms: tuple[tuple[tuple[str, ...], frozenset[str]], ...]
    unasked: tuple[str, ...]

    @classmethod
    def of(cls, terms: Sequence[Term]) -> Self:
        """Read the terms. Where one term is the whole query, its synonyms are too."""
        needed = [term for term in terms if not term.optional]
        names = [_folded(term.typed, *term.synonyms) for term in needed]
        query = _folded(" ".join(term.typed for term in needed))
        typed = "".join(_folded(*(term.typed for term in terms)))
        return cls(
            whole=names[0] if len(names) == 1 else query,
            terms=tuple((own, _names(term.within)) for own, term in zip(names, needed, strict=True)),
            unasked=tuple(word for group in _OTHERWISE for word in _unasked(_folded(*group), typed)),
        )

    def bonus(self, titles: Sequence[str]) -> int:
        """Return the bonus for the order of words in the titles of one recipe, below 0 for another dish."""
        is_other = any(word in title for word in self.unasked for title in titles)
        found = [self._bonus(title) for title in titles]
        best = max(found)
        return (best if best > 0 else min(found)) - (_IS_OTHER if is_other else 0)

    def _bonus(self, title: str) -> int:
        found = [_named(title, names, within) for names, within in self.terms]
        bonus = sum(found)
        if min(found, default=0) <= 0:
            return bonus
        if title in self.whole:
            return bonus + _WHOLE_TITLE
        return bonus + (_PHRASE if self.whole[0] in title else 0)


def _named(title: str, names: Sequence[str], within: AbstractSet[str]) -> int:
    """Return the bonus for a term that a title has as a phrase; below 0 where only longer names contain it."""
    found = [name for name in names if name in title]
    if not found:
        return 0
    if not within or any(_stands_alone(name.split(), title.split(), within) for name in found):
        return _TERM_IN_TITLE
    return -_TERM_IN_TITLE


def _stands_alone(name: Sequence[str], title: Sequence[str], within: AbstractSet[str]) -> bool:
    """Say whether the words of `name` are somewhere in the title without a longer name around them."""
    places = (at for at in range(len(title) - len(name) + 1) if title[at : at + len(name)] == name)
    return any(not _is_within(at, at + len(name), title, within) for at in places)


def _is_within(first: int, end: int, title: Sequence[str], within: AbstractSet[str]) -> bool:
    return any(
        " ".join(title[start:stop]) in within
        for start in range(max(0, end - _LONGEST_NAME), first + 1)
        for stop in range(end, min(len(title), start + _LONGEST_NAME) + 1)
    )


def _unasked(words: tuple[str, ...], typed: str) -> tuple[str, ...]:
    """Return the words unless the query has one of them."""
    return () if any(word in typed for word in words) else words


def _folded(*phrases: str) -> tuple[str, ...]:
    return tuple(map(_surrounded, phrases))


@lru_cache(maxsize=4096)
def _names(within: tuple[str, ...]) -> frozenset[str]:
    """Return names folded, as titles are."""
    return frozenset(map(fold_phrase, within))


# Synonyms and longer names repeat between queries; folding one takes some microseconds.
@lru_cache(maxsize=8192)
def _surrounded(phrase: str) -> str:
    return f" {fold_phrase(phrase)} "


def _near_forms(state: State, word: Word) -> list[int]:
    near = state.letters.near(word.stem, state.vocabulary.stems, edits=1)
    return [form for _, stem in near[:_MOST_NEAR] for form in state.vocabulary.forms_of[stem]]


def _scores(recipes: int, frequency: int) -> Int64:
    """Return the score of a term of this frequency for each possible value of `_lay`."""
    weights = round(_RARITY * log(1 + recipes / frequency)) * np.arange(1 << _WEIGHT_BITS)
    scores: Int64 = np.add.outer(_TIERS, weights).ravel()
    return scores
