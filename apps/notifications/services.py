"""Notifications: publish events, list notifications, mark them as read, and change each person's settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apps.core import ids, outbox
from apps.core.authentication import Actor
from apps.core.language import VI, Text
from apps.core.preconditions import Check
from apps.core.transactions import Transaction, retry_conflicts
from apps.notifications import repositories, texts
from apps.notifications.errors import NotificationNotFound
from apps.notifications.events import NotificationEvent, NotificationKind, NotificationTarget
from apps.notifications.models import Inbox, NotificationRow, SettingsRow
from apps.users import services as users
from apps.users import visibility
from apps.users.people import Person
from apps.users.visibility import Viewer
from smartcooking.contract import queues

DELIVER = outbox.Task("notifications.deliver", queues.NOTIFICATIONS)
PART = outbox.Task("notifications.part", queues.NOTIFICATIONS)
REMOVE = outbox.Task("notifications.remove", queues.NOTIFICATIONS)


@dataclass(frozen=True, slots=True)
class NotificationView:
    """A notification as its owner sees it; `actor` is the latest of `count` people, None if nobody is to be named."""

    row: NotificationRow
    actor: Person | None
    count: int
    read: bool

    @property
    def id(self) -> str:
        return repositories.notification_id_of(self.row)

    @property
    def text(self) -> Text:
        row = self.row
        name = self.actor.username if self.actor else None
        return texts.sentence(
            kind=NotificationKind(row.about),
            name=name,
            count=self.count,
            target_type=row.target_type,
            target_id=row.target_id,
            act=row.act,
            reason=row.reason,
        )


def notify(
    transaction: Transaction,
    *,
    kind: NotificationKind,
    to: str,
    actor_id: str | None,
    target_type: NotificationTarget,
    target_id: str,
    event_id: str | None = None,
) -> None:
    """Notify a person of what `transaction` does. The worker decides at delivery whether they may get it.

    `event_id` is a ULID of the event's time; events with the same id notify once. By default a new one is generated,
    which is right if the transaction itself happens once. 3 write units.
    """
    happened = event_id or ids.new_id()
    deliver_after_commit(
        transaction,
        NotificationEvent(
            NotificationKind(kind), to, actor_id or "", NotificationTarget(target_type), target_id, happened
        ),
    )


def deliver_after_commit(transaction: Transaction, event: NotificationEvent, *, via: outbox.Task = DELIVER) -> None:
    """Deliver an event once `transaction` is committed, except to its own actor.

    `via` is a task of a higher app that decides whether to deliver it.
    """
    if event.to == event.actor_id:
        return
    if not ids.is_id(event.event_id):
        raise ValueError(f"{event.event_id!r} is not the id of an event")
    transaction.after(via, *event.arguments)


def remove_between(transaction: Transaction, *, user_id: str, other_id: str) -> None:
    """Remove the notifications of two people about each other, together with the block that `transaction` writes."""
    transaction.after(PART, user_id, other_id)
    transaction.after(PART, other_id, user_id)


def remove_about(transaction: Transaction, subject_id: str, target_ids: Sequence[str] = ()) -> None:
    """Remove all notifications about a post, recipe or person that `transaction` removes.

    With `target_ids`, only those about these comments on a post. 3 write units.
    """
    transaction.after(REMOVE, subject_id, *target_ids)


def list_notifications(*, actor: Actor, unread: bool, limit: int, after: Any) -> tuple[list[NotificationView], Any]:
    """Page through the actor's notifications, newest first, without those caused only by people they can't see.

    Pages are full. About 3 read units for 20 rows (20 if unread only), 1 for the inbox, 2–6 for the actor, half of one
    for each person who is named.
    """
    inbox, who = repositories.load_inbox(actor.id), visibility.load_viewer(actor.id)
    kept: list[tuple[NotificationRow, list[str]]] = []
    while True:
        rows, after = _rows(inbox, actor, unread=unread, limit=limit - len(kept), after=after)
        kept += [(row, seen) for row in rows if (seen := _visible(row, inbox, who, unread=unread)) is not None]
        if after is None or len(kept) == limit:
            break
    people = users.find_people(seen[0] for _, seen in kept if seen)
    return [_show(row, seen, inbox, people) for row, seen in kept], after


def _rows(inbox: Inbox, actor: Actor, *, unread: bool, limit: int, after: Any) -> tuple[list[NotificationRow], Any]:
    if unread:
        return repositories.query_unread(actor.id, int(inbox.epoch), limit=limit, after=after)
    found = repositories.query_notifications(actor.id, limit=limit, after=after)
    return found.items, found.next


def _visible(row: NotificationRow, inbox: Inbox, who: Viewer, *, unread: bool) -> list[str] | None:
    """Return which of the row's people may be shown; None if the row itself must not be."""
    if row.deleted or (unread and not row.is_unread(inbox)):
        return None
    seen = [actor_id for actor_id in row.actor_ids if who.can_see(actor_id)]
    return None if row.actor_ids and not seen else seen


def _show(row: NotificationRow, seen: list[str], inbox: Inbox, people: dict[str, Person]) -> NotificationView:
    count = int(row.people) - (len(row.actor_ids) - len(seen))
    return NotificationView(row, people.get(seen[0]) if seen else None, count, not row.is_unread(inbox))


def unread_count(*, actor: Actor) -> int:
    """Count unread notifications: 1 read unit for any number."""
    return repositories.load_inbox(actor.id).unread


@retry_conflicts
def mark_read(notification_id: str, *, actor: Actor) -> None:
    """Mark a notification as read. Idempotent."""
    row, inbox = _own(notification_id, actor=actor), repositories.load_inbox(actor.id)
    if row.is_unread(inbox):
        transaction = Transaction()
        repositories.mark_read(transaction, row, inbox)
        transaction.commit()


@retry_conflicts
def mark_all_read(*, actor: Actor) -> None:
    """Mark all as read: one write for any number, without background work."""
    inbox = repositories.load_inbox(actor.id)
    if inbox.unread:
        inbox.read_all()
        transaction = Transaction()
        repositories.save_inbox(transaction, inbox)
        transaction.commit()


@retry_conflicts
def delete(notification_id: str, *, actor: Actor) -> None:
    """Delete a notification. Idempotent."""
    row = repositories.find_notification(actor.id, notification_id) if ids.is_id(notification_id) else None
    if row is None:
        raise NotificationNotFound
    if row.deleted:
        return
    transaction = Transaction()
    repositories.remove_notification(transaction, row, repositories.load_inbox(actor.id))
    transaction.commit()


def _own(notification_id: str, *, actor: Actor) -> NotificationRow:
    """Return the actor's notification; `NotificationNotFound` for other people's and deleted ones."""
    row = repositories.find_notification(actor.id, notification_id) if ids.is_id(notification_id) else None
    if row is None or row.deleted:
        raise NotificationNotFound
    return row


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """What a person wants to be notified of, and in which language."""

    row: SettingsRow
    language: str


def get_settings(*, actor: Actor) -> DeliverySettings:
    return _wishes(repositories.load_settings(actor.id))


@retry_conflicts
def change_settings(*, actor: Actor, changes: dict[str, Any], check: Check) -> DeliverySettings:
    """Change the given settings; the others stay."""
    row = repositories.load_settings(actor.id)
    before = (row.in_app, row.email, row.language)
    row.in_app = {**row.in_app, **changes.get("in_app", {})}
    row.email = {**row.email, **changes.get("email", {})}
    row.language = changes.get("language", row.language)
    if (row.in_app, row.email, row.language) != before:
        check(int(row.version or 0))
        repositories.save_settings(row)
    return _wishes(row)


def _wishes(row: SettingsRow) -> DeliverySettings:
    if row.language:
        return DeliverySettings(row, row.language)
    user_id = repositories.user_id_of(row)
    user = users.find_people([user_id]).get(user_id)
    return DeliverySettings(row, language_of(user, row) if user else VI)


def language_of(user: Person, row: SettingsRow) -> str:
    """Return the language of a person's mails: the chosen one, or that of the registration."""
    return row.language or user.language or VI
