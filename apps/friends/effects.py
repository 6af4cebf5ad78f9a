"""Side effects of requests, friendships and blocks: notifications, feeds, and which ratings count."""

from datetime import timedelta

from apps.core import ids, outbox
from apps.core.transactions import Transaction
from apps.friends import repositories
from apps.friends.events import BlockChanged, FriendshipBegan
from apps.friends.models import State
from apps.notifications import delivery, removal
from apps.notifications import services as notifications
from apps.notifications.events import NotificationEvent, NotificationKind, NotificationTarget
from smartcooking.contract import queues

DELIVER_REQUEST = outbox.Task("friends.tell_request", queues.NOTIFICATIONS)
WITHDRAW_REQUEST = outbox.Task("friends.withdraw_request", queues.NOTIFICATIONS)
# Repeated requests between two people notify at most once in this time; longer after a rejection.
TOLD_EVERY = timedelta(days=7)
SILENT_AFTER_REJECTION = timedelta(days=30)


def notify_request(transaction: Transaction, *, by: str, to: str) -> None:
    """Notify somebody of a request, unless it is withdrawn first, or they were notified recently."""
    notifications.deliver_after_commit(transaction, _request_event(by=by, to=to), via=DELIVER_REQUEST)


def deliver_request(event: NotificationEvent) -> None:
    """Notify of a request if it is still open. Safe to repeat. 3 read units, 1 write unit."""
    if repositories.load_pair(event.to, event.actor_id).state is not State.RECEIVED:
        return
    if repositories.claim_telling(event.to, event.actor_id, event.event_id, silent_for=TOLD_EVERY):
        delivery.deliver(event)


def withdraw_request_notification(transaction: Transaction, *, by: str, to: str) -> None:
    """Remove the notification of a request together with it."""
    transaction.after(WITHDRAW_REQUEST, *_request_event(by=by, to=to).arguments)


def withdraw_request(event: NotificationEvent) -> None:
    """Remove the notification of a request, unless there is a new one. Safe to repeat."""
    if repositories.load_pair(event.to, event.actor_id).state is not State.RECEIVED:
        removal.withdraw(event)


def silence_after_rejection(transaction: Transaction, one: str, other: str) -> None:
    repositories.silence_requests(transaction, one, other, silent_for=SILENT_AFTER_REJECTION)


def _request_event(*, by: str, to: str) -> NotificationEvent:
    return NotificationEvent(NotificationKind.FRIEND_REQUEST, to, by, NotificationTarget.USER, by, ids.new_id())


def publish_acceptance(transaction: Transaction, *, by: str, to: str) -> None:
    """Notify the requester, and add the two people's posts to each other's feeds."""
    _tell(transaction, NotificationKind.FRIEND_ACCEPTED, by=by, to=to)
    transaction.publish(FriendshipBegan(by, to))


def remove_notifications_between(transaction: Transaction, one: str, other: str) -> None:
    """Remove the notifications of two people about each other, together with the block in `transaction`."""
    notifications.remove_between(transaction, user_id=one, other_id=other)


def publish_block_change(transaction: Transaction, *, owner_id: str, rater_id: str) -> None:
    """Recount the ratings of the actor's recipes by a person whom they have blocked or unblocked."""
    transaction.publish(BlockChanged(owner_id, rater_id))


def _tell(transaction: Transaction, kind: NotificationKind, *, by: str, to: str) -> None:
    """Add the notification about the acting person. 3 write units."""
    notifications.notify(transaction, kind=kind, to=to, actor_id=by, target_type=NotificationTarget.USER, target_id=by)
