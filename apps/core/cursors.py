"""Signed positions in lists, bound to the caller, the list and its filters."""

import hashlib
from datetime import timedelta
from typing import Any

import orjson
from django.core import signing

from apps.core.errors import InvalidCursor

_LIFETIME = timedelta(hours=24)


def encode_cursor(position: Any, *, caller: str, listing: str, filters: Any = None) -> str:
    """Sign `position` (any JSON value) as text that `decode_cursor` accepts from the same caller for the same list."""
    return signing.dumps(position, salt=_binding(caller, listing, filters), serializer=_Json)


def decode_cursor(cursor: str, *, caller: str, listing: str, filters: Any = None) -> Any:
    """Return the position in `cursor`; `InvalidCursor` if it is forged, foreign or older than a day."""
    try:
        return signing.loads(cursor, salt=_binding(caller, listing, filters), serializer=_Json, max_age=_LIFETIME)
    except (signing.BadSignature, ValueError) as error:
        raise InvalidCursor from error


def _binding(caller: str, listing: str, filters: Any) -> str:
    digest = hashlib.sha256(orjson.dumps(filters, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return f"cursor:{caller}:{listing}:{digest}"


class _Json:
    """The serializer interface of django.core.signing."""

    def dumps(self, value: Any) -> bytes:
        return orjson.dumps(value)

    def loads(self, data: bytes) -> Any:
        return orjson.loads(data)
