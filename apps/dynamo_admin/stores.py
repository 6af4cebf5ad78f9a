"""Where a model's objects are in the table: the access patterns that a query may use, and how to read them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from pynamodb.expressions.condition import Condition

from apps.core import clock, keys, queries
from apps.core.models import Item

Attributes = Mapping[str, Any]
Position = dict[str, Any]
Test = Callable[[Any], bool]
# Behind every sort key that begins with the same value.
_LAST = "\uffff"
# Index entries that are read at a time where some of the objects may not be wanted.
_READ_AHEAD = 50


def id_in_sort_key(row: Item, index: str) -> str:
    """Return the last part of the sort key of the index: where most listings keep the id of an object."""
    return keys.last_part(getattr(row, f"{index}sk" if index else "sk"))


def sortable(value: Any) -> str:
    """Return a value as sort keys begin with it."""
    return clock.sortable(value) if isinstance(value, datetime) else str(value)


@dataclass(frozen=True)
class Listing:
    """One access pattern: the objects in one partition of an index (or of the table, ""), in the order of a field.

    All of its objects have the values in `fixed`; a query uses the listing only if it asks for these. The values of
    the fields in `by` become the arguments of `partition`. The sort key begins with the value of `order_by`, as
    `bound` writes it. A listing that has `newest_first` unset is in ascending order where a query names none.
    """

    partition: Callable[..., str]
    index: str = ""
    fixed: Attributes = field(default_factory=dict)
    by: tuple[str, ...] = ()
    order_by: str = ""
    newest_first: bool = True
    bound: Callable[[Any], str] = sortable
    prefix: str = ""
    id_of: Callable[[Item, str], str] = id_in_sort_key

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.fixed, *self.by)

    def source(self) -> Any:
        return next((one for one in _INDEXES if one.Meta.index_name == self.index), Item)

    def range(self, low: str | None, high: str | None) -> Condition | None:
        """Return the condition on the sort key, both bounds included."""
        attribute = getattr(type(self.source()), f"{self.index}sk") if self.index else Item.sk
        if low is None and high is None:
            return attribute.startswith(self.prefix) if self.prefix else None
        return attribute.between(self.prefix + (low or ""), self.prefix + (high or "") + _LAST)


_INDEXES = (Item.feeds, Item.lists, Item.public, Item.queues)


@dataclass
class Plan:
    """A query as one access pattern: by ids, or a listing between two bounds. `tests` decide on what was read."""

    ids: list[str] | None = None
    listing: Listing | None = None
    arguments: tuple[Any, ...] = ()
    low: str | None = None
    high: str | None = None
    forward: bool = True
    tests: list[Test] = field(default_factory=list)
    drops: bool = False
    is_empty: bool = False
    fingerprint: Any = None

    @property
    def partition(self) -> str:
        assert self.listing is not None
        return self.listing.partition(*self.arguments)


@dataclass
class Slice:
    """Objects in the order in which they are shown, and where the pages beside them begin; None: there is none.

    `is_partial`: reading stopped at the budget before the page was full, and goes on at `next`.
    """

    objects: list[Any]
    next: Position | None = None
    previous: Position | None = None
    is_partial: bool = False
    rows_read: int = 0


class Store:
    """Reads the objects of one model; it has no way to read the whole table.

    `load` reads objects by id, consistently, and returns the attributes of those that exist. `find` returns ids for
    words that somebody searches; pages show `most_found` of them and say where there may be more. Without it, searching
    is filtering within a listing. At most `budget` rows are read for one page, whatever is found among them.
    """

    def __init__(
        self,
        load: Callable[[Sequence[str]], Mapping[str, Attributes]],
        listings: Sequence[Listing] = (),
        *,
        find: Callable[[str], Sequence[str]] | None = None,
        budget: int = 500,
        most_found: int = 50,
    ) -> None:
        self.load = load
        self.listings = tuple(listings)
        self.find = find
        self.budget = budget
        self.most_found = most_found

    def read(
        self,
        plan: Plan,
        make: Callable[[Attributes], Any],
        *,
        limit: int,
        start: Position | None = None,
        backward: bool = False,
    ) -> Slice:
        """Read a page. It is full unless it is the last or partial, whatever `tests` leave out."""
        if plan.is_empty:
            return Slice([])
        if plan.ids is not None:
            return self._page_of_ids(plan, make, limit, start, backward=backward)
        found, rows_read, rest = self._walk(plan, make, limit, start, backward=backward)
        kept, more = found[:limit], len(found) > limit
        beyond = kept[-1][0] if more else rest
        objects = [one for _, one in kept]
        if not backward:
            previous = kept[0][0] if start and kept else start
            return Slice(objects, beyond, previous, rest is not None and not more, rows_read)
        following = kept[0][0] if kept else start
        # Going back, the row that follows the page is the one that it started from: the last of the page leads there.
        return Slice(objects[::-1], following, beyond, rest is not None and not more, rows_read)

    def _page_of_ids(
        self, plan: Plan, make: Callable[[Attributes], Any], limit: int, start: Position | None, *, backward: bool
    ) -> Slice:
        """Read objects by id, in the order of the ids; a position is how many of them lie before it."""
        ids = list(dict.fromkeys(plan.ids or ()))
        at = begin = min(int(start["at"]), len(ids)) if start else 0
        objects: list[Any] = []
        while len(objects) < limit and (at > 0 if backward else at < len(ids)):
            missing = limit - len(objects)
            chunk = ids[max(0, at - missing) : at] if backward else ids[at : at + missing]
            found = self.load(chunk)
            made = [make(found[id_]) for id_ in chunk if id_ in found]
            kept = [one for one in made if all(test(one) for test in plan.tests)]
            objects = kept + objects if backward else objects + kept
            at += -len(chunk) if backward else len(chunk)
        first, last = (at, begin) if backward else (begin, at)
        following = {"at": last} if last < len(ids) else None
        return Slice(objects, following, {"at": first} if first else None)

    def _walk(
        self, plan: Plan, make: Callable[[Attributes], Any], limit: int, start: Position | None, *, backward: bool
    ) -> tuple[list[tuple[Position, Any]], int, Position | None]:
        """Collect one object more than `limit`, with positions; and where the budget ended the walk, if it did."""
        rows = self._rows(plan, start, forward=plan.forward is not backward, size=limit + 1)
        assert plan.listing is not None
        found: list[tuple[Position, Any]] = []
        rows_read = 0
        while len(found) <= limit:
            wanted = _READ_AHEAD if plan.drops else limit + 1 - len(found)
            chunk = list(islice(rows, min(wanted, self.budget - rows_read)))
            if not chunk:
                return found, rows_read, None
            rows_read += len(chunk)
            found += self._load(plan, make, chunk)
            if rows_read >= self.budget and len(found) <= limit:
                last = queries.position_after(chunk[-1], plan.listing.source())
                return found, rows_read, last if next(rows, None) is not None else None
        return found, rows_read, None

    def _rows(self, plan: Plan, start: Position | None, *, forward: bool, size: int) -> Iterator[Item]:
        assert plan.listing is not None
        found: Iterable[Item] = plan.listing.source().query(
            plan.partition,
            range_key_condition=plan.listing.range(plan.low, plan.high),
            scan_index_forward=forward,
            page_size=_READ_AHEAD if plan.drops else size,
            last_evaluated_key={name: {"S": value} for name, value in start.items()} if start else None,
        )
        return (row for row in found if not row.is_expired)

    def _load(
        self, plan: Plan, make: Callable[[Attributes], Any], rows: Sequence[Item]
    ) -> Iterator[tuple[Position, Any]]:
        """Read whole what the index lists; an index may be behind, so the tests decide on what was read."""
        assert plan.listing is not None
        listing = plan.listing
        places = [(listing.id_of(row, listing.index), row) for row in rows]
        attributes = self.load([id_ for id_, _ in places])
        for id_, row in places:
            if id_ in attributes:
                one = make(attributes[id_])
                if all(test(one) for test in plan.tests):
                    yield queries.position_after(row, listing.source()), one
