"""Copy posts into feeds and remove them again: in batches, in the worker, safe to interrupt and to repeat."""

from collections.abc import Iterable

import structlog

from apps.core import clock, ids
from apps.core.transactions import retry_conflicts
from apps.feed import repositories
from apps.feed.models import format_batch_number
from apps.posts import feed_sources
from apps.posts.content import Visibility
from apps.users import relations

log = structlog.get_logger()

# With 16 bytes per reader, writing a batch costs 4 units, and a killed worker repeats at most eight small requests.
BATCH_SIZE = 200


@retry_conflicts
def fan_out_post(post_id: str, author_id: str) -> None:
    """Copy a post into the feeds of its author's friends: 1 write unit per friend, and 4 per 200.

    Resumes an interrupted run. If the post is deleted meanwhile, its references are removed again: either the deletion
    finds the parts written here, or this run finds the post deleted when it checks again at the end.
    """
    post = feed_sources.find_post(post_id)
    if post is None:
        _forget(post_id, author_id)
        return
    if post.visibility == Visibility.PRIVATE:
        return
    friends = _friends(author_id)
    feed_sources.share_recipe(post, friends)
    _reach(post_id, author_id, friends)
    if feed_sources.find_post(post_id) is None:
        _forget(post_id, author_id)
    log.info("fanned_out", post_id=post_id, friends=len(friends))


def _reach(post_id: str, author_id: str, friends: list[str]) -> None:
    parts = [part for part in repositories.list_batches(post_id) if part.is_numbered]
    if parts:
        # The run that wrote it may have been killed before it wrote the references.
        feed_sources.add_to_feeds(post_id, author_id, _unpacked(parts[-1].readers))
    reached = {reader for part in parts for reader in _unpacked(part.readers)}
    rest = [friend for friend in friends if friend not in reached]
    until = ids.made_at(post_id) + feed_sources.KEPT
    for step, start in enumerate(range(0, len(rest), BATCH_SIZE), len(parts) + 1):
        some = rest[start : start + BATCH_SIZE]
        repositories.create_batch(post_id, format_batch_number(step), some, until=until)
        feed_sources.add_to_feeds(post_id, author_id, some)


def _forget(post_id: str, author_id: str) -> None:
    """Remove a deleted post from feeds, even if the rows that list its readers are already gone."""
    withdraw_post(post_id, author_id)
    feed_sources.remove_from_feeds(post_id, _friends(author_id))


def withdraw_post(post_id: str, author_id: str) -> None:
    """Remove a deleted post from every feed that it was copied to: 1 write unit each."""
    if feed_sources.find_post(post_id) is not None:
        return
    feed_sources.remove_from_feeds(post_id, [author_id])
    for part in repositories.list_batches(post_id):
        feed_sources.remove_from_feeds(post_id, _unpacked(part.readers))
        repositories.delete_batch(part)


def exchange_posts(user_id: str, other_id: str) -> None:
    """Put the posts of two friends into each other's feeds, as far back as feeds go.

    A post written before the friendship is listed here, since both are read consistently; one written after it finds
    the new friend when it is fanned out.
    """
    if not relations.load_relations(user_id).is_friend(other_id):
        return
    _introduce(author_id=user_id, reader_id=other_id)
    _introduce(author_id=other_id, reader_id=user_id)


def _introduce(*, author_id: str, reader_id: str) -> None:
    floor = ids.first_id_at(clock.now() - feed_sources.KEPT)
    listed = [pointer.id for pointer in feed_sources.list_shareable_posts_of(author_id, newer_than=floor)]
    repositories.put_batches(reader_id, listed, until=clock.now() + feed_sources.KEPT)
    for post_id in listed:
        feed_sources.add_to_feeds(post_id, author_id, [reader_id])
    there = {pointer.id for pointer in feed_sources.list_shareable_posts_of(author_id, newer_than=floor)}
    for post_id in listed:
        if post_id not in there:
            withdraw_post(post_id, author_id)


def _friends(user_id: str) -> list[str]:
    """Return the ids of a person's friends in a stable order."""
    return sorted(_unpacked(relations.load_relations(user_id).friends))


def _unpacked(packed: Iterable[bytes]) -> list[str]:
    return [relations.unpack(one) for one in packed]
