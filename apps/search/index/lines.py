"""The ingredients of recipes, one row each, with their substitutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from apps.search.index.arrays import Bytes, Int64, Stored

# Roles, by precedence if a recipe lists an ingredient twice.
UNCOUNTED, COUNTED, ESSENTIAL = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Lines:
    """Known ingredients as `codes` and `roles`, grouped by slot, in the order of slots.

    Substitutes are separate rows: `substitute_codes[i]` can replace the line `substitute_lines[i]`.
    """

    codes: Stored
    roles: Bytes
    substitute_lines: Stored
    substitute_codes: Stored

    @classmethod
    def of(cls, listed: Sequence[tuple[int, int, Sequence[int]]], *, first: int) -> Self:
        """Return lines (code, role, codes of substitutes), numbered from `first`."""
        pairs = [(first + n, code) for n, (_, _, others) in enumerate(listed) for code in others]
        return cls(
            np.array([code for code, _, _ in listed], np.int32),
            np.array([role for _, role, _ in listed], np.uint8),
            np.array([line for line, _ in pairs], np.int32),
            np.array([code for _, code in pairs], np.int32),
        )

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        return cls(*(np.concatenate([part.arrays()[name] for part in parts]) for name in cls.__slots__))

    def __len__(self) -> int:
        return len(self.codes)

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {name: getattr(self, name) for name in self.__slots__}

    def taken(self, places: Int64) -> Self:
        """Return the lines at `places`, which are distinct, renumbered in that order."""
        numbers = np.full(len(self), -1, np.int32)
        numbers[places] = np.arange(len(places), dtype=np.int32)
        lines = numbers[self.substitute_lines]
        kept = lines >= 0
        return type(self)(self.codes[places], self.roles[places], lines[kept], self.substitute_codes[kept])

    def substitutes(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return (line, code) of the substitutes of the lines from `start` to before `end`."""
        first, last = np.searchsorted(self.substitute_lines, (start, end))
        pairs = zip(self.substitute_lines[first:last].tolist(), self.substitute_codes[first:last].tolist(), strict=True)
        return list(pairs)
