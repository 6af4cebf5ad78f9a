"""Columns with one value per slot. Content is written once; counters are replaced as a whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from apps.search.index.arrays import Bools, Ids, Int64, Slots

# Stored for an unknown time. Longer than any recipe takes, so that no limit includes it.
UNKNOWN_MINUTES = 65_535
MOST_INGREDIENTS = 255


class _Table:
    """Arrays of equal length, one per field, treated as rows."""

    __slots__ = ()
    DTYPES: ClassVar[dict[str, str]]

    @classmethod
    def of(cls, rows: Sequence[tuple[Any, ...]]) -> Self:
        """Build a table of `rows` with values in the order of the fields; `OverflowError` if one doesn't fit."""
        columns: Iterable[tuple[Any, ...]] = zip(*rows, strict=True) if rows else ((),) * len(cls.DTYPES)
        dtypes = cls.DTYPES.values()
        return cls(*(np.array(column, dtype=dtype) for column, dtype in zip(columns, dtypes, strict=True)))

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Concatenate `parts`; a single part is returned unchanged."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.DTYPES))

    def taken(self, slots: Slots) -> Self:
        return type(self)(*(column[slots] for column in self.arrays().values()))

    def copy(self) -> Self:
        return type(self)(*(column.copy() for column in self.arrays().values()))

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {name: getattr(self, name) for name in self.DTYPES}


@dataclass(frozen=True, slots=True)
class Rows(_Table):
    """The content of recipes. Names are codes (0: none), sets of names are bits.

    `knows_essentials` means that all essential ingredients are in the master list. `counted` is the number of
    ingredients that are neither optional nor staples. The known ingredients, in any role, are the lines from `lines_at`
    to `lines_at + lines_size`. `text_*` and `document_*` are places in blobs.
    """

    recipe_id: Ids
    content_version: Int64
    created_at: Int64
    cuisine: NDArray[np.uint32]
    method: NDArray[np.uint16]
    meal: NDArray[np.uint16]
    difficulty: NDArray[np.uint16]
    language: NDArray[np.uint16]
    minutes: NDArray[np.uint16]
    allergens: NDArray[np.uint32]
    diets: NDArray[np.uint32]
    labels: NDArray[np.uint64]
    is_complete: Bools
    knows_essentials: Bools
    counted: NDArray[np.uint8]
    lines_at: Int64
    lines_size: NDArray[np.uint8]
    text_at: Int64
    text_size: NDArray[np.uint32]
    document_at: Int64
    document_size: NDArray[np.uint32]

    DTYPES: ClassVar = {
        "recipe_id": "S26", "content_version": "i8", "created_at": "i8", "cuisine": "u4", "method": "u2", "meal": "u2",
        "difficulty": "u2", "language": "u2", "minutes": "u2", "allergens": "u4", "diets": "u4", "labels": "u8",
        "is_complete": "?",
        "knows_essentials": "?", "counted": "u1", "lines_at": "i8", "lines_size": "u1", "text_at": "i8",
        "text_size": "u4", "document_at": "i8", "document_size": "u4",
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class FigureColumns(_Table):
    """`entries.Figures` as columns."""

    rating_sum: NDArray[np.uint32]
    rating_count: NDArray[np.uint32]
    cook_count: NDArray[np.uint32]

    DTYPES: ClassVar = {"rating_sum": "u4", "rating_count": "u4", "cook_count": "u4"}

    def averages(self, slots: Slots) -> NDArray[np.float64]:
        """Return the mean stars of `slots`; 0.0 without ratings."""
        counts = self.rating_count[slots]
        return self.rating_sum[slots] * (counts > 0) / np.maximum(counts, 1)
