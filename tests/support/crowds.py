"""Create many rows at once for tests of lists: copies of rows with other ids, written in batches."""

import json
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from apps.core import clock, ids, keys
from apps.core.models import Item, derived_keys
from apps.ingredients.models import UnknownName


def copies(rows: Iterable[Item], *, of: str, count: int) -> list[str]:
    """Write `count` copies of rows, with a new id wherever `of` occurs; return the ids."""
    raws = [json.dumps(row.serialize(), default=_bytes) for row in rows]
    new = [str(uuid.uuid4()) if "-" in of else ids.new_id() for _ in range(count)]
    with Item.batch_write() as batch:
        for id_ in new:
            for raw in raws:
                batch.save(Item.from_raw_data(json.loads(raw.replace(of, id_), object_hook=_unbytes)))
    return new


def remove(rows: Iterable[Item], *, of: str, copied: Iterable[str]) -> None:
    """Delete copies of rows, which other tests would otherwise have to process for minutes."""
    places = [(row.pk, row.sk) for row in rows]
    with Item.batch_write() as batch:
        for id_ in copied:
            for pk, sk in places:
                batch.delete(Item(pk=pk.replace(of, id_), sk=sk.replace(of, id_)))


def waiting_names(count: int, *, prefix: str, since: datetime) -> list[str]:
    """Add unknown names to the moderators' queue, a microsecond apart, and return them in the order of the queue.

    With `since` in the future they come after the names of other tests.
    """
    names = [f"{prefix} {number:04d}" for number in range(count)]
    with Item.batch_write() as batch:
        for number, name in enumerate(names):
            batch.save(_waiting_name(name, clock.sortable(since + timedelta(microseconds=number))))
    return names


def _waiting_name(name: str, since: str) -> UnknownName:
    name_hash = ids.new_id().lower()
    key = keys.unknown_name(name_hash)
    place = derived_keys(gsi4=keys.unknown_names_queue(since, name_hash))
    return UnknownName(pk=key.pk, sk=key.sk, name=name, reporters=5, first_seen_at=clock.now(), version=1, **place)


def _bytes(value: Any) -> dict[str, str]:
    return {"hex": bytes(value).hex()}


def _unbytes(held: dict[str, Any]) -> Any:
    return bytes.fromhex(held["hex"]) if set(held) == {"hex"} else held
