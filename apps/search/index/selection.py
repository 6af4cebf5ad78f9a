"""Select the best of many slots by several keys without sorting all of them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.search.index.arrays import Slots

_STRIDE = 64
_MARGIN = 8

Key = Callable[[Slots], NDArray[Any]]


def select_best(slots: Slots, limit: int, *keys: Key) -> Slots:
    """Return the `limit` slots with the greatest keys, greatest first. Later keys break ties of earlier ones.

    The last key must be unique. O(n) for each key needed to separate the first `limit` from the rest, then O(limit log
    limit). A full sort by five keys took ten times as long.
    """
    chosen: list[Slots] = []
    room, undecided = limit, slots
    for key in keys:
        if len(undecided) <= room:
            break
        values = key(undecided)
        least = _nth(values, room)
        chosen.append(undecided[values > least])
        room -= len(chosen[-1])
        undecided = undecided[values == least]
    finalists = np.concatenate((*chosen, undecided))
    ascending = np.lexsort([key(finalists) for key in reversed(keys)])
    return finalists[ascending[::-1]]


def _nth(values: NDArray[Any], n: int) -> Any:
    """Return the `n`-th greatest of `values`.

    A sample gives a bound above which the first `n` almost certainly lie: 40 µs instead of 650 µs for partitioning
    88,000 scores.
    """
    sample, rank = values[::_STRIDE], n // _STRIDE * 2 + _MARGIN
    if len(sample) > rank:
        high = values[values >= np.partition(sample, -rank)[-rank]]
        values = high if len(high) >= n else values
    return np.partition(values, -n)[-n]
