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
    """The cost of some requests: their number, and the read and write units of the table and of each index."""

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
    """Return the read units for so many bytes: one per 4 KB, half if eventually consistent, double in a transaction.

    Reading a missing item costs as much as reading the smallest one.
    """
    whole = max(1, math.ceil(size / _READ_BYTES))
    if transactional:
        return whole * 2.0
    return float(whole) if consistent else whole / 2


def query_units(images: Iterable[Image], *, consistent: bool) -> float:
    """Return the read units of a page: sizes are added before they are rounded up."""
    return read_units(sum(item_size(image) for image in images), consistent=consistent)


def write_units(old: Image | None, new: Image | None, *, transactional: bool = False) -> dict[str, float]:
    """Return the write units of one write: those of `table`, and of each index that changes.

    The table takes one unit per 1 KB of the larger of the item before and after, double in a transaction. An index
    takes the same for its entry, but never double, as measured (github.com/nubo-db/dynoxide/pull/188). A write whose
    condition fails, a check and a deletion count the existing item.
    """
    factor = 2.0 if transactional else 1.0
    units = {TABLE: factor * _kilobytes(max(_size(old), _size(new)))}
    for index in table.INDEXES:
        moved = index_units(index, old, new)
        if moved:
            units[index.name] = moved
    return units


def index_units(index: table.Index, old: Image | None, new: Image | None) -> float:
    """Return the write units in an index: none if its entry stays the same, two writes if its key changes.

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
