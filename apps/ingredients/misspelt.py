"""Dangerous names with one letter wrong, found in free text without comparing them with every name."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

import numpy as np
from rapidfuzz.distance import OSA

from apps.core.text import fold
from apps.ingredients.reading import Gap, Tongue, Word

_LONG = 6
# Words of the longest name that is recognised misspelt.
_MOST_WORDS = 3


class Misspelt:
    """Names of six letters and more, by every form of them that lacks one letter (SymSpell's idea, as hashes).

    A name that differs from a typed one by one letter, wrong, lacking, too many or swapped with its neighbour, shares
    such a form with it; only those are compared. Spaces are no letters: "fishsauce" is "fish sauce". 12 bytes for
    each of some 100,000 forms.
    """

    def __init__(self, names: Iterable[str], vocabulary: Iterable[str]) -> None:
        self._names = [name for name in dict.fromkeys(names) if name.count(" ") < _MOST_WORDS]
        self._vocabulary = frozenset(vocabulary)
        self._bare_vocabulary = frozenset(map(fold, self._vocabulary))
        self._partners = frozenset(word for name in self._names if " " in name for word in fold(name).split(" "))
        pairs = [(form, place) for place, name in enumerate(self._names) for form in _forms(_letters(name))]
        forms = np.array([form for form, _ in pairs], dtype=np.int64)
        order = np.argsort(forms, kind="stable")
        self._forms = forms[order]
        self._places = np.array([place for _, place in pairs], dtype=np.int32)[order]
        self._near = lru_cache(maxsize=4096)(self._compare)

    def find(self, words: Sequence[Word], taken: Collection[int]) -> Iterator[tuple[int, int, str]]:
        """Yield (first word, behind the last, name) for words that are no names and of which one is misspelt."""
        for place, word in enumerate(words):
            if place in taken or self._is_word(word):
                continue
            for first, last in self._windows(words, place, taken):
                bare = "".join(other.bare for other in words[first:last])
                if len(bare) >= _LONG - 1:
                    typed = " ".join(other.spelt for other in words[first:last])
                    yield from ((first, last, name) for name in self._near(typed))

    def _is_word(self, word: Word) -> bool:
        """Say whether a word is spelt like one that there is: such a one was hardly mistyped."""
        if word.has_marks or word.tongue == Tongue.MARKED:
            return word.spelt in self._vocabulary
        return word.bare in self._bare_vocabulary or word.bare.isdigit()

    def _windows(self, words: Sequence[Word], place: int, taken: Collection[int]) -> Iterator[tuple[int, int]]:
        """Yield the spans around a word whose other words stand in a dangerous name of several."""
        for length in range(1, _MOST_WORDS + 1):
            for first in range(max(0, place - length + 1), min(place, len(words) - length) + 1):
                others = [other for other in range(first, first + length) if other != place]
                parted = any(words[other].gap == Gap.PARTED for other in range(first + 1, first + length))
                if not parted and all(words[other].bare in self._partners for other in others):
                    yield first, first + length

    def _compare(self, typed: str) -> tuple[str, ...]:
        letters = _letters(typed)
        asked = np.array(list(_forms(letters)), dtype=np.int64)
        low = np.searchsorted(self._forms, asked, side="left")
        high = np.searchsorted(self._forms, asked, side="right")
        places = {
            int(self._places[at]) for start, end in zip(low, high, strict=True) for at in range(start, end)
        }
        return tuple(name for place in sorted(places) if self._is_slip(typed, name := self._names[place]))

    def _is_slip(self, typed: str, name: str) -> bool:
        """Say whether one letter is wrong, or the marks of one word: typed marks are letters like others."""
        if len(_letters(name)) < _LONG:
            return False
        if OSA.distance(_letters(typed), _letters(name), score_cutoff=1) <= 1:
            return True
        return OSA.distance(_letters(fold(typed)), _letters(fold(name)), score_cutoff=1) <= int(typed.isascii())


def _letters(name: str) -> str:
    return name.replace(" ", "")


def _forms(letters: str) -> Iterator[int]:
    """Yield hashes of the word without marks, whole and without each of its letters."""
    bare = fold(letters)
    yield hash(bare)
    yield from {hash(bare[:place] + bare[place + 1 :]) for place in range(len(bare))}
