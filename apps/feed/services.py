"""The feed: friends' and public posts of the last 30 days in one list. Visibility is decided at read time.

A page costs at most 15 read units however many friends the reader has: only the log of recent changes
(`apps/core/recent_changes.py`) is read consistently, and the posts that it names are read again by key. So a post that
just became invisible to the reader is not shown, at half the price of reading every post consistently.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import islice

from apps.core import clock, ids, recent_changes
from apps.core.authentication import Actor
from apps.posts import feed_sources
from apps.posts import services as posts
from apps.posts.content import Visibility
from apps.posts.services import Post, PostView
from apps.posts.visibility import visible_to
from apps.users import relations
from apps.users.visibility import Viewer


class Scope(StrEnum):
    FRIENDS = "friends"
    PUBLIC = "public"
    ALL = "all"


# Allows for ids from servers whose clock is ahead of ours.
_AHEAD = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MergedPosts:
    """Posts that one read found, newest first, and where the next one starts; None at the end."""

    posts: list[Post]
    next: str | None


@dataclass(frozen=True, slots=True)
class FeedReading:
    """The state of a read of the feed at one moment."""

    who: Viewer
    scope: Scope
    floor: str
    changed: frozenset[str]


def read_feed_page(*, actor: Actor, scope: Scope, limit: int, after: str | None) -> tuple[list[PostView], str | None]:
    """Return up to `limit` posts older than `after`, and the position of the next page; None at the end.

    Usually six requests, however many friends there are: the log, the relations, the references, a month of public
    posts, friends' posts, own reactions. It reads on if posts turn out to be deleted or invisible, so that only the
    last page is short.
    """
    seen, now = recent_changes.load_recent(), clock.now()
    mine = relations.load_relations(actor.id, consistent=actor.id in seen.changed)
    who = Viewer(actor.id, mine, seen.hidden)
    reading = FeedReading(who, scope, ids.first_id_at(now - feed_sources.KEPT), seen.changed)
    shown: list[Post] = []
    position: str | None = after or ids.first_id_at(now + _AHEAD)
    while position is not None and len(shown) < limit:
        found = _merge_sources(reading, older_than=position, count=limit)
        kept = found.posts[: limit - len(shown)]
        position = found.next if len(kept) == len(found.posts) else kept[-1].id
        shown += kept
    return posts.build_views(shown, who=who), position


def _merge_sources(reading: FeedReading, *, older_than: str, count: int) -> MergedPosts:
    """Merge the next `count` posts of both sources, without those that the reader may not see.

    Of the public posts only those newer than the oldest reference are read: older ones cannot be among the newest.
    """
    near = _near(reading, older_than, count)
    bound = near[-1] if len(near) > count else reading.floor
    public = _public(reading, older_than, bound, count)
    candidates = sorted({*near, *public}, reverse=True)[: count + 1]
    wanted = candidates[:count]
    rows = _rows(wanted, public, reading.changed)
    following = wanted[-1] if len(candidates) > count else None
    return MergedPosts([rows[id_] for id_ in wanted if id_ in rows and _is_shown(reading, rows[id_])], following)


def _near(reading: FeedReading, older_than: str, count: int) -> list[str]:
    if reading.scope == Scope.PUBLIC:
        return []
    found = feed_sources.iterate_close_post_ids(
        reading.who, newer_than=reading.floor, older_than=older_than, page_size=count + 1
    )
    return list(islice(found, count + 1))


def _public(reading: FeedReading, older_than: str, newer_than: str, count: int) -> dict[str, Post]:
    if reading.scope == Scope.FRIENDS:
        return {}
    found = feed_sources.iterate_public_posts(
        reading.who, newer_than=newer_than, older_than=older_than, page_size=count + 1
    )
    return {post.id: post for post in islice(found, count + 1)}


def _rows(post_ids: list[str], public: dict[str, Post], changed: frozenset[str]) -> dict[str, Post]:
    """Read the posts that the index did not contain, and consistently those that have just changed."""
    known = {id_: public[id_] for id_ in post_ids if id_ in public and id_ not in changed}
    rest = [id_ for id_ in post_ids if id_ not in known]
    fresh = feed_sources.read_posts([id_ for id_ in rest if id_ in changed], consistent=True)
    return known | fresh | feed_sources.read_posts([id_ for id_ in rest if id_ not in changed], consistent=False)


def _is_shown(reading: FeedReading, post: Post) -> bool:
    if reading.scope == Scope.PUBLIC and post.visibility != Visibility.PUBLIC:
        return False
    return visible_to(reading.who, post.user_id, post)
