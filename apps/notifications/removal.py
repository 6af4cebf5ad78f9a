"""Withdraw notifications: the target is gone, the act was undone, or the reader may no longer see the target.

Every function is idempotent and can be interrupted. A notification and its count change in one transaction, so that the
badge is exact.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from apps.core.transactions import Transaction, retry_conflicts
from apps.notifications import repositories
from apps.notifications.events import NotificationEvent, NotificationKind
from apps.notifications.models import NotificationRow


@dataclass(frozen=True, slots=True)
class Told:
    """A person's notification, for apps that decide whether they may keep it."""

    user_id: str
    notification_id: str
    target_type: str
    target_id: str
    post_id: str | None
    kind: str


def list_about(subject_id: str) -> Iterator[Told]:
    """Yield all notifications about a post and its comments and reactions, a recipe or a person: 1 read unit each."""
    return (_told(row) for row in repositories.query_about(subject_id) if not row.deleted)


def list_of(user_id: str) -> Iterator[Told]:
    """Yield all of a person's notifications: 1 read unit for about ten."""
    return (_told(row) for row in repositories.query_all_notifications(user_id) if not row.deleted)


def _told(row: NotificationRow) -> Told:
    notification_id = repositories.notification_id_of(row)
    return Told(repositories.user_id_of(row), notification_id, row.target_type, row.target_id, row.post_id, row.about)


@retry_conflicts
def remove(told: Told) -> None:
    """Remove a notification and update the unread count."""
    row = repositories.find_notification(told.user_id, told.notification_id)
    if row is None or row.deleted:
        return
    transaction = Transaction()
    repositories.remove_notification(transaction, row, repositories.load_inbox(told.user_id))
    transaction.commit()


def remove_about(subject_id: str, target_ids: Collection[str] = ()) -> None:
    """Remove all notifications about a target that is gone, or only those about some of its comments."""
    for told in list_about(subject_id):
        if not target_ids or told.target_id in target_ids:
            remove(told)


def withdraw(event: NotificationEvent) -> None:
    """Remove the notification of an act that its actor undid; from a folded notification, remove only this actor."""
    for row in repositories.query_about(event.post_id or event.target_id, user_id=event.to):
        same = (row.about, row.target_type, row.target_id) == (event.kind, event.target_type, event.target_id)
        if same and event.actor_id in row.actor_ids:
            _take_out(event.to, repositories.notification_id_of(row), event.actor_id)


def remove_notifications_about(user_id: str, other_id: str) -> None:
    """Remove what another person caused from somebody's notifications.

    Lists leave it out as soon as there is a block; this makes the unread count agree with them.
    """
    for row in repositories.query_all_notifications(user_id):
        if other_id in row.actor_ids:
            _take_out(user_id, repositories.notification_id_of(row), other_id)


@retry_conflicts
def _take_out(user_id: str, notification_id: str, other_id: str) -> None:
    row = repositories.find_notification(user_id, notification_id)
    if row is None or other_id not in row.actor_ids:
        return
    transaction = Transaction()
    row.actor_ids = [one for one in row.actor_ids if one != other_id]
    row.people = int(row.people) - 1
    if row.about == NotificationKind.REACTION:
        repositories.forget_folded(transaction, row, other_id)
    if row.actor_ids:
        repositories.save_notification(transaction, row)
    else:
        repositories.remove_notification(transaction, row, repositories.load_inbox(user_id))
    transaction.commit()
