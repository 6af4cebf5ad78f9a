"""Queries of an index that begin where they are told to: the emulator sorts and tests the whole partition each time.

A feed of 100,000 rows costs the emulator five seconds a look, and every process looks every two. Here the rows of an
index partition are kept in order from the first forward query on, and a query is shown only those that it may answer
with; conditions, pages and projections stay the emulator's business.
"""

# ruff: noqa: SLF001 (the emulator has no public way to do this, hence its pinned version)

import re
from bisect import bisect_left, insort
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from ministack.services import dynamodb

from docker.wrapping import wrap

Place = tuple[str, str]
# A page is 1 MB, and an entry with its keys is never below 100 bytes.
_MOST = 10_600
_CONDITION = re.compile(r"\(?\s*(?P<hash>\S+) = (?P<is>:\w+)(?: AND (?P<range>\S+) >=? (?P<from>:\w+))?\s*\)?")


@dataclass(frozen=True)
class Window:
    """What a query can see: rows of one partition from `start` on, at most `count`."""

    index: str
    partition: str
    start: tuple[str, ...]
    count: int


_window: ContextVar[Window | None] = ContextVar("window", default=None)


class Ordered(dict[Place, str]):
    """The rows of an index partition by their sort key there; kept up by the emulator as any other dictionary."""

    def __init__(self, table: dict[str, Any], range_key: str, places: Any) -> None:
        super().__init__()
        self._items = table["items"]
        self._range_key = range_key
        for place in places:
            super().__setitem__(place, self._sort_value(place))
        self._order = sorted((value, *place) for place, value in self.items())

    def __setitem__(self, place: Place, _: Any) -> None:
        self.pop(place, None)
        value = self._sort_value(place)
        super().__setitem__(place, value)
        insort(self._order, (value, *place))

    def pop(self, place: Place, default: Any = None) -> Any:
        if place not in self:
            return default
        value = super().pop(place)
        del self._order[bisect_left(self._order, (value, *place))]
        return value

    def seen_through(self, window: Window) -> list[Place]:
        begin = bisect_left(self._order, window.start)
        return [(pk, sk) for _, pk, sk in self._order[begin : begin + window.count]]

    def _sort_value(self, place: Place) -> str:
        pk, sk = place
        return str(self._items[pk][sk][self._range_key]["S"])


def apply() -> None:
    @wrap(dynamodb, "_query")
    def query(original: Callable[..., Any], data: dict[str, Any]) -> Any:
        token = _window.set(_window_of(data))
        try:
            return original(data)
        finally:
            _window.reset(token)

    @wrap(dynamodb, "_index_members")
    def index_members(original: Callable[..., Any], table: dict[str, Any]) -> Any:
        members, window = original(table), _window.get()
        if window is None or window.partition not in members.get(window.index, {}):
            return members
        partition = members[window.index][window.partition]
        if not isinstance(partition, Ordered):
            _, range_keys = dynamodb._index_key_lists(dynamodb._index_def(table, window.index))
            partition = members[window.index][window.partition] = Ordered(table, range_keys[0], partition)
        return {window.index: {window.partition: partition.seen_through(window)}}


def _window_of(data: dict[str, Any]) -> Window | None:
    """Return what a query of an index can see; None where it has to look at everything."""
    condition = _CONDITION.fullmatch(data.get("KeyConditionExpression", ""))
    if "IndexName" not in data or condition is None or not data.get("ScanIndexForward", True):
        return None
    values = data["ExpressionAttributeValues"]
    start: tuple[str, ...] = (values[condition["from"]]["S"],) if condition["from"] else ()
    if after := data.get("ExclusiveStartKey"):
        start = (after[f"{data['IndexName']}sk"]["S"], after["pk"]["S"], after["sk"]["S"])
    return Window(data["IndexName"], values[condition["is"]]["S"], start, min(_MOST, data.get("Limit", _MOST) + 2))
