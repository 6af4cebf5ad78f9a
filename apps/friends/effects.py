"""What follows from requests, friendships and blocks: who hears of them, whose posts appear, whose ratings count."""

from apps.core.transactions import Transaction
from apps.friends.events import BlockChanged, FriendshipBegan
from apps.notifications import services as notifications
from apps.notifications.events import NotificationKind, NotificationTarget


def notify_request(transaction: Transaction, *, by: str, to: str) -> None:
    _tell(transaction, NotificationKind.FRIEND_REQUEST, by=by, to=to)


def publish_acceptance(transaction: Transaction, *, by: str, to: str) -> None:
    """Tell who asked, and have the posts of the two appear in each other's feeds."""
    _tell(transaction, NotificationKind.FRIEND_ACCEPTED, by=by, to=to)
    transaction.publish(FriendshipBegan(by, to))


def remove_notifications_between(transaction: Transaction, one: str, other: str) -> None:
    """Have what two people were told of each other go, with the block that `transaction` writes."""
    notifications.remove_between(transaction, user_id=one, other_id=other)


def publish_block_change(transaction: Transaction, *, owner_id: str, rater_id: str) -> None:
    """Have ratings of one's recipes count, or not, by somebody whom one has blocked or unblocked."""
    transaction.publish(BlockChanged(owner_id, rater_id))


def _tell(transaction: Transaction, kind: NotificationKind, *, by: str, to: str) -> None:
    """Write the event: it is about the person who did it. 3 write units."""
    notifications.notify(transaction, kind=kind, to=to, actor_id=by, target_type=NotificationTarget.USER, target_id=by)
