"""Postings: for each key (a word, an ingredient) the slots that contain it, with a weight of one byte."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from apps.search.index.arrays import Bools, Bytes, Int64, Slots, Stored

# Changes are collected in a small part until it has an eighth of the large one's size. A change then costs a copy of
# the small part, and all copying during a build stays below ten times its size.
_RECENT_SHARE = 8
_RECENT_LEAST = 65_536


@dataclass(frozen=True, slots=True)
class Lists:
    """Postings of the keys 0 to k-1. Those of `key` are `slots[offsets[key] : offsets[key + 1]]`, ascending."""

    offsets: Int64
    slots: Stored
    weights: Bytes

    @classmethod
    def empty(cls) -> Self:
        return cls(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint8))

    @classmethod
    def grouped(cls, keys: Stored, slots: Stored, weights: Bytes) -> Self:
        """Group postings by key. `slots` are ascending and stay so within each key. O(n log n)."""
        order = np.argsort(keys, kind="stable")
        return cls(_starts(np.bincount(keys)), slots[order], weights[order])

    def counts(self) -> Int64:
        return np.diff(self.offsets)

    def of(self, key: int) -> tuple[Stored, Bytes]:
        """Return views of the postings of `key`. No copies."""
        if key + 1 >= len(self.offsets):
            return self.slots[:0], self.weights[:0]
        span = slice(int(self.offsets[key]), int(self.offsets[key + 1]))
        return self.slots[span], self.weights[span]

    def followed_by(self, later: Self) -> Self:
        """Concatenate with `later`, whose slots are all above these. O(n)."""
        keys = max(len(self.offsets), len(later.offsets))
        mine, theirs = _padded(self.offsets, keys), _padded(later.offsets, keys)
        places = np.repeat(mine[1:], np.diff(theirs))
        slots = np.insert(self.slots, places, later.slots)
        return type(self)(mine + theirs, slots, np.insert(self.weights, places, later.weights))

    def renumbered(self, slots: Stored) -> Self:
        """Return the postings with slot `s` replaced by `slots[s]`, or dropped if negative, in the same order. O(n)."""
        renamed = slots.take(self.slots)
        kept = renamed >= 0
        before = _starts(kept)
        return type(self)(before[self.offsets], renamed[kept], self.weights[kept])

    def without_keys(self, kept: Bools) -> Self:
        """Return the postings with only the `kept` keys, renumbered. The others must have no postings."""
        return type(self)(_starts(self.counts()[kept]), self.slots, self.weights)


@dataclass(frozen=True, slots=True)
class Postings:
    """A large part that rarely changes, and a small one that takes changes. Both are immutable."""

    base: Lists
    recent: Lists

    @classmethod
    def empty(cls) -> Self:
        return cls(Lists.empty(), Lists.empty())

    def of(self, keys: Sequence[int]) -> tuple[Slots, Bytes]:
        """Return slots and weights of all `keys`. With several keys a slot may occur repeatedly."""
        found = self.parts(keys)
        if not found:
            return np.zeros(0, np.intp), np.zeros(0, np.uint8)
        return np.concatenate([slots for slots, _ in found]), np.concatenate([weights for _, weights in found])

    def parts(self, keys: Sequence[int]) -> list[tuple[Slots, Bytes]]:
        """Return slots and weights of all `keys` in parts: in each, slots are ascending and occur once."""
        lists = (self.base, self.recent) if len(self.recent.slots) else (self.base,)
        found = (each.of(key) for each in lists for key in keys)
        return [(slots.astype(np.intp), weights) for slots, weights in found if len(slots)]

    def count(self, key: int) -> int:
        """Return the number of postings of a key, those of dead slots included."""
        parts = (each.offsets for each in (self.base, self.recent) if key + 1 < len(each.offsets))
        return sum(int(offsets[key + 1] - offsets[key]) for offsets in parts)

    def added(self, later: Lists) -> Self:
        """Return these postings plus `later`, whose slots are above all of these."""
        recent = self.recent.followed_by(later)
        if len(recent.slots) > _RECENT_LEAST + len(self.base.slots) // _RECENT_SHARE:
            return type(self)(self.base.followed_by(recent), Lists.empty())
        return type(self)(self.base, recent)

    def settled(self) -> Lists:
        """Return the postings as a single part."""
        return self.base.followed_by(self.recent) if len(self.recent.slots) else self.base


def _starts(counts: NDArray[Any]) -> Int64:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)))


def _padded(offsets: Int64, size: int) -> Int64:
    return np.pad(offsets, (0, size - len(offsets)), mode="edge")
