"""A file of named arrays: verified as a whole when opened, then memory-mapped."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

# Format: magic, format number, length of the header; the header (JSON); the arrays, each aligned to 64 bytes; the
# SHA-256 of all that. Each change of the arrays' meaning gets a new format number; readers refuse unknown ones.
FORMAT = 6
_MAGIC = b"SCINDEX\n"
_PREFIX = len(_MAGIC) + 8
_ALIGNMENT = 64
_DIGEST = 32
_PIECE = 1 << 20

Arrays = Mapping[str, NDArray[Any]]


class SnapshotError(Exception):
    """The snapshot is missing, damaged, truncated, or in another format."""


def write(path: Path, arrays: Arrays, notes: dict[str, Any]) -> None:
    """Write one-dimensional `arrays` and `notes` (JSON), replacing `path` atomically.

    Readers of the replaced file can continue to read it.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            _write(file, arrays, notes)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def read(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return arrays and notes. The arrays are read-only views of the mapped file. May raise `SnapshotError`."""
    try:
        with path.open("rb") as file:
            _check(file)
            mapped = mmap(file.fileno(), 0, access=ACCESS_READ)
    except OSError as error:
        raise SnapshotError(f"cannot read {path}: {error}") from error
    header = json.loads(mapped[_PREFIX : _PREFIX + _header_size(mapped[:_PREFIX])])
    return {each["name"]: _view(mapped, each) for each in header["arrays"]}, header["notes"]


def _write(file: BinaryIO, arrays: Arrays, notes: dict[str, Any]) -> None:
    digest = hashlib.sha256()
    for piece in _pieces(arrays, notes):
        digest.update(piece)
        file.write(piece)
    file.write(digest.digest())


def _pieces(arrays: Arrays, notes: dict[str, Any]) -> Iterator[bytes | memoryview]:
    listed, end = [], 0
    for name, array in arrays.items():
        start = _aligned(end)
        listed.append({"name": name, "dtype": array.dtype.str, "size": len(array), "start": start})
        end = start + array.nbytes
    header = json.dumps({"arrays": listed, "notes": notes}).encode()
    header += b" " * (_aligned(_PREFIX + len(header)) - _PREFIX - len(header))
    yield _MAGIC + FORMAT.to_bytes(4, "little") + len(header).to_bytes(4, "little") + header
    for array, following in zip(arrays.values(), [*listed[1:], None], strict=True):
        yield np.ascontiguousarray(array).data.cast("B") if array.nbytes else b""
        yield bytes(_aligned(array.nbytes) - array.nbytes) if following else b""


def _check(file: BinaryIO) -> None:
    """Raise `SnapshotError` unless the checksum matches. Reads the whole file: 0.1 s for 100 MB."""
    _header_size(file.read(_PREFIX))
    left = file.seek(0, os.SEEK_END) - _DIGEST
    file.seek(0)
    digest = hashlib.sha256()
    while left > 0 and (piece := file.read(min(left, _PIECE))):
        digest.update(piece)
        left -= len(piece)
    if digest.digest() != file.read():
        raise SnapshotError("damaged snapshot")


def _header_size(prefix: bytes) -> int:
    """Return the size of the header; `SnapshotError` unless `prefix` begins a snapshot of our format."""
    if prefix[: len(_MAGIC)] != _MAGIC or len(prefix) < _PREFIX:
        raise SnapshotError("not a snapshot")
    number = int.from_bytes(prefix[-8:-4], "little")
    if number != FORMAT:
        raise SnapshotError(f"format {number}, not {FORMAT}")
    return int.from_bytes(prefix[-4:], "little")


def _view(mapped: mmap, listed: dict[str, Any]) -> NDArray[Any]:
    start = _PREFIX + _header_size(mapped[:_PREFIX]) + listed["start"]
    return np.frombuffer(mapped, listed["dtype"], listed["size"], start)


def _aligned(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT
