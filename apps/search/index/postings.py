"""Postings: for each key (a word, an ingredient) the slots that contain it, with a weight of one byte."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from apps.search.index.arrays import Bools, Bytes, Int64, Slots, Stored

# Changes gather in a small part until it is an eighth of the large one, so that a change costs what the small part
# costs to copy, and all of the copying of a build stays below ten times its size.
_RECENT_SHARE = 8
_RECENT_LEAST = 65_536


@dataclass(frozen=True, slots=True)
class Lists:
    """Keys 0 to k-1 and their postings: those of `key` are `slots[offsets[key] : offsets[key + 1]]`, ascending."""

    offsets: Int64
    slots: Stored
    weights: Bytes

    @classmethod
    def empty(cls) -> Self:
        return cls(np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.uint8))

    @classmethod
    def grouped(cls, keys: Stored, slots: Stored, weights: Bytes) -> Self:
        """Group postings by key; `slots` come ascending and stay so within a key. O(n log n)."""
        order = np.argsort(keys, kind="stable")
        return cls(_starts(np.bincount(keys)), slots[order], weights[order])

    def counts(self) -> Int64:
        return np.diff(self.offsets)

    def of(self, keys: Sequence[int]) -> tuple[list[Stored], list[Bytes]]:
        """Return views of the postings of `keys`, those without any left out. No copies."""
        last = len(self.offsets) - 1
        spans = [(int(self.offsets[key]), int(self.offsets[key + 1])) for key in keys if key < last]
        return [self.slots[i:j] for i, j in spans if j > i], [self.weights[i:j] for i, j in spans if j > i]

    def followed_by(self, later: Self) -> Self:
        """Return both as one; every slot in `later` is above every slot here. O(n)."""
        keys = max(len(self.offsets), len(later.offsets))
        mine, theirs = _padded(self.offsets, keys), _padded(later.offsets, keys)
        places = np.repeat(mine[1:], np.diff(theirs))
        slots = np.insert(self.slots, places, later.slots)
        return type(self)(mine + theirs, slots, np.insert(self.weights, places, later.weights))

    def renumbered(self, slots: Stored) -> Self:
        """Return the postings with slot `s` as `slots[s]`, dropped where that is negative; order is kept. O(n)."""
        renamed = slots.take(self.slots)
        kept = renamed >= 0
        before = _starts(kept)
        return type(self)(before[self.offsets], renamed[kept], self.weights[kept])

    def without_keys(self, kept: Bools) -> Self:
        """Return the postings with only the keys where `kept`, numbered anew; the others must have none."""
        return type(self)(_starts(self.counts()[kept]), self.slots, self.weights)


@dataclass(frozen=True, slots=True)
class Postings:
    """A large part that changes seldom and a small one that takes the changes; both immutable."""

    base: Lists
    recent: Lists

    @classmethod
    def empty(cls) -> Self:
        return cls(Lists.empty(), Lists.empty())

    def of(self, keys: Sequence[int]) -> tuple[Slots, Bytes]:
        """Return slots and weights of all `keys`; with several keys a slot may come more than once."""
        slots, weights = self.base.of(keys)
        if len(self.recent.slots):
            more_slots, more_weights = self.recent.of(keys)
            slots, weights = slots + more_slots, weights + more_weights
        if not slots:
            return np.zeros(0, np.intp), np.zeros(0, np.uint8)
        return np.concatenate(slots, dtype=np.intp), np.concatenate(weights)

    def added(self, later: Lists) -> Self:
        """Return these with `later`, whose slots are above all of these."""
        recent = self.recent.followed_by(later)
        if len(recent.slots) > _RECENT_LEAST + len(self.base.slots) // _RECENT_SHARE:
            return type(self)(self.base.followed_by(recent), Lists.empty())
        return type(self)(self.base, recent)

    def settled(self) -> Lists:
        """Return all of it as one part."""
        return self.base.followed_by(self.recent) if len(self.recent.slots) else self.base


def _starts(counts: NDArray[Any]) -> Int64:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)))


def _padded(offsets: Int64, size: int) -> Int64:
    return np.pad(offsets, (0, size - len(offsets)), mode="edge")
