"""Access to the references that put posts into feeds."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from apps.core import clock, ids, keys
from apps.posts.models import FeedReference

# The feed shows the last 30 days; older posts are on their authors' pages.
KEPT = timedelta(days=30)


def build_reference(reader_id: str, post_id: str, author_id: str) -> FeedReference:
    """Build the row that puts a post into somebody's feed. It expires after the time that feeds cover."""
    key = keys.feed_reference(reader_id, post_id)
    ttl = clock.epoch(ids.made_at(post_id) + KEPT)
    return FeedReference(pk=key.pk, sk=key.sk, user_id=author_id, ttl=ttl)


def iterate_references(reader_id: str, *, newer_than: str, older_than: str, page_size: int) -> Iterator[FeedReference]:
    """Yield the references in a feed between two ids, newest first: half a read unit for about 25."""
    rows = FeedReference.query(
        keys.feed_reference(reader_id, older_than).pk,
        FeedReference.sk.between(newer_than, older_than),
        scan_index_forward=False,
        page_size=page_size,
    )
    return (row for row in rows if newer_than < row.id < older_than and not row.is_expired)


def put_references(rows: Sequence[FeedReference]) -> None:
    """Write references. Idempotent."""
    with FeedReference.batch_write() as batch:
        for row in rows:
            row.version = 1
            batch.save(row)


def delete_references(reader_ids: Sequence[str], post_id: str) -> None:
    with FeedReference.batch_write() as batch:
        for reader_id in reader_ids:
            key = keys.feed_reference(reader_id, post_id)
            batch.delete(FeedReference(pk=key.pk, sk=key.sk))
