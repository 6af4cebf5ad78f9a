"""Write the synthetic society's friendships and posts, with all their rows, to the table."""

from collections.abc import Sequence
from datetime import datetime

from apps.core import clock, ids, keys, queries
from apps.feed import fan_out
from apps.friends.models import FriendRow
from apps.posts import feed_sources
from apps.posts.models import PostPointer
from apps.posts.repositories import posts
from apps.users.models import RelationsRow
from devtools import bulk_writes
from devtools.society import posts as talk
from devtools.society.friendships import Society
from devtools.society.people import person
from devtools.society.posts import Setting
from devtools.society.seeding import Progress, in_parallel
from devtools.society.social_rows import friend_rows, post_rows, relations_row


def until(seed: int) -> datetime:
    """Return the moment up to which people have posted: last midnight, or the one that an earlier run used.

    Feeds go back 30 days, so posts must be recent; a later run finds the moment from the first post, the newest.
    """
    newest = _newest(seed)
    if newest is not None:
        return ids.made_at(newest.id) + talk.NEWEST
    return clock.now().replace(hour=0, minute=0, second=0, microsecond=0)


def _newest(seed: int) -> PostPointer | None:
    """Return the first post's row, which is written before all others; None if nobody has posted yet."""
    return next(posts.iterate_pointers(person(seed, 0).id, before=None, page_size=1), None)


def unwritten(seed: int, society: Society) -> list[FriendRow]:
    """Return the rows of friendships that are not in the table."""
    found: list[FriendRow] = []

    def work(numbers: range) -> int:
        rows = [
            row for number in numbers for friend in society.pairs(number) for row in friend_rows(seed, number, friend)
        ]
        there = bulk_writes.existing([row.key for row in rows])
        found.extend(row for row in rows if row.key not in there)
        return 0

    in_parallel(work, len(society.friends), lambda _: None)
    return found


def seed_relations(seed: int, society: Society, numbers: Sequence[int], *, progress: Progress) -> None:
    """Update the relations of these people, and add their friends' earlier posts to their feeds."""
    posted = _newest(seed) is not None

    def work(places: range) -> int:
        some = [numbers[place] for place in places]
        _write_relations(seed, society, some)
        return len(some)

    def welcome(places: range) -> int:
        if not posted:
            return len(places)
        floor = ids.first_id_at(clock.now() - feed_sources.KEPT)
        for author in (person(seed, numbers[place]).id for place in places):
            for pointer in feed_sources.list_shareable_posts_of(author, newer_than=floor):
                fan_out.fan_out_post(pointer.id, author)
        return len(places)

    in_parallel(work, len(numbers), lambda _: None)
    in_parallel(welcome, len(numbers), progress)


def _write_relations(seed: int, society: Society, numbers: Sequence[int]) -> None:
    people = {number: person(seed, number).id for number in numbers}
    there = queries.read_many(RelationsRow, [keys.relations(id_) for id_ in people.values()])
    rows = [
        relations_row(
            id_, (person(seed, friend).id for friend in society.friends[number]), there.get(keys.relations(id_))
        )
        for number, id_ in people.items()
    ]
    bulk_writes.put_all([row for row in rows if row is not None])


def seed_friendships(rows: Sequence[FriendRow], *, progress: Progress) -> int:
    """Write the rows of friendships, two for each, after the relations: by them a later run knows what is done."""

    def work(places: range) -> int:
        bulk_writes.put_all([rows[place] for place in places])
        return len(places)

    return in_parallel(work, len(rows), progress) // 2


def seed_posts(setting: Setting, count: int, *, progress: Progress) -> int:
    """Write the missing ones of the first `count` posts with all their rows, and return their number.

    About 20 rows per post, most of them references in friends' feeds.
    """

    def work(numbers: range) -> int:
        places = {number: keys.post(talk.post_id(setting, number)) for number in numbers}
        there = bulk_writes.existing(list(places.values()))
        rows = [post_rows(setting, talk.post(setting, number)) for number in numbers if places[number] not in there]
        # Written first, since a later run finds the society's `until` from the first post.
        bulk_writes.put_all([one.pointer for one in rows])
        # Two posts that show the same recipe have the same row for the cook; a batch must not contain a row twice.
        bulk_writes.put_all(list({item.key: item for one in rows for item in one.belongings}.values()))
        bulk_writes.put_all([item for one in rows for item in one.feeds])
        bulk_writes.put_all([one.post for one in rows])
        return len(rows)

    first = min(count, 1)
    written = work(range(first))
    progress(first)
    return written + in_parallel(
        lambda numbers: work(range(numbers.start + 1, numbers.stop + 1)), count - first, progress
    )
