"""Rows between two people: one on each side of a request or friendship, one per block."""

from enum import StrEnum

from pynamodb.attributes import UnicodeAttribute

from apps.core.models import Item, MomentAttribute


class State(StrEnum):
    """One person's side of a relation: the two rows of a pair say sent and received, or both say friends."""

    SENT = "sent"
    RECEIVED = "received"
    FRIENDS = "friends"


class FriendRow(Item, discriminator="friend"):
    """How the person in whose partition it lies stands to `user_id`; the row of the other side changes with it.

    `attempt` is the id of the request by which its owner made it: the same request again finds its own work.
    """

    user_id = UnicodeAttribute()
    state = UnicodeAttribute()
    since = MomentAttribute()
    message = UnicodeAttribute(null=True)
    attempt = UnicodeAttribute(null=True)


class ToldRequest(Item, discriminator="told_request"):
    """One of two people heard of a friend request; until the row expires further ones between them are silent.

    `event_id` is that of the request: its message may come again. `-` where a request was rejected.
    """

    event_id = UnicodeAttribute()


class BlockRow(Item, discriminator="block"):
    """The person in whose partition it lies has blocked `user_id`.

    Both circles say that the two must not meet, whoever blocked whom; these rows decide when that ends.
    """

    user_id = UnicodeAttribute()
    since = MomentAttribute()
