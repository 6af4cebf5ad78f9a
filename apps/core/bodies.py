"""JSON as rows store it: compressed with a dictionary of what recipes have in common."""

import zlib
from pathlib import Path
from typing import Any

import orjson

_DATA = Path(__file__).parent / "data"
_LEVEL = 6
# zlib's largest window and memory.
_WINDOW, _MEMORY = 15, 9
# RFC 1950: the second byte says whether a dictionary is needed, and the Adler-32 of it follows.
_NEEDS_DICTIONARY, _NAMED = 0x20, slice(2, 6)


def _load(name: str) -> tuple[int, bytes]:
    content = (_DATA / name).read_bytes()
    return zlib.adler32(content), content


# Each that rows were ever written with, the current one last. None may change (docs/decisions/0167).
_DICTIONARIES = dict([_load("bodies-1.dict")])
_CURRENT = list(_DICTIONARIES.values())[-1]


def pack(value: Any) -> bytes:
    """Compress JSON: a recipe of 2.5 KB becomes half a KB. Items are billed by the KB."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY, zdict=_CURRENT)
    return packer.compress(orjson.dumps(value)) + packer.flush()


def unpack(stored: bytes) -> Any:
    """Read what `pack` wrote with this dictionary, an earlier one, or none. Raises `zlib.error` for anything else."""
    return orjson.loads(_decompress(stored))


def _decompress(stored: bytes) -> bytes:
    if len(stored) < _NAMED.stop or not stored[1] & _NEEDS_DICTIONARY:
        return zlib.decompress(stored)
    number = int.from_bytes(stored[_NAMED], "big")
    if number not in _DICTIONARIES:
        message = f"no dictionary {number:08x}"
        raise zlib.error(message)
    unpacker = zlib.decompressobj(_WINDOW, zdict=_DICTIONARIES[number])
    text = unpacker.decompress(stored)
    if not unpacker.eof:
        message = "incomplete"
        raise zlib.error(message)
    return text
