"""The size of an item by DynamoDB's rules, by which reads, writes and storage are billed."""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from smartcooking.contract import table

Image = Mapping[str, Mapping[str, Any]]


def item_size(item: Image) -> int:
    """Return the bytes of an item in DynamoDB's JSON, `{"title": {"S": "Phở"}}`: all names and values.

    By AWS's rules (DynamoDB Developer Guide, "DynamoDB item sizes and formats"):
    a name counts its bytes in UTF-8; a string its bytes in UTF-8; a number, without leading and trailing zeroes, one
    byte for two significant digits and one more; a binary value its raw bytes, not those of base64; null and Boolean
    one byte; a list or map 3 bytes, one for each element, and what is in it; a set the sum of its members.
    The 100 bytes of an item's indexing overhead count for storage only, not for capacity.
    """
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def value_size(value: Mapping[str, Any]) -> int:
    """Return the bytes of one typed value, `{"N": "12"}`."""
    ((kind, content),) = value.items()
    size: int = _SIZES[kind](content)
    return size


def number_size(text: str) -> int:
    """Return the bytes of a number: -7.50 has two significant digits and a sign, for which AWS adds one byte."""
    sign, digits, exponent = Decimal(text).as_tuple()
    significant = "".join(map(str, digits)).lstrip("0")
    trimmed = significant.rstrip("0")
    if not trimmed:
        return 1
    # Stored in pairs of digits counted from the decimal point, so an odd place may need half a byte more.
    place = int(exponent) + len(significant) - len(trimmed)
    return math.ceil((len(trimmed) + place % 2) / 2) + 1 + sign


def index_entry(item: Image, index: table.Index) -> dict[str, Mapping[str, Any]] | None:
    """Return an item's entry in an index; None if the item lacks one of the index's keys, so that it has no entry."""
    if index.partition_key not in item or index.sort_key not in item:
        return None
    names = {table.PARTITION_KEY, table.SORT_KEY, index.partition_key, index.sort_key, *index.projected}
    return {name: value for name, value in item.items() if name in names}


def _text(content: str) -> int:
    return len(content.encode())


def _one(_content: Any) -> int:
    return 1


def _list(content: list[Mapping[str, Any]]) -> int:
    return 3 + sum(1 + value_size(value) for value in content)


def _map(content: Image) -> int:
    return 3 + sum(1 + len(name.encode()) + value_size(value) for name, value in content.items())


_SIZES: dict[str, Any] = {
    "S": _text,
    "N": number_size,
    "B": len,
    "BOOL": _one,
    "NULL": _one,
    "L": _list,
    "M": _map,
    "SS": lambda content: sum(map(_text, content)),
    "NS": lambda content: sum(map(number_size, content)),
    "BS": lambda content: sum(map(len, content)),
}
