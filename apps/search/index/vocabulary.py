"""The words of the index: each stem (without diacritics) and the forms that recipes use."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from apps.core.text import fold
from apps.search.index.arrays import Bytes


class Vocabulary:
    """Forms and stems by number: append-only, so a number once given means the same to every reader.

    `forms_of[s]` are the forms of stem `s`. Readers may meet forms that are younger than the postings they hold; those
    have no postings there.
    """

    __slots__ = ("_form_numbers", "_stem_numbers", "forms", "forms_of", "stems")

    def __init__(self, forms: Iterable[str] = ()) -> None:
        self.forms: list[str] = []
        self.stems: list[str] = []
        self.forms_of: list[list[int]] = []
        self._form_numbers: dict[str, int] = {}
        self._stem_numbers: dict[str, int] = {}
        for form in forms:
            self.add(form)

    def add(self, form: str) -> int:
        """Return the number of `form`, giving it the next one if it has none. Writers only."""
        number = self._form_numbers.get(form)
        if number is None:
            number = len(self.forms)
            self.forms.append(form)
            self.forms_of[self._add_stem(fold(form))].append(number)
            self._form_numbers[form] = number
        return number

    def form(self, form: str) -> int | None:
        return self._form_numbers.get(form)

    def forms_of_stem(self, stem: str) -> list[int]:
        number = self._stem_numbers.get(stem)
        return [] if number is None else self.forms_of[number]

    def _add_stem(self, stem: str) -> int:
        number = self._stem_numbers.get(stem)
        if number is None:
            number = len(self.stems)
            self.stems.append(stem)
            self.forms_of.append([])
            self._stem_numbers[stem] = number
        return number


@dataclass(frozen=True, slots=True)
class Letters:
    """Which letters each stem has, as 32 bits, and how many: enough to rule out nearly all that are far from a word.

    One edit changes at most two of the bits and the length by at most one. Checking 20,000 stems this way takes 30 µs
    and leaves a few dozen to compare in full; comparing all of them takes 800 µs.
    """

    bits: NDArray[np.uint32]
    sizes: Bytes

    @classmethod
    def of(cls, stems: list[str]) -> Self:
        return cls(np.array([_bits(stem) for stem in stems], np.uint32), np.array([*map(len, stems)], np.uint8))

    def followed(self, stems: list[str]) -> Self:
        """Return these with those of the `stems` that came since."""
        if len(stems) == len(self.bits):
            return self
        later = self.of(stems[len(self.bits) :])
        return type(self)(np.concatenate((self.bits, later.bits)), np.concatenate((self.sizes, later.sizes)))

    def near(self, word: str, stems: list[str], edits: int) -> list[tuple[int, int]]:
        """Return (edits, number) of the stems 1 to `edits` edits from `word`; swapping two neighbours is one edit."""
        longer = self.sizes <= len(word) + edits
        alike = np.bitwise_count(self.bits ^ np.uint32(_bits(word))) <= 2 * edits
        numbers = np.flatnonzero(alike & longer & (self.sizes.astype(np.int16) >= len(word) - edits)).tolist()
        measured = [(OSA.distance(word, stems[number], score_cutoff=edits), number) for number in numbers]
        return [pair for pair in measured if 1 <= pair[0] <= edits]


def _bits(word: str) -> int:
    """A set of letters; letters that share a bit only let more words through to the full comparison."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits
