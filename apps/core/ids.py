"""Ids: ULIDs, which sort by their time of creation."""

import hashlib
from datetime import UTC, datetime

from ulid import ULID

# Ids derived from a name carry this time, so that they sort before everything that people create.
_SEEDED_AT = datetime(2020, 1, 1, tzinfo=UTC)
_LENGTH = 26
_ALPHABET = frozenset("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def new_id() -> str:
    return str(ULID())


def derived_id(*parts: str, at: datetime = _SEEDED_AT) -> str:
    """Return the same ULID for the same parts and time: 80 bits of their SHA-256 behind the milliseconds of `at`."""
    digest = hashlib.sha256(":".join(parts).encode()).digest()[:10]
    return str(ULID.from_bytes(_milliseconds(at) + digest))


def first_id_at(moment: datetime) -> str:
    """Return the smallest ULID of `moment`: a bound for "since" and "before" on sort keys."""
    return str(ULID.from_bytes(_milliseconds(moment) + bytes(10)))


def made_at(ulid: str) -> datetime:
    return ULID.from_str(ulid).datetime


def pack(ulid: str) -> bytes:
    """Return the 16 bytes of a ULID."""
    return ULID.from_str(ulid).bytes


def is_id(text: str) -> bool:
    """Return whether `text` is a ULID in upper case, the only form in which we write ids."""
    return len(text) == _LENGTH and text[0] <= "7" and _ALPHABET.issuperset(text)


def _milliseconds(moment: datetime) -> bytes:
    return int(moment.timestamp() * 1000).to_bytes(6, "big")
