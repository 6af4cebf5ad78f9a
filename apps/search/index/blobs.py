"""Many small byte strings in a few large blocks, and documents compressed into them."""

import threading
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from mmap import mmap

import numpy as np
import zstandard
from numpy.typing import NDArray

from apps.search.index.arrays import Int64

# A dictionary of 32 KB compresses documents of 1.7 KB to 440 bytes; one of 64 KB to 430.
_DICTIONARY_SIZE = 32_768
_DICTIONARY_SAMPLES = 2_000
# With fewer samples, training fails or overfits.
_FEWEST_SAMPLES = 500


class Blobs:
    """Append-only blobs. Stored ones don't move, so readers need no lock while a writer appends."""

    __slots__ = ("_ends", "_pieces")

    def __init__(self, first: bytes | mmap | memoryview = b"") -> None:
        self._pieces: list[bytes | mmap | memoryview] = [first] if len(first) else []
        self._ends: list[int] = [len(first)] if len(first) else []

    def __len__(self) -> int:
        """Bytes stored, dead ones included."""
        return self._ends[-1] if self._ends else 0

    def append(self, values: Sequence[bytes]) -> list[int]:
        """Store `values` consecutively and return the place of each. One writer at a time."""
        start = len(self)
        places = list(accumulate(map(len, values), initial=start))
        if places[-1] > start:
            # Readers search by the end, so the piece must be in place first.
            self._pieces.append(b"".join(values))
            self._ends.append(places[-1])
        return places[:-1]

    def get(self, at: int, size: int) -> bytes:
        if not size:
            return b""
        piece = bisect_right(self._ends, at)
        start = at - (self._ends[piece - 1] if piece else 0)
        return bytes(self._pieces[piece][start : start + size])

    def piece(self) -> bytes | mmap | memoryview:
        """Return everything in one piece, which `__init__` accepts. `ValueError` if there are several."""
        if len(self._pieces) > 1:
            raise ValueError(f"{len(self._pieces)} pieces")
        return self._pieces[0] if self._pieces else b""

    def rewritten(self, at: Int64, sizes: NDArray[np.uint32]) -> tuple["Blobs", list[int]]:
        """Return only the values at these places, in one piece, with the new place of each."""
        moved = Blobs()
        values = [self.get(place, size) for place, size in zip(at.tolist(), sizes.tolist(), strict=True)]
        return moved, moved.append(values)


class Documents:
    """Documents as separate zstd frames. A shared dictionary is trained on the first batch of at least 500.

    Frames without a dictionary can be decompressed with one, so documents stored before the training stay valid.
    """

    __slots__ = ("_blobs", "_local", "dictionary")

    def __init__(self, blobs: Blobs | None = None, dictionary: bytes = b"") -> None:
        self._blobs = blobs or Blobs()
        self.dictionary = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        self._local = threading.local()

    def append(self, documents: Sequence[bytes]) -> tuple[list[int], list[int]]:
        """Store `documents`; return the place and the compressed size of each. One writer at a time."""
        if self.dictionary is None and len(documents) >= _FEWEST_SAMPLES:
            self.dictionary = _trained(documents)
        compressor = zstandard.ZstdCompressor(dict_data=self.dictionary)
        frames = [compressor.compress(document) for document in documents]
        return self._blobs.append(frames), [len(frame) for frame in frames]

    def get(self, at: int, size: int) -> bytes:
        return self._decompressor().decompress(self._blobs.get(at, size))

    def rewritten(self, at: Int64, sizes: NDArray[np.uint32]) -> tuple["Documents", list[int], list[int]]:
        """Return only the documents at these places, with the new place and compressed size of each.

        Frames are copied unchanged. If there is no dictionary yet, one is trained and used.
        """
        if self.dictionary is None and len(at) >= _FEWEST_SAMPLES:
            return self._recompressed(at, sizes)
        moved = Documents()
        moved.dictionary = self.dictionary
        frames = [self._blobs.get(place, size) for place, size in zip(at.tolist(), sizes.tolist(), strict=True)]
        return moved, moved._blobs.append(frames), sizes.tolist()

    def piece(self) -> bytes | mmap | memoryview:
        """Return all frames in one piece, which `__init__` accepts. `ValueError` if there are several."""
        return self._blobs.piece()

    def _recompressed(self, at: Int64, sizes: NDArray[np.uint32]) -> tuple["Documents", list[int], list[int]]:
        moved, places, compressed = Documents(), [], []
        for start in range(0, len(at), _DICTIONARY_SAMPLES):
            span = slice(start, start + _DICTIONARY_SAMPLES)
            documents = [self.get(*each) for each in zip(at[span].tolist(), sizes[span].tolist(), strict=True)]
            added = moved.append(documents)
            places += added[0]
            compressed += added[1]
        return moved, places, compressed

    def _decompressor(self) -> zstandard.ZstdDecompressor:
        """One per thread, because they are not thread-safe; created again once there is a dictionary."""
        made: tuple[object, zstandard.ZstdDecompressor] | None = getattr(self._local, "made", None)
        if made is None or made[0] is not self.dictionary:
            dictionary = self.dictionary
            made = (dictionary, zstandard.ZstdDecompressor(dict_data=dictionary))
            self._local.made = made
        return made[1]


def _trained(documents: Sequence[bytes]) -> zstandard.ZstdCompressionDict | None:
    """Train a dictionary on these documents; None if they have too little in common."""
    samples = documents[:: len(documents) // _DICTIONARY_SAMPLES + 1]
    try:
        return zstandard.train_dictionary(_DICTIONARY_SIZE, list(samples))
    except zstandard.ZstdError:
        return None
