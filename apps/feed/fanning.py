"""Putting posts into feeds and taking them out again: in the worker, in parts, safe to interrupt and to repeat."""

from collections.abc import Iterable

import structlog

from apps.core import clock, ids, outbox
from apps.core.transactions import retry_conflicts
from apps.feed import repositories
from apps.feed.models import number
from apps.posts import services as posts
from apps.posts import supply
from apps.posts.content import Visibility
from apps.users import relations
from smartcooking.contract import queues

log = structlog.get_logger()

FAN_OUT = posts.FAN_OUT
WITHDRAW = posts.WITHDRAW
# Two people have become friends: put the posts of each into the other's feed.
WELCOME = outbox.Task("feed.welcome", queues.DEFAULT)

# 16 bytes a reader: a part is written for 4 units, and what a killed worker repeats is eight small requests.
PART = 200


@retry_conflicts
def fan_out(post_id: str, author_id: str) -> None:
    """Put a post into the feeds of its author's friends: 1 write unit a friend, and 4 for 200 of them.

    Goes on where an earlier run stopped. A post that is deleted meanwhile is taken out again: either the deletion finds
    the parts written here, or this run finds the post gone when it looks again at the end.
    """
    post = supply.find(post_id)
    if post is None:
        _forget(post_id, author_id)
        return
    if post.visibility == Visibility.PRIVATE:
        return
    friends = _friends(author_id)
    supply.share_recipe(post, friends)
    _reach(post_id, author_id, friends)
    if supply.find(post_id) is None:
        _forget(post_id, author_id)
    log.info("fanned_out", post_id=post_id, friends=len(friends))


def _reach(post_id: str, author_id: str, friends: list[str]) -> None:
    parts = [part for part in repositories.parts(post_id) if part.is_numbered]
    if parts:
        # The run that wrote it may have died before its references were there.
        supply.give(post_id, author_id, _unpacked(parts[-1].readers))
    reached = {reader for part in parts for reader in _unpacked(part.readers)}
    rest = [friend for friend in friends if friend not in reached]
    until = ids.made_at(post_id) + supply.KEPT
    for step, start in enumerate(range(0, len(rest), PART), len(parts) + 1):
        some = rest[start : start + PART]
        repositories.add_part(post_id, number(step), some, until=until)
        supply.give(post_id, author_id, some)


def _forget(post_id: str, author_id: str) -> None:
    """Take a deleted post out of feeds, also where the rows that say so have been removed by now."""
    withdraw(post_id, author_id)
    supply.take(post_id, _friends(author_id))


def withdraw(post_id: str, author_id: str) -> None:
    """Take a deleted post out of every feed that it was put into: 1 write unit each."""
    if supply.find(post_id) is not None:
        return
    supply.take(post_id, [author_id])
    for part in repositories.parts(post_id):
        supply.take(post_id, _unpacked(part.readers))
        repositories.delete_part(part)


def welcome(user_id: str, other_id: str) -> None:
    """Put the posts of two friends into each other's feeds, as far back as feeds go.

    A post written before the friendship is listed here, since both are read consistently; one written after it finds
    the new friend when it is fanned out.
    """
    if not relations.load_relations(user_id).is_friend(other_id):
        return
    _introduce(author_id=user_id, reader_id=other_id)
    _introduce(author_id=other_id, reader_id=user_id)


def _introduce(*, author_id: str, reader_id: str) -> None:
    floor = ids.first_id_at(clock.now() - supply.KEPT)
    listed = [pointer.id for pointer in supply.of_author(author_id, newer_than=floor)]
    repositories.put_parts(reader_id, listed, until=clock.now() + supply.KEPT)
    for post_id in listed:
        supply.give(post_id, author_id, [reader_id])
    there = {pointer.id for pointer in supply.of_author(author_id, newer_than=floor)}
    for post_id in listed:
        if post_id not in there:
            withdraw(post_id, author_id)


def _friends(user_id: str) -> list[str]:
    """Return the ids of somebody's friends in an order that stays."""
    return sorted(_unpacked(relations.load_relations(user_id).friends))


def _unpacked(packed: Iterable[bytes]) -> list[str]:
    return [relations.unpack(one) for one in packed]
