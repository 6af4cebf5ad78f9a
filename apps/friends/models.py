"""Rows between two people: one on each side of a request or friendship, one per block."""

from enum import StrEnum

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from apps.core.models import Item, MomentAttribute


class State(StrEnum):
    """One person's side of a relation: the two rows of a pair say sent and received, or both say friends."""

    SENT = "sent"
    RECEIVED = "received"
    FRIENDS = "friends"


class FriendRow(Item, discriminator="friend"):
    """One side of the relation between the partition's owner and `user_id`. The other side's row changes with it.

    `attempt` is the id of the HTTP request that created it, so that a repeated request recognizes its own work.
    """

    user_id = UnicodeAttribute()
    state = UnicodeAttribute()
    since = MomentAttribute()
    message = UnicodeAttribute(null=True)
    attempt = UnicodeAttribute(null=True)
    # Set if this person asked for it, so that asking once more is a repetition. On no side of older friendships.
    asked = BooleanAttribute(null=True)


class ToldRequest(Item, discriminator="told_request"):
    """Somebody was notified of a friend request. Until the row expires, further ones between the two are silent.

    `event_id` is the request's, since its message may be redelivered; `-` after a rejection.
    """

    event_id = UnicodeAttribute()


class BlockRow(Item, discriminator="block"):
    """The partition's owner has blocked `user_id`.

    The relations of both people contain the block, whoever made it. These rows decide when it ends.
    """

    user_id = UnicodeAttribute()
    since = MomentAttribute()
