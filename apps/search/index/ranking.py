"""Rank the recipes that match all terms of a query."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from math import log

import numpy as np

from apps.search.index.arrays import Bools, Int64, Slots
from apps.search.index.phrases import Phrases
from apps.search.index.queries import Term
from apps.search.index.word_matches import MARKED, SAME, WEIGHT_BITS, Guessing, Laid, Reader
from apps.search.index.words import INGREDIENT, TITLE_SYNONYM, Word, parse_query

# How a word matches outweighs where it matches. One more word that matches without diacritics outweighs all words with
# matching diacritics (at most 16), and one of these outweighs all weights: 16 words x 255 x rarity 330 (10^9 recipes) <
# 2^24.
_TIERS = np.array([0, 0, 64 << 24, 65 << 24], np.int64)
_RARITY = 16
# An optional word counts by where it is, and never more than a phrase in a title.
_WEIGHT = np.uint16((1 << WEIGHT_BITS) - 1)
# Titles of the best recipes that are read for phrases, 5 µs each. Lower-ranked recipes have some word elsewhere.
_TITLES_READ = 40


@dataclass(frozen=True, slots=True)
class Ranking:
    """Slots in ascending order, each with a positive score. `is_guess` if no recipe has the words as typed."""

    slots: Slots
    scores: Int64
    is_guess: bool = False


def rank_recipes(reader: Reader, terms: Sequence[Term], eligible: Bools, *, forgiving: bool) -> Ranking:
    """Return the `eligible` recipes that match every required term, in any form or within one typo.

    Unless `forgiving`, typos are forgiven only in words that no recipe contains. O(postings of the words).
    """
    guessing = Guessing.ALWAYS if forgiving else Guessing.UNKNOWN
    laid = [(term, *_lay(reader, term, guessing)) for term in terms]
    there, is_guess = eligible.copy(), False
    for term, values, is_guessed in laid:
        if not term.optional:
            there &= values != 0
            is_guess |= is_guessed
    slots = np.flatnonzero(there)
    scores = np.zeros(len(slots), np.int64)
    for term, values, _ in laid if len(slots) else ():
        counted = values & _WEIGHT if term.optional else values
        scores += _scores(reader.state.slots, max(1, int(np.count_nonzero(values)))).take(counted.take(slots))
    return Ranking(slots, _with_phrases(reader, terms, slots, scores), is_guess)


def rank_nearly(reader: Reader, terms: Sequence[Term], eligible: Bools) -> Ranking:
    """Return the recipes that match all terms but one: an unknown one, else the commonest word, else the last food."""
    needed = [term for term in terms if not term.optional]
    frequency = {term: int(np.count_nonzero(_lay(reader, term, Guessing.UNKNOWN)[0])) for term in needed}

    def loss(term: Term) -> tuple[bool, int]:
        if not frequency[term]:
            return False, -reader.state.slots
        return (True, -needed.index(term)) if term.ingredient_ids else (False, -frequency[term])

    for left_out in sorted(needed, key=loss) if len(needed) > 1 else ():
        kept = [replace(term, optional=term.optional or term is left_out) for term in terms]
        found = rank_recipes(reader, kept, eligible, forgiving=False)
        if len(found.slots):
            return replace(found, is_guess=True)
    return Ranking(np.zeros(0, np.intp), np.zeros(0, np.int64), is_guess=True)


def terms_of(text: str) -> list[Term]:
    """Return each word of a query as a term."""
    return [Term(word.typed) for word in parse_query(text)]


def _lay(reader: Reader, term: Term, guessing: Guessing) -> tuple[Laid, bool]:
    """Return how well each slot matches the term, and whether that was guessed."""
    words = parse_query(term.typed, exact=term.exact)
    known = reader.known.get(term)
    if known is None:
        known = reader.known[term] = _lay_known(reader, term, words)
    laid = known.copy()
    if guessing is Guessing.ALWAYS or (guessing is Guessing.UNKNOWN and not laid[reader.state.live].any()):
        # A name that search knows is no typo, even if no recipe has it: "cà pháo" is no "cải thảo".
        is_known = term.ingredient_ids or term.synonyms or term.readings
        guessed = reader.phrase(words, Guessing.DIACRITICS if is_known else guessing)
        np.maximum.at(laid, guessed.slots, guessed.values)
        return laid, True
    return laid, False


def _lay_known(reader: Reader, term: Term, words: Sequence[Word]) -> Laid:
    """Return how well each slot matches the term without guesses. Synonyms count like the typed words."""
    laid = _lay_typed(reader, term, words)
    if term.parts:
        parts = ((part, parse_query(part.typed, exact=part.exact)) for part in term.parts)
        np.maximum(laid, reduce(np.minimum, (_lay_known(reader, *each) for each in parts)), out=laid)
    tier = np.uint16((MARKED if any(word.is_marked for word in words) else SAME) << WEIGHT_BITS)
    for phrase in term.synonyms:
        found = reader.phrase(parse_query(phrase, exact=True))
        np.maximum.at(laid, found.slots, found.weights_of(phrase, most=TITLE_SYNONYM) | tier)
    if term.ingredient_ids:
        slots, _ = reader.state.ingredients.of(reader.codes(term))
        laid[slots] = np.maximum(laid[slots], tier | np.uint16(INGREDIENT))
        np.maximum(laid, reader.named_in_titles(term) * (tier | np.uint16(TITLE_SYNONYM)), out=laid)
    return laid


def _lay_typed(reader: Reader, term: Term, words: Sequence[Word]) -> Laid:
    """Return how well each slot matches the words as they were typed, or as one of the term's `readings`."""
    if not term.readings:
        return reader.phrase(words).lay(reader.state.slots)
    laid = np.zeros(reader.state.slots, np.uint16)
    for reading in term.readings:
        found = reader.phrase(parse_query(reading, exact=True))
        np.maximum.at(laid, found.slots, found.weights_of(reading, most=255) | np.uint16(SAME << WEIGHT_BITS))
    return laid


def _with_phrases(reader: Reader, terms: Sequence[Term], slots: Slots, scores: Int64) -> Int64:
    """Return the scores plus a bonus for titles in which words are adjacent as in the query."""
    if not len(slots):
        return scores
    asked = Phrases.of(terms, reader.named_in_titles)
    first = np.argpartition(scores, -_TITLES_READ)[-_TITLES_READ:] if len(slots) > _TITLES_READ else range(len(slots))
    for place in map(int, first):
        slot = int(slots[place])
        scores[place] += asked.bonus(slot, reader.state.title_words(slot))
    return scores


def _scores(recipes: int, frequency: int) -> Int64:
    """Return the score of a term of this frequency for each possible value of `_lay`."""
    weights = round(_RARITY * log(1 + recipes / frequency)) * np.arange(1 << WEIGHT_BITS)
    scores: Int64 = np.add.outer(_TIERS, weights).ravel()
    return scores
