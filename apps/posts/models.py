"""Rows of posts: the post with its counts, comments, reactions, and the lists of posts."""

from dataclasses import dataclass
from datetime import datetime

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from apps.core import ids, keys
from apps.core.models import BodyAttribute, Item, MomentAttribute
from apps.posts.content import Reaction


class Written(Item):
    """A text to which others can react. Counts change independently of `edition`, which numbers the author's edits.

    Contains a copy of the author's name and picture, so that a page can be shown without reading profiles. A task
    updates the copy after a change (`authors.py`).
    """

    user_id = UnicodeAttribute()
    username = UnicodeAttribute()
    avatar = UnicodeAttribute(null=True)
    likes = NumberAttribute(default=0)
    loves = NumberAttribute(default=0)
    wows = NumberAttribute(default=0)
    edition = NumberAttribute(default=1)

    @property
    def figures(self) -> dict[Reaction, int]:
        return {Reaction.LIKE: int(self.likes), Reaction.LOVE: int(self.loves), Reaction.WOW: int(self.wows)}


class PostRow(Written, discriminator="post"):
    """A post with its counts in one row, so that a page of a feed needs one key per post.

    `body` contains content, recipe and images. A deleted post stays as a tombstone without a body until its comments,
    reactions and references are removed.
    """

    visibility = UnicodeAttribute()
    body = BodyAttribute(null=True)
    comment_count = NumberAttribute(default=0)
    updated_at = MomentAttribute()
    hidden = BooleanAttribute(default=False)
    deleted = BooleanAttribute(default=False)

    @property
    def id(self) -> str:
        return keys.last_part(self.pk)

    @property
    def created_at(self) -> datetime:
        return ids.made_at(self.id)


@dataclass(frozen=True, slots=True)
class Author:
    """The copy of an author that their posts and comments carry."""

    id: str
    username: str
    avatar: str | None

    @property
    def attributes(self) -> dict[str, str | None]:
        return {"user_id": self.id, "username": self.username, "avatar": self.avatar}


class PostPointer(Item, discriminator="post_pointer"):
    """Lists a post among its author's, with the facts that decide who sees it."""

    visibility = UnicodeAttribute()
    hidden = BooleanAttribute(default=False)

    @property
    def id(self) -> str:
        return keys.last_part(self.sk)


class CommentRow(Written, discriminator="comment"):
    """A comment, or with a `parent_id` a reply to one."""

    content = BodyAttribute()
    parent_id = UnicodeAttribute(null=True)
    edited_at = MomentAttribute(null=True)
    hidden = BooleanAttribute(default=False)

    @property
    def id(self) -> str:
        return keys.last_part(self.sk)

    @property
    def post_id(self) -> str:
        return keys.last_part(self.pk)

    @property
    def created_at(self) -> datetime:
        return ids.made_at(self.id)


class ReactionRow(Item, discriminator="reaction"):
    """Somebody's reaction to a post or comment."""

    reaction = UnicodeAttribute()


class FeedReference(Item, discriminator="feed_reference"):
    """A reference that puts a post into somebody's feed. Visibility is decided when the feed is read."""

    user_id = UnicodeAttribute()

    @property
    def id(self) -> str:
        return self.sk
