"""Read and write units by AWS's rules, from the sizes of items."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from devtools.capacity.item_sizes import Image, index_entry, item_size
from smartcooking.contract import table

# DynamoDB Developer Guide, "DynamoDB read and write operations": a read unit is 4 KB, a write unit 1 KB.
_READ_BYTES = 4096
_WRITE_BYTES = 1024
TABLE = "table"


@dataclass
class Consumed:
    """What some requests took: how many they were, read and write units of the table and of each index."""

    requests: int = 0
    reads: Counter[str] = field(default_factory=Counter)
    writes: Counter[str] = field(default_factory=Counter)

    @property
    def read_units(self) -> float:
        return sum(self.reads.values())

    @property
    def write_units(self) -> float:
        return sum(self.writes.values())

    def read(self, units: float, where: str = TABLE) -> None:
        self.reads[where] += units  # type: ignore[assignment]  # halves are counted as well

    def write(self, units: dict[str, float]) -> None:
        for where, number in units.items():
            self.writes[where] += number  # type: ignore[assignment]


def read_units(size: int, *, consistent: bool, transactional: bool = False) -> float:
    """Return the units of reading so many bytes at once: 4 KB each, half when not consistent, twice in a transaction.

    Nothing found costs as much as the smallest item.
    """
    whole = max(1, math.ceil(size / _READ_BYTES))
    if transactional:
        return whole * 2.0
    return float(whole) if consistent else whole / 2


def query_units(images: Iterable[Image], *, consistent: bool) -> float:
    """Return the units of one page: sizes are added before they are rounded up."""
    return read_units(sum(item_size(image) for image in images), consistent=consistent)


def write_units(old: Image | None, new: Image | None, *, transactional: bool = False) -> dict[str, float]:
    """Return the units of one write by where they fall: `table`, and each index that changes.

    The table takes 1 KB each of the larger of the item before and after, twice in a transaction. An index takes its own
    entry alike, never twice: the doubling was measured on the table alone (github.com/nubo-db/dynoxide/pull/188).
    A write whose condition fails, a check and a deletion count what they met.
    """
    factor = 2.0 if transactional else 1.0
    units = {TABLE: factor * _kilobytes(max(_size(old), _size(new)))}
    for index in table.INDEXES:
        moved = index_units(index, old, new)
        if moved:
            units[index.name] = moved
    return units


def index_units(index: table.Index, old: Image | None, new: Image | None) -> float:
    """Return what a write costs in an index: nothing where its entry stays the same, two writes where its key moves.

    Developer Guide, "Using Global Secondary Indexes in DynamoDB", on provisioned throughput for write activity.
    """
    before = index_entry(old, index) if old else None
    after = index_entry(new, index) if new else None
    if before == after:
        return 0.0
    if before and after and not _same_place(index, before, after):
        return float(_kilobytes(item_size(before)) + _kilobytes(item_size(after)))
    return float(_kilobytes(max(_size(before), _size(after))))


def _same_place(index: table.Index, before: Image, after: Image) -> bool:
    return all(before[name] == after[name] for name in (index.partition_key, index.sort_key))


def _size(image: Image | None) -> int:
    return item_size(image) if image else 0


def _kilobytes(size: int) -> int:
    return max(1, math.ceil(size / _WRITE_BYTES))
