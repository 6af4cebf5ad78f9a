"""Paginate DynamoDB queries. Every page but the last is full, even if a filter drops items."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pynamodb.expressions.condition import Condition
from pynamodb.indexes import Index

from apps.core.models import Item

T = TypeVar("T")
Row = TypeVar("Row", bound=Item)

# Rows read at a time where a filter may drop some.
_READ_AHEAD = 100


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """Items and the position (the keys of the last one, as JSON) after which the next page starts; None: the end."""

    items: list[Row]
    next: dict[str, str] | None


def query_page(  # noqa: PLR0913  what a query of DynamoDB takes
    source: type[Row] | Index[Any],
    partition: str,
    *,
    within: Condition | None = None,
    limit: int,
    after: dict[str, str] | None = None,
    newest_first: bool = False,
    keep: Callable[[Row], bool] | None = None,
    consistent: bool = False,
    read_ahead: int = _READ_AHEAD,
) -> Slice[Row]:
    """Return up to `limit` rows of a partition that satisfy `keep`. A query reads 1 MB at most; 1 unit for 8 KB.

    `read_ahead` is how many rows a request reads where `keep` may drop some.
    """
    options: dict[str, Any] = {"consistent_read": True} if consistent else {}
    found = source.query(
        partition,
        range_key_condition=within,
        scan_index_forward=not newest_first,
        page_size=limit + 1 if keep is None else read_ahead,
        last_evaluated_key={name: {"S": value} for name, value in after.items()} if after else None,
        **options,
    )
    items: list[Row] = []
    for item in found:
        if item.is_expired or (keep is not None and not keep(item)):
            continue
        if len(items) == limit:
            return Slice(items, position_after(items[-1], source))
        items.append(item)
    return Slice(items, None)


def fill_page(read: Callable[[int, Any], tuple[list[T], Any]], *, limit: int, after: Any) -> tuple[list[T], Any]:
    """Call `read` until there are `limit` entries or no more: for lists from which entries are filtered out.

    `read` takes the number of missing entries and a position, and returns visible entries and the next position.
    """
    found: list[T] = []
    while True:
        more, after = read(limit - len(found), after)
        found += more
        if after is None or len(found) == limit:
            return found, after


def position_after(item: Item, source: Any) -> dict[str, str]:
    """Return the ExclusiveStartKey of a query that continues after `item`."""
    keys = {"pk": item.pk, "sk": item.sk}
    if isinstance(source, Index):
        name = source.Meta.index_name
        keys |= {f"{name}pk": getattr(item, f"{name}pk"), f"{name}sk": getattr(item, f"{name}sk")}
    return keys


def read_many(model: type[Row], keys: list[Any], *, consistent: bool = True) -> dict[Any, Row]:
    """Read rows by key, 100 in a request, and return those that exist and have not expired, by key."""
    found: dict[Any, Row] = {}
    for start in range(0, len(keys), 100):
        chunk = list(dict.fromkeys(keys[start : start + 100]))
        for item in model.batch_get([tuple(key) for key in chunk], consistent_read=consistent):
            if not item.is_expired:
                found[item.key] = item
    return found
