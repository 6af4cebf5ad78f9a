"""Write the synthetic society's friendships and posts, with everything that belongs to them, to the table."""

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
from devtools.society.social_rows import circle_row, friend_rows, post_rows


def until(seed: int) -> datetime:
    """Return up to when people have posted: today's midnight, or what an earlier run of this seed took for it.

    Feeds go back 30 days, so posts have to be of these days; a later run finds the moment again by the first post,
    which is the newest.
    """
    newest = _newest(seed)
    if newest is not None:
        return ids.made_at(newest.id) + talk.NEWEST
    return clock.now().replace(hour=0, minute=0, second=0, microsecond=0)


def _newest(seed: int) -> PostPointer | None:
    """Return the place of the first post, which is written before all others; None where nobody has posted yet."""
    return next(posts.iterate_pointers(person(seed, 0).id, before=None, page_size=1), None)


def unwritten(seed: int, society: Society) -> list[FriendRow]:
    """Return those rows of friendships that are not in the table."""
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


def seed_circles(seed: int, society: Society, numbers: Sequence[int], *, progress: Progress) -> None:
    """Bring the circles of these people up to date, and what their friends posted earlier into their feeds."""
    posted = _newest(seed) is not None

    def work(places: range) -> int:
        some = [numbers[place] for place in places]
        _write_circles(seed, society, some)
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


def _write_circles(seed: int, society: Society, numbers: Sequence[int]) -> None:
    people = {number: person(seed, number).id for number in numbers}
    there = queries.read_many(RelationsRow, [keys.relations(id_) for id_ in people.values()])
    rows = [
        circle_row(id_, (person(seed, friend).id for friend in society.friends[number]), there.get(keys.relations(id_)))
        for number, id_ in people.items()
    ]
    bulk_writes.put_all([row for row in rows if row is not None])


def seed_friendships(rows: Sequence[FriendRow], *, progress: Progress) -> int:
    """Write rows of friendships, two for each, after the circles: they are how a later run knows those to be done."""

    def work(places: range) -> int:
        bulk_writes.put_all([rows[place] for place in places])
        return len(places)

    return in_parallel(work, len(rows), progress) // 2


def seed_posts(setting: Setting, count: int, *, progress: Progress) -> int:
    """Write those of the first `count` posts that are missing, with all that hangs on them, and return how many.

    About 20 rows a post, most of them references in friends' feeds.
    """

    def work(numbers: range) -> int:
        places = {number: keys.post(talk.post_id(setting, number)) for number in numbers}
        there = bulk_writes.existing(list(places.values()))
        rows = [post_rows(setting, talk.post(setting, number)) for number in numbers if places[number] not in there]
        # By the pointer of the first post a later run knows how late it is in this society: it goes first.
        bulk_writes.put_all([one.pointer for one in rows])
        # Of two posts that show the same recipe each says that it was cooked; a batch must not hold a row twice.
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
