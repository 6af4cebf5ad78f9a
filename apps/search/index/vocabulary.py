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
    """Forms and stems by number. Append-only, so a number means the same to all readers.

    `forms_of[s]` are the forms of stem `s`. Readers may find forms that are newer than their postings; these have no
    postings yet.
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
        """Return the number of `form`, assigning the next one if it has none. Writers only."""
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
    """The letters of each stem as 32 bits, and its length, which rule out nearly all stems far from a word.

    One edit changes at most two bits, and the length by at most one. This check takes 30 µs for 20,000 stems and leaves
    a few dozen for a full comparison; comparing all of them takes 800 µs.
    """

    bits: NDArray[np.uint32]
    sizes: Bytes

    @classmethod
    def of(cls, stems: list[str]) -> Self:
        return cls(np.array([_bits(stem) for stem in stems], np.uint32), np.array([*map(len, stems)], np.uint8))

    def followed(self, stems: list[str]) -> Self:
        """Return these letters plus those of the `stems` added since."""
        if len(stems) == len(self.bits):
            return self
        later = self.of(stems[len(self.bits) :])
        return type(self)(np.concatenate((self.bits, later.bits)), np.concatenate((self.sizes, later.sizes)))

    def near(self, word: str, stems: list[str], edits: int) -> list[tuple[int, int]]:
        """Return (edits, number) of the stems 1 to `edits` edits from `word`. Swapping neighbors is one edit."""
        longer = self.sizes <= len(word) + edits
        alike = np.bitwise_count(self.bits ^ np.uint32(_bits(word))) <= 2 * edits
        numbers = np.flatnonzero(alike & longer & (self.sizes.astype(np.int16) >= len(word) - edits)).tolist()
        measured = [(OSA.distance(word, stems[number], score_cutoff=edits), number) for number in numbers]
        return [pair for pair in measured if 1 <= pair[0] <= edits]

    def beginning(self, word: str, stems: list[str]) -> list[int]:
        """Return the numbers of the longer stems that begin with `word`."""
        bits = np.uint32(_bits(word))
        numbers = np.flatnonzero((self.bits & bits == bits) & (self.sizes > len(word))).tolist()
        return [number for number in numbers if stems[number].startswith(word)]


def _bits(word: str) -> int:
    """Return letters as a bit set. Letters that share a bit only cause more full comparisons."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits
