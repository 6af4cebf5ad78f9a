"""Rows of posts: the post with its counts, comments, reactions, and the lists of posts."""

from dataclasses import dataclass
from datetime import datetime

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from apps.core import ids, keys
from apps.core.models import BodyAttribute, Item, MomentAttribute
from apps.posts.content import Reaction


class Written(Item):
    """What somebody wrote, and others react to. Figures move by themselves; `edition` counts the author's edits.

    Name and picture of the author are kept with it, so that nobody has to be looked up to show a page of it: the name
    never changes, and when the picture does, a task writes it here.
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
    """A post and its figures in one row: a page of a feed can then be read with one key for each post.

    `body` holds content, recipe and images. A deleted post stays as a tombstone without a body until everything that
    hangs on it is gone.
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
    """Lists a post among its author's, with what decides who sees it."""

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
    """How somebody reacted to a post or a comment."""

    reaction = UnicodeAttribute()


class FeedReference(Item, discriminator="feed_reference"):
    """A reference that puts a post into somebody's feed. Visibility is decided when the feed is read."""

    user_id = UnicodeAttribute()

    @property
    def id(self) -> str:
        return self.sk
