"""Unpack untrusted archives within limits, whatever sizes they declare. Nothing is written to disk."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from apps.imports.errors import FileNotUnderstood, FileTooLarge

MAX_UNPACKED = 200 * 1024 * 1024
MAX_DOCUMENT = 10 * 1024 * 1024
MAX_ENTRIES = 5_000
# Tandoor's archive contains an archive for each recipe.
MAX_NESTED = 2
# An archive's directory is read as a whole: about 46 bytes and a name for each entry.
_MAX_LIST = MAX_ENTRIES * 400
_ZIP, _EMPTY_ZIP, _GZIP = b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b"
_END = struct.Struct("<4s4H2LH")
_END_64 = b"PK\x06\x07"
_END_64_SIZE = 20
_LONGEST_COMMENT = 65_535
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError,
)  # fmt: skip


@dataclass(slots=True)
class Budget:
    """The number of bytes and entries that may still be unpacked."""

    left: int = MAX_UNPACKED
    entries: int = MAX_ENTRIES

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise FileTooLarge


def is_zip(content: bytes) -> bool:
    return content.startswith((_ZIP, _EMPTY_ZIP))


def is_gzip(content: bytes) -> bool:
    return content.startswith(_GZIP)


@contextmanager
def opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    """Open an archive, unless its directory is too large; `FileNotUnderstood` if it is damaged."""
    _check_list(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive
    except _BROKEN as error:
        raise FileNotUnderstood from error


def _check_list(content: bytes) -> None:
    """Refuse a directory that is too large before `zipfile` creates an object for each entry."""
    start = content.rfind(_EMPTY_ZIP, max(0, len(content) - _END.size - _LONGEST_COMMENT))
    if start < 0 or start + _END.size > len(content):
        raise FileNotUnderstood
    _, _, _, _, entries, size, _, _ = _END.unpack_from(content, start)
    is_large = content[max(0, start - _END_64_SIZE) : start].startswith(_END_64)
    if is_large or size > _MAX_LIST or entries > MAX_ENTRIES:
        raise FileTooLarge


def unzip(archive: zipfile.ZipFile, entry: zipfile.ZipInfo | str, budget: Budget, *, most: int = MAX_DOCUMENT) -> bytes:
    """Unpack an entry, reading no more than the limit whatever size it declares."""
    with archive.open(entry) as packed:
        content = packed.read(min(budget.left, most) + 1)
    if len(content) > most:
        raise FileTooLarge
    budget.take(len(content))
    return content


def gunzip(content: bytes, budget: Budget) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            unpacked = packed.read(min(budget.left, MAX_DOCUMENT) + 1)
    except _BROKEN as error:
        raise FileNotUnderstood from error
    if len(unpacked) > MAX_DOCUMENT:
        raise FileTooLarge
    budget.take(len(unpacked))
    return unpacked
