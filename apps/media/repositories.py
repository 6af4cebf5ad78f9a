"""Every access of the media app to the table."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime

from apps.core import clock, keys, queries
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.media.errors import TooManyUploads, UploadExists
from apps.media.models import KEPT_UNUSED, OpenUploads, Purpose, UploadRow

_NAME_BYTES = 16


def fresh(upload_id: str, *, user_id: str, purpose: Purpose, content_type: str, size: int) -> UploadRow:
    """Build the row of a new upload, with an unguessable name."""
    key, now = keys.upload(user_id, upload_id), clock.now()
    row = UploadRow(
        pk=key.pk, sk=key.sk, user_id=user_id, purpose=purpose.value, content_type=content_type, size=size,
        name=secrets.token_hex(_NAME_BYTES), created_at=now,
    )  # fmt: skip
    put_in_queue(row, now + KEPT_UNUSED)
    return row


def add(transaction: Transaction, row: UploadRow, *, most: int) -> None:
    """Create an upload and count it under one condition: concurrent requests cannot exceed the limit."""
    transaction.save(row, otherwise=UploadExists())
    free = OpenUploads.number.does_not_exist() | (OpenUploads.number < most)
    transaction.update(_counter(row.user_id), [OpenUploads.number.add(1)], free, TooManyUploads(retry_after=3600))


def add_attached(transaction: Transaction, row: UploadRow) -> None:
    """Create an upload that is in use from the start, and is therefore neither counted nor removed as unused."""
    take_from_queue(row)
    transaction.save(row, otherwise=UploadExists())


def count_less(transaction: Transaction, user_id: str, number: int) -> None:
    transaction.update(_counter(user_id), [OpenUploads.number.add(-number)])


def _counter(user_id: str) -> OpenUploads:
    key = keys.open_uploads(user_id)
    return OpenUploads(pk=key.pk, sk=key.sk)


def put_in_queue(row: UploadRow, due: datetime) -> None:
    """Schedule the removal of the row from `query_due` on."""
    queue = keys.removals_queue(clock.sortable(due), row.id)
    row.gsi4pk, row.gsi4sk = queue.pk, queue.sk


def take_from_queue(row: UploadRow) -> None:
    row.gsi4pk = row.gsi4sk = None


def find_upload(user_id: str, upload_id: str) -> UploadRow | None:
    """Read a person's upload, consistently: 1 read unit."""
    return UploadRow.read(keys.upload(user_id, upload_id))


def find_uploads(uploads: Sequence[tuple[str, str]]) -> dict[tuple[str, str], UploadRow]:
    """Read uploads by owner and id, consistently: 1 read unit each."""
    found = queries.read_many(UploadRow, [keys.upload(user_id, upload_id) for user_id, upload_id in uploads])
    return {(row.user_id, row.id): row for row in found.values()}


def query_due(until: datetime) -> Iterator[Item]:
    """Yield the index entries of uploads due before `until`: pointers, to be read by key."""
    queue = keys.removals_queue(clock.sortable(until), "-")
    return iter(Item.queues.query(queue.pk, Item.gsi4sk < queue.sk))


def query_uploads(user_id: str) -> Iterator[UploadRow]:
    partition = keys.user(user_id).pk
    return iter(UploadRow.query(partition, UploadRow.sk.startswith(keys.prefix("UPLOAD")), consistent_read=True))
