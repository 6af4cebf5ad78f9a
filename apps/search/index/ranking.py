"""Rank the recipes that match all terms of a query."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import reduce
from math import log

import numpy as np

from apps.search.index.arrays import Bools, Int64, Slots
from apps.search.index.phrases import Phrases
from apps.search.index.queries import Term
from apps.search.index.word_matches import MARKED, SAME, WEIGHT_BITS, Guessing, Laid, Reader, WordMatches
from apps.search.index.words import INGREDIENT, TAG, TITLE_SYNONYM, TRANSLATED_TITLE, Word, parse_query

# How a word matches outweighs where it matches. One more word that matches without diacritics outweighs all words with
# matching diacritics (at most 16), and one of these outweighs all weights: 16 words x 255 x rarity 330 (10^9 recipes) <
# 2^24.
_TIERS = np.array([0, 0, 64 << 24, 65 << 24], np.int64)
_RARITY = 16
# An optional word counts by where it is, and never more than a phrase in a title.
_WEIGHT = np.uint16((1 << WEIGHT_BITS) - 1)
# Titles of the best recipes that are read for phrases, 5 µs each. Lower-ranked recipes have some word elsewhere.
_TITLES_READ = 40


class Evidence(Enum):
    """Where a recipe must have a required term.

    - `NAMED`: in a title or a tag, or as an ingredient of the master list.
    - `KNOWN_NAMED`: so for names that search knows, except occasions; other words anywhere.
    - `MENTIONED`: anywhere. A description that mentions paella beside another dish is no paella.
    """

    NAMED = "named"
    KNOWN_NAMED = "known_named"
    MENTIONED = "mentioned"

    def least(self, term: Term) -> int:
        """Return the least weight with which a recipe has the term."""
        is_named = self is Evidence.NAMED or (self is Evidence.KNOWN_NAMED and term.is_known and not term.is_occasion)
        return TAG if is_named else 1


@dataclass(frozen=True, slots=True)
class Ranking:
    """Slots in ascending order, each with a positive score. `is_guess` if no recipe has the words as typed."""

    slots: Slots
    scores: Int64
    is_guess: bool = False


def rank_recipes(
    reader: Reader,
    terms: Sequence[Term],
    eligible: Bools,
    *,
    forgiving: bool,
    evidence: Sequence[Evidence] = (Evidence.MENTIONED,),
) -> Ranking:
    """Return the `eligible` recipes that match every required term, in any form or within one typo.

    Unless `forgiving`, typos are forgiven only in words that no recipe contains. What has less than the first
    `evidence` is found only if nothing has that. O(postings of the words).
    """
    guessing = Guessing.ALWAYS if forgiving else Guessing.UNKNOWN
    laid = [(term, *_lay(reader, term, guessing)) for term in terms]
    is_guess = any(is_guessed for term, _, is_guessed in laid if not term.optional)
    slots = np.zeros(0, np.intp)
    for least in evidence:
        if len(slots := _matching([(term, values) for term, values, _ in laid], eligible, least)):
            break
    scores = np.zeros(len(slots), np.int64)
    for term, values, _ in laid if len(slots) else ():
        counted = values & _WEIGHT if term.optional else values
        scores += _scores(reader.state.slots, max(1, int(np.count_nonzero(values)))).take(counted.take(slots))
    asked = Phrases.of(terms, reader.named_in_titles)
    scores = _with_phrases(reader, asked, slots, scores)
    if len(evidence) > 1 and 1 < len(slots) <= _TITLES_READ:
        needed = [(term, values) for term, values, _ in laid if not term.optional]
        is_other = _scattered(reader, needed, asked, slots)
        slots, scores = (slots, scores) if is_other.all() else (slots[~is_other], scores[~is_other])
    return Ranking(slots, scores, is_guess)


def naming(reader: Reader, terms: Sequence[Term]) -> Bools:
    """Return for each slot whether the recipe names one of the terms."""
    found = np.zeros(reader.state.slots, np.bool_)
    for term in terms:
        found |= (_lay_known(reader, term, parse_query(term.typed, exact=term.exact)) & _WEIGHT) >= TAG
    return found


def _matching(laid: Sequence[tuple[Term, Laid]], eligible: Bools, evidence: Evidence) -> Slots:
    there = eligible.copy()
    for term, values in laid:
        if not term.optional:
            least = evidence.least(term)
            there &= (values & _WEIGHT) >= least if least > 1 else values != 0
    return np.flatnonzero(there)


def rank_nearly(
    reader: Reader, terms: Sequence[Term], eligible: Bools, *, evidence: Sequence[Evidence] = (Evidence.MENTIONED,)
) -> Ranking:
    """Return the recipes that match what is left when terms are left out, as few as possible.

    One is: an unknown word, else the commonest one, else the commonest food. Then all words that no recipe has or that
    search does not know, if a food, a dish or a condition is left; then all but the one that says most.
    """
    nothing = Ranking(np.zeros(0, np.intp), np.zeros(0, np.int64), is_guess=True)
    needed = [term for term in terms if not term.optional]
    if not needed:
        return nothing
    frequency = {term: int(np.count_nonzero(_lay(reader, term, Guessing.UNKNOWN)[0])) for term in needed}

    def worth(term: Term) -> tuple[bool, int, int]:
        if not frequency[term]:
            return False, -reader.state.slots, 0
        return bool(term.ingredient_ids), -frequency[term], -needed.index(term)

    *others, best = sorted(needed, key=worth)
    unknown = {term for term in needed if not (term.is_known and frequency[term])}
    for left_out in (*({other} for other in others), unknown, set(others), {best}):
        kept = [each for term in terms for each in (_less(term) if term in left_out else [term])]
        if left_out and any(not term.optional or (term.is_condition and left_out is unknown) for term in kept):
            found = rank_recipes(reader, kept, eligible, forgiving=False, evidence=evidence)
            if len(found.slots):
                return replace(found, is_guess=True)
    return nothing


def _less(term: Term) -> list[Term]:
    """Return what stays of a term that is left out: the first food in its name, else nothing that has to be there.

    Who searches for "mực một nắng" where there is none sees squid.
    """
    foods = [part for part in term.parts if part.ingredient_ids and part.ingredient_ids != term.ingredient_ids]
    return [*foods[:1], replace(term, optional=True)]


def terms_of(text: str) -> list[Term]:
    """Return each word of a query as a term."""
    return [Term(word.typed) for word in parse_query(text)]


def _lay(reader: Reader, term: Term, guessing: Guessing) -> tuple[Laid, bool]:
    """Return how well each slot matches the term, and whether that was guessed. The result must not be changed."""
    words = parse_query(term.typed, exact=term.exact)
    laid = _lay_known(reader, term, words)
    if term.is_unfinished and words and not _is_alive(reader, laid):
        laid = _raised(laid, WordMatches.beginning(reader.state, words[-1]))
    if guessing is Guessing.ALWAYS or (guessing is Guessing.UNKNOWN and not _is_alive(reader, laid)):
        # A name that search knows is no typo, even if no recipe has it: "cà pháo" is no "cải thảo".
        if not term.is_known or not any(word.is_marked for word in words):
            laid = _raised(laid, reader.phrase(words, Guessing.DIACRITICS if term.is_known else guessing))
        return laid, True
    return laid, False


def _raised(laid: Laid, found: WordMatches) -> Laid:
    laid = laid.copy()
    found.raise_values(laid)
    return laid


def _is_alive(reader: Reader, laid: Laid) -> bool:
    return bool((laid * reader.state.live).any())


def _lay_known(reader: Reader, term: Term, words: Sequence[Word]) -> Laid:
    """Return how well each slot matches the term without guesses. Synonyms count like the typed words."""
    laid = reader.known.get(term)
    if laid is None:
        laid = reader.known[term] = _lay_once(reader, term, words)
    return laid


def _lay_once(reader: Reader, term: Term, words: Sequence[Word]) -> Laid:
    laid = _lay_typed(reader, term, words)
    if not term.is_food and not all(part.optional for part in term.parts):
        np.maximum(laid, _lay_parts(reader, term), out=laid)
    tier = MARKED if any(word.is_marked for word in words) else SAME
    for phrase in term.synonyms:
        found = reader.phrase(parse_query(phrase, exact=True))
        # Words of a name in different tags ("cơm nhà", "món chiên") are no name.
        in_titles = " " in phrase and not term.is_occasion
        found.named(phrase, most=TITLE_SYNONYM, tier=tier, only_titles=in_titles).raise_values(laid)
    marked = np.uint16(tier << WEIGHT_BITS)
    if term.ingredient_ids:
        codes = reader.codes(term)
        for slots, weight in (
            (reader.state.ingredients.of(codes)[0], INGREDIENT),
            (reader.state.titles.of(codes)[0], TITLE_SYNONYM),
        ):
            np.maximum.at(laid, slots, marked | np.uint16(weight))
    for method in term.methods:
        code = reader.state.codes.method.find(method)
        np.maximum(laid, (reader.state.rows.method == code) * (marked | np.uint16(TAG)), out=laid)
    return laid


def _lay_parts(reader: Reader, term: Term) -> Laid:
    """Return how well each slot matches all parts of a term, one of them in a title that is more than a method.

    A pho with beef is a "beef pho", but nothing fried with rice beside it is a "fried rice".
    """
    needed = [part for part in term.parts if not part.optional]
    laid = [_lay_known(reader, part, parse_query(part.typed, exact=part.exact)) for part in needed]
    in_title = [
        (values & _WEIGHT) >= TRANSLATED_TITLE for part, values in zip(needed, laid, strict=True) if not part.methods
    ]
    lowest: Laid = reduce(np.minimum, laid)
    if in_title:
        lowest = lowest * reduce(np.logical_or, in_title)
    return lowest


def _lay_typed(reader: Reader, term: Term, words: Sequence[Word]) -> Laid:
    """Return how well each slot matches the words as they were typed, or as one of the term's `readings`."""
    if not term.readings:
        return reader.phrase(words).lay(reader.state.slots)
    laid = np.zeros(reader.state.slots, np.uint16)
    for reading in term.readings:
        found = reader.phrase(parse_query(reading, exact=True))
        found.named(reading, most=255, tier=SAME).raise_values(laid)
    return laid


def _with_phrases(reader: Reader, asked: Phrases, slots: Slots, scores: Int64) -> Int64:
    """Return the scores plus a bonus for titles in which words are adjacent as in the query."""
    first = np.argpartition(scores, -_TITLES_READ)[-_TITLES_READ:] if len(slots) > _TITLES_READ else range(len(slots))
    for place in map(int, first):
        slot = int(slots[place])
        scores[place] += asked.bonus(slot, reader.state.title_words(slot))
    return scores


def _scattered(reader: Reader, needed: Sequence[tuple[Term, Laid]], asked: Phrases, slots: Slots) -> Bools:
    """Return which recipes have the words of a name in a title without naming it.

    "Gà quay xào khoai tây" has the words of "gà tây quay", and "Trứng gà" that of "gà".
    """
    found = np.zeros(len(slots), np.bool_)
    for (term, values), named in zip(needed, asked.terms, strict=True):
        if term.is_known and not term.is_occasion:
            in_title = (values.take(slots) & _WEIGHT) >= TRANSLATED_TITLE
            in_title &= ~np.isin(slots, reader.state.ingredients.of(reader.codes(term))[0])
            for place in np.flatnonzero(in_title & ~found).tolist():
                found[place] = not named.is_named(int(slots[place]), reader.state.title_words(int(slots[place])))
    return found


def _scores(recipes: int, frequency: int) -> Int64:
    """Return the score of a term of this frequency for each possible value of `_lay`."""
    weights = round(_RARITY * log(1 + recipes / frequency)) * np.arange(1 << WEIGHT_BITS)
    scores: Int64 = np.add.outer(_TIERS, weights).ravel()
    return scores
