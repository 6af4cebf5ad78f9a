"""Telling people of requests and friendships, and nothing more of those whom they are parted from."""

from apps.core import ids, outbox
from apps.core.transactions import Transaction
from smartcooking import queues

# Tasks of the apps that tell people and that fill feeds; named here, not imported.
DELIVER = outbox.Task("notifications.deliver", queues.NOTIFICATIONS)
PART = outbox.Task("notifications.part", queues.NOTIFICATIONS)
WELCOME = outbox.Task("feed.welcome", queues.DEFAULT)


def asked(transaction: Transaction, *, by: str, to: str) -> None:
    _tell(transaction, "friend_request", by=by, to=to)


def accepted(transaction: Transaction, *, by: str, to: str) -> None:
    """Tell who asked, and have the posts of the two appear in each other's feeds."""
    _tell(transaction, "friend_accepted", by=by, to=to)
    transaction.after(WELCOME, by, to)


def parted(transaction: Transaction, one: str, other: str) -> None:
    """Have what two people were told of each other go, with the block that `transaction` writes."""
    transaction.after(PART, one, other)
    transaction.after(PART, other, one)


def _tell(transaction: Transaction, kind: str, *, by: str, to: str) -> None:
    """Write the event: kind, whom to tell, who did it, what it is about, and its own id. 3 write units."""
    transaction.after(DELIVER, kind, to, by, "user", by, ids.new_id())
