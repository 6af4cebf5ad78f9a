"""Friendships, posts and feeds of the synthetic society as rows, in the shapes that the services write."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from apps.core import clock, ids, keys
from apps.core.models import Item, derived_keys
from apps.feed import fan_out
from apps.feed.models import FanOut, format_batch_number
from apps.friends.models import FriendRow, State
from apps.posts import feed_sources
from apps.posts.content import Reaction, Visibility
from apps.posts.models import Author, CommentRow, PostRow, ReactionRow
from apps.posts.repositories import comments, posts, reactions
from apps.posts.repositories.references import build_reference
from apps.recipes.models import CookedRow
from apps.users import relations
from apps.users.models import RelationsRow
from devtools import bulk_writes
from devtools.bulk_writes import Writable
from devtools.society.people import JOINED_AT, person
from devtools.society.posts import Comment, Post, Setting

# Synthetic people became friends within this time after they had joined.
_BEFRIENDED_WITHIN = timedelta(days=365)
_COOKED_WITHIN, _MOST_COOKED = timedelta(days=7), 4


@dataclass(frozen=True, slots=True)
class PostRows:
    """The rows of a post in the order of writing: if the last one exists, all do."""

    belongings: list[Item]
    feeds: list[Writable]
    pointer: Item
    post: PostRow


def relations_row(user_id: str, friend_ids: Iterable[str], there: RelationsRow | None) -> RelationsRow | None:
    """Build somebody's relations with these friends added to the existing ones; None if they have them already."""
    key = keys.relations(user_id)
    row = there or RelationsRow(pk=key.pk, sk=key.sk)
    wanted, friends = {relations.pack(id_) for id_ in friend_ids}, set(row.friends or ())
    # A person who was blocked meanwhile does not become a friend again.
    joined = friends | (wanted - set(row.blocked or ()))
    if joined == friends:
        return None
    row.friends = joined
    return row


def friend_rows(seed: int, one: int, other: int) -> Iterator[FriendRow]:
    """Build both rows of a friendship."""
    chance = random.Random(f"{seed}:since:{one}:{other}")  # noqa: S311  synthetic, not secret
    since = (JOINED_AT + _BEFRIENDED_WITHIN * chance.random()).replace(microsecond=0)
    pair = person(seed, one).id, person(seed, other).id
    for owner, friend in (pair, pair[::-1]):
        key, listed = keys.friend(owner, friend), keys.friends_list(owner, clock.sortable(since), friend)
        yield FriendRow(
            pk=key.pk, sk=key.sk, user_id=friend, state=State.FRIENDS.value, since=since, **derived_keys(gsi2=listed)
        )


def post_rows(setting: Setting, post: Post) -> PostRows:
    """Build a post with its comments, reactions and references; its counts are those of the comments and reactions."""
    body: dict[str, Any] = {"content": post.content}
    if post.recipe:
        body["recipe"] = {"id": post.recipe.recipe_id, "title": post.title}
    made, pointer, own = posts.build_post(
        post.id, author=_author(setting, post.author), visibility=post.visibility.value, body=body
    )
    made.updated_at = made.created_at
    said = [_comment_row(setting, post.id, comment) for comment in post.comments]
    belongings: list[Item] = [*said, *_reaction_rows(setting, made, post.reactions)]
    for row, comment in zip(said, post.comments, strict=True):
        belongings += _reaction_rows(setting, row, comment.reactions)
    if post.recipe:
        belongings.append(_cooked_row(setting, post.author, post.recipe.recipe_id))
    made.comment_count = len(said)
    feeds = [] if own.is_expired else [own, *_friends_feeds(setting, post)]
    return PostRows(belongings, feeds, pointer, made)


def _author(setting: Setting, author: int) -> Author:
    one = person(setting.seed, author)
    return Author(one.id, one.username, None)


def _comment_row(setting: Setting, post_id: str, comment: Comment) -> CommentRow:
    return comments.build_comment(
        post_id, comment.id, author=_author(setting, comment.author), content=comment.content,
        parent_id=comment.parent_id,
    )  # fmt: skip


def _reaction_rows(setting: Setting, target: PostRow | CommentRow, given: dict[int, Reaction]) -> list[ReactionRow]:
    """Build reactions, and count them in their target."""
    kinds = list(given.values())
    target.likes, target.loves, target.wows = map(kinds.count, (Reaction.LIKE, Reaction.LOVE, Reaction.WOW))
    return [reactions.build_reaction(target, person(setting.seed, one).id, kind) for one, kind in given.items()]


def _cooked_row(setting: Setting, cook: int, recipe_id: str) -> CookedRow:
    """Build the row that says that the author cooked the recipe; the same for all posts that show it."""
    cook_id = person(setting.seed, cook).id
    chance = random.Random(f"{cook_id}:cooked:{recipe_id}")  # noqa: S311
    key, at = keys.cooked(recipe_id, cook_id), setting.until - _COOKED_WITHIN * chance.random()
    return CookedRow(pk=key.pk, sk=key.sk, user_id=cook_id, times=chance.randint(1, _MOST_COOKED), last_cooked_at=at)


def _friends_feeds(setting: Setting, post: Post) -> Iterator[Writable]:
    """Build the references in friends' feeds, and the rows of the fan-out that list them.

    Half of all rows of a society are references; those of one post differ only in their keys.
    """
    if post.visibility == Visibility.PRIVATE:
        return
    author = person(setting.seed, post.author).id
    readers = sorted(person(setting.seed, friend).id for friend in setting.society.friends[post.author])
    until = clock.epoch(ids.made_at(post.id) + feed_sources.KEPT)
    for step, start in enumerate(range(0, len(readers), fan_out.BATCH_SIZE), 1):
        some = readers[start : start + fan_out.BATCH_SIZE]
        key = keys.fan_out(post.id, format_batch_number(step))
        yield FanOut(pk=key.pk, sk=key.sk, readers={relations.pack(reader) for reader in some}, ttl=until)
        yield from bulk_writes.copies(
            build_reference(author, post.id, author), (keys.feed_reference(reader, post.id) for reader in some)
        )
