"""Telling people of requests and friendships, and nothing more of those whom they are parted from."""

from apps.core import ids, outbox
from apps.core.transactions import Transaction
from smartcooking import queues

# Tasks of the app that tells people; named here, not imported.
DELIVER = outbox.Task("notifications.deliver", queues.NOTIFICATIONS)
PART = outbox.Task("notifications.part", queues.NOTIFICATIONS)


def asked(transaction: Transaction, *, by: str, to: str) -> None:
    _tell(transaction, "friend_request", by=by, to=to)


def accepted(transaction: Transaction, *, by: str, to: str) -> None:
    _tell(transaction, "friend_accepted", by=by, to=to)


def parted(transaction: Transaction, one: str, other: str) -> None:
    """Have what two people were told of each other go, with the block that `transaction` writes."""
    transaction.after(PART, one, other)
    transaction.after(PART, other, one)


def _tell(transaction: Transaction, kind: str, *, by: str, to: str) -> None:
    """Write the event: kind, whom to tell, who did it, what it is about, and its own id. 3 write units."""
    transaction.after(DELIVER, kind, to, by, "user", by, ids.new_id())
