"""Find misspelt names of allergens in free text without comparing every word with every name."""

from collections.abc import Collection, Iterator
from functools import lru_cache

import numpy as np
from rapidfuzz.distance import OSA

from apps.core.text import fold
from apps.ingredients import grammar_table, spelling
from apps.ingredients.lexicon import Lexicon
from apps.ingredients.tokens import Gap, Spoken, Tokens, Word, word_of

# Letters from which on a name is recognised with one of them wrong, and words of the longest that is.
_LONG = 6
_MOST_WORDS = 3
# Shorter words are not believed to be misspelt, in names of several words either.
_SHORT = 4


class Misspellings:
    """Names of six letters and more, by every form of them that lacks one letter (SymSpell's idea, as hashes).

    A name that differs from a typed one by one letter, wrong, lacking, too many or swapped with its neighbour, shares
    such a form with it; only those are compared. Spaces are no letters: "fishsauce" is "fish sauce". 12 bytes for
    each of some 70,000 forms.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._names = sorted(
            name for name in lexicon.dangerous() if len(_letters(name)) >= _LONG and name.count(" ") < _MOST_WORDS
        )
        folded = [fold(name) for name in self._names]
        self._partners = frozenset(word for name in folded if " " in name for word in name.split(" "))
        counts = [len(_letters(name)) + 1 for name in folded]
        forms = np.fromiter((form for name in folded for form in _forms(_letters(name))), dtype=np.int64)
        order = np.argsort(forms, kind="stable")
        self._forms = forms[order]
        self._places = np.repeat(np.arange(len(folded), dtype=np.int32), counts)[order]
        self._near = lru_cache(maxsize=4096)(self._compare)
        self._is_suspect = lru_cache(maxsize=4096)(self._judge)

    def find(self, tokens: Tokens, taken: Collection[int]) -> Iterator[tuple[int, int, str]]:
        """Yield (first word, behind the last, name) for words of which one is no word, and nearly that of a name."""
        words, languages = tokens.words, tokens.languages
        for place, word in enumerate(words):
            if word.is_syllable or place in taken or len(word.bare) < _SHORT:
                continue
            is_suspect = self._is_suspect(word, languages[place])
            if is_suspect:
                yield from ((place, place + 1, name) for name in self._near(word.spelt))
            # In Vietnamese text an English word may be a slip of a syllable: "trug ga" are no baskets.
            is_slip = languages[place] != Spoken.ENGLISH and not self._lexicon.is_word(word.spelt)
            for first, last in self._windows(tokens, place) if is_suspect or is_slip else ():
                typed = " ".join([other.spelt for other in words[first:last]])
                yield from ((first, last, name) for name in self._near(typed) if is_suspect or not name.isascii())

    def _judge(self, word: Word, spoken: Spoken) -> bool:
        """Say whether a word can be misspelt: one that is a word, or a plural of one, was hardly mistyped."""
        if word.bare.isdigit() or self._is_word(word.spelt):
            return False
        return not any(map(self._is_word, spelling.inflections(word.spelt)))

    def _is_word(self, word: str) -> bool:
        return self._lexicon.is_word(word) or word in grammar_table.ordinary_words()

    def _windows(self, tokens: Tokens, place: int) -> list[tuple[int, int]]:
        """Return the spans of several words around one whose other words stand in a dangerous name."""
        words, partings, partners = tokens.words, tokens.partings, self._partners
        left, right = place, place + 1
        while left and place - left < _MOST_WORDS - 1 and words[left - 1].bare in partners:
            if partings[left].gap == Gap.PARTED:
                break
            left -= 1
        while right < len(words) and right - place < _MOST_WORDS and words[right].bare in partners:
            if partings[right].gap == Gap.PARTED:
                break
            right += 1
        if right - left == 1:
            return []
        firsts = range(left, place + 1)
        return [
            (first, last)
            for first in firsts
            for last in range(max(place + 1, first + 2), min(right, first + _MOST_WORDS) + 1)
        ]

    def _compare(self, typed: str) -> tuple[str, ...]:
        """Return the names that words are nearly, or would be in the singular."""
        found = {name for form in (typed, *_singulars(typed)) for name in self._nearly(form)}
        return tuple(sorted(found))

    def _nearly(self, typed: str) -> Iterator[str]:
        letters = _letters(typed)
        if len(letters) < _LONG - 1:
            return
        asked = np.array(list(_forms(fold(letters))), dtype=np.int64)
        low = np.searchsorted(self._forms, asked, side="left")
        high = np.searchsorted(self._forms, asked, side="right")
        for start, end in zip(low.tolist(), high.tolist(), strict=True):
            yield from (name for place in self._places[start:end] if _is_slip(typed, name := self._names[place]))


def _singulars(typed: str) -> Iterator[str]:
    yield from (form for form in spelling.inflections(typed) if len(form) < len(typed))


def _is_slip(typed: str, name: str) -> bool:
    """Say whether one letter of one word is wrong, or the spaces are.

    A syllable of Vietnamese with another letter is another word.
    """
    mine, theirs = typed.split(" "), name.split(" ")
    if len(mine) != len(theirs):
        return _letters(typed) == _letters(name) or fold(_letters(typed)) == _letters(fold(name))
    wrong = [pair for pair in zip(mine, theirs, strict=True) if not spelling.agrees(*pair)]
    if len(wrong) != 1:
        return False
    word, meant = wrong[0]
    if len(mine) > 1 and (word_of(word).is_syllable or len(meant) < _SHORT):
        return False
    return word[0] == meant[0] and bool(OSA.distance(word, meant, score_cutoff=1) <= 1 or _bare_slip(word, meant))


def _bare_slip(word: str, meant: str) -> bool:
    return word.isascii() and bool(OSA.distance(word, fold(meant), score_cutoff=1) <= 1)


def _letters(name: str) -> str:
    return name.replace(" ", "")


def _forms(bare: str) -> Iterator[int]:
    """Yield hashes of letters without diacritics, whole and without each of them."""
    yield hash(bare)
    yield from (hash(bare[:place] + bare[place + 1 :]) for place in range(len(bare)))
