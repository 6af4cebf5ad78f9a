"""Write rows in bulk and without conditions, for synthetic data only."""

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from apps.core.keys import Key
from apps.core.models import Item, Raw

# DynamoDB: at most 25 rows in one BatchWriteItem, 100 keys in one BatchGetItem.
BATCH = 25
_KEYS = 100
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 2.0

# A row of a model, or one in DynamoDB's JSON.
Writable = Item | Raw


def put_all(items: Sequence[Writable]) -> None:
    """Write rows in batches of 25; rows that DynamoDB leaves unprocessed are sent again a little later."""
    for start in range(0, len(items), BATCH):
        _put_batch(items[start : start + BATCH])


def copies(item: Item, places: Iterable[Key]) -> Iterator[Raw]:
    """Return copies of a row in DynamoDB's JSON, one for each key."""
    whole = _serialized(item)
    return ({**whole, "pk": {"S": place.pk}, "sk": {"S": place.sk}} for place in places)


def _put_batch(items: Sequence[Writable]) -> None:
    connection = Item._get_connection()  # noqa: SLF001  batch_write() of PynamoDB makes a thread of its own wait
    waiting = [_put_request(item) for item in items]
    pause = _FIRST_PAUSE
    while waiting:
        answer = connection.connection.client._make_api_call(  # noqa: SLF001
            "BatchWriteItem", {"RequestItems": {connection.table_name: waiting}}
        )
        waiting = answer.get("UnprocessedItems", {}).get(connection.table_name, [])
        if waiting:
            time.sleep(pause)
            pause = min(_LONGEST_PAUSE, pause * 2)


def _put_request(item: Writable) -> dict[str, Any]:
    return {"PutRequest": {"Item": _serialized(item) if isinstance(item, Item) else item}}


def _serialized(item: Item) -> Raw:
    item.version = 1
    return item.serialize()


def existing(keys: Sequence[Key]) -> set[Key]:
    """Return which of these rows exist; reads only their keys."""
    found: set[Key] = set()
    for start in range(0, len(keys), _KEYS):
        chunk = [tuple(key) for key in keys[start : start + _KEYS]]
        rows = Item.batch_get(chunk, attributes_to_get=["pk", "sk", "kind"])
        found.update(row.key for row in rows)
    return found
