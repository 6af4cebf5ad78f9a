"""Every access of the feed app to the table."""

from collections.abc import Sequence
from datetime import datetime

from apps.core import clock, keys, transactions
from apps.feed.models import FanOut
from apps.users import relations


def list_batches(post_id: str) -> list[FanOut]:
    """Read the readers of a post's fan-out, consistently: 1 read unit for 200 readers."""
    partition = keys.post(post_id).pk
    within = FanOut.sk.startswith(keys.prefix("FANOUT"))
    return list(FanOut.query(partition, within, consistent_read=True))


def create_batch(post_id: str, name: str, reader_ids: Sequence[str], *, until: datetime) -> None:
    """Record a batch of readers; `WriteConflict` if another run has recorded it."""
    transactions.save(_part(post_id, name, reader_ids, until))


def put_batches(reader_id: str, post_ids: Sequence[str], *, until: datetime) -> None:
    """Record one reader of many posts. Idempotent."""
    with FanOut.batch_write() as batch:
        for post_id in post_ids:
            row = _part(post_id, reader_id, [reader_id], until)
            row.version = 1
            batch.save(row)


def delete_batch(part: FanOut) -> None:
    part.delete(add_version_condition=False)


def _part(post_id: str, name: str, reader_ids: Sequence[str], until: datetime) -> FanOut:
    key = keys.fan_out(post_id, name)
    packed = {relations.pack(reader_id) for reader_id in reader_ids}
    return FanOut(pk=key.pk, sk=key.sk, readers=packed, ttl=clock.epoch(until))
