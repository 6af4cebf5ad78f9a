"""Pages of DynamoDB queries: full unless they are the last, whatever is filtered out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pynamodb.expressions.condition import Condition
from pynamodb.indexes import Index

from apps.core.models import Item

T = TypeVar("T")
Row = TypeVar("Row", bound=Item)

# Read at a time when a filter may drop rows.
_READ_AHEAD = 100


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """Items and the position (the keys of the last one, as JSON) after which the next page starts; None: the end."""

    items: list[Row]
    next: dict[str, str] | None


def query_page(
    source: type[Row] | Index[Any],
    partition: str,
    *,
    within: Condition | None = None,
    limit: int,
    after: dict[str, str] | None = None,
    newest_first: bool = False,
    keep: Callable[[Row], bool] | None = None,
    consistent: bool = False,
) -> Slice[Row]:
    """Read up to `limit` rows of a partition that `keep` lets pass. One query reads 1 MB at most; 1 unit per 8 KB."""
    options: dict[str, Any] = {"consistent_read": True} if consistent else {}
    found = source.query(
        partition,
        range_key_condition=within,
        scan_index_forward=not newest_first,
        page_size=limit + 1 if keep is None else _READ_AHEAD,
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
    """Read on until a page has `limit` entries or there are no more: for lists of which entries are left out.

    `read` takes how many are missing and where to go on, and returns what may be shown and where to go on next.
    """
    found: list[T] = []
    while True:
        more, after = read(limit - len(found), after)
        found += more
        if after is None or len(found) == limit:
            return found, after


def position_after(item: Item, source: Any) -> dict[str, str]:
    """Return the keys that DynamoDB wants as ExclusiveStartKey to go on behind `item`."""
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
