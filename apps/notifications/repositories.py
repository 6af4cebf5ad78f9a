"""Every access of the notifications app to the table."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from pynamodb.expressions.condition import Condition

from apps.core import clock, ids, keys, queries, transactions
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.notifications.errors import AlreadyDelivered
from apps.notifications.events import NotificationEvent
from apps.notifications.models import Fold, Folded, Inbox, NotificationRow, SettingsRow, expires_at

# SQS keeps a message for four days: until then a deleted notification must be known, or it would be created again.
_MARK_KEPT = timedelta(days=5)


def find_notification(user_id: str, notification_id: str) -> NotificationRow | None:
    """Read a person's notification, consistently: 1 read unit."""
    return NotificationRow.read(keys.notification(user_id, notification_id))


def load_inbox(user_id: str) -> Inbox:
    """Read the inbox, consistently: 1 read unit whatever its size. A new one if nothing ever arrived."""
    key = keys.inbox(user_id)
    return Inbox.read(key) or Inbox(pk=key.pk, sk=key.sk)


def load_settings(user_id: str) -> SettingsRow:
    key = keys.notification_settings(user_id)
    return SettingsRow.read(key) or SettingsRow(pk=key.pk, sk=key.sk)


def save_settings(row: SettingsRow) -> None:
    transactions.save(row)


def query_notifications(user_id: str, *, limit: int, after: dict[str, str] | None) -> queries.Slice[NotificationRow]:
    """Page through a person's notifications, newest first: 1 read unit for about ten."""
    return queries.query_page(
        NotificationRow,
        keys.user(user_id).pk,
        within=NotificationRow.sk.startswith(keys.prefix("NOTIFICATION")),
        limit=limit,
        after=after,
        newest_first=True,
        consistent=True,
    )


def query_unread(
    user_id: str, epoch: int, *, limit: int, after: dict[str, str] | None
) -> tuple[list[NotificationRow], dict[str, str] | None]:
    """Page through unread notifications, newest first: 0.5 read units per page of the index and 1 each.

    A cursor from before everything was marked as read continues in the partition of the current epoch.
    """
    partition = keys.unread_list(user_id, epoch, "-").pk
    position = {**after, "gsi4pk": partition} if after else None
    found: queries.Slice[Item] = queries.query_page(
        Item.queues, partition, limit=limit, after=position, newest_first=True
    )
    whole = queries.read_many(NotificationRow, [item.key for item in found.items])
    return [whole[item.key] for item in found.items if item.key in whole], found.next


def build_notification(event: NotificationEvent, inbox: Inbox) -> NotificationRow:
    key = keys.notification(event.to, event.notification_id)
    unread = keys.unread_list(event.to, int(inbox.epoch), event.notification_id)
    about = keys.notifications_about(event.post_id or event.target_id, event.to, event.notification_id)
    return NotificationRow(
        pk=key.pk, sk=key.sk, about=event.kind.value, actor_ids=[event.actor_id] if event.actor_id else [],
        target_type=event.target_type.value, target_id=event.target_id, post_id=event.post_id or None,
        epoch=int(inbox.epoch), created_at=event.happened_at, gsi4pk=unread.pk, gsi4sk=unread.sk,
        gsi2pk=about.pk, gsi2sk=about.sk, ttl=expires_at(event.happened_at),
    )  # fmt: skip


def add_notification(transaction: Transaction, row: NotificationRow, inbox: Inbox) -> None:
    """Store an unread notification and count it; `AlreadyDelivered` if it was stored before.

    The inbox is saved only if nobody changed it since it was read, so the count and the epoch are exact.
    """
    transaction.save(row, otherwise=AlreadyDelivered())
    inbox.adjust(row.created_at, +1)
    transaction.save(inbox)


def save_notification(transaction: Transaction, row: NotificationRow) -> None:
    transaction.save(row)


def save_inbox(transaction: Transaction, inbox: Inbox) -> None:
    transaction.save(inbox)


def mark_read(transaction: Transaction, row: NotificationRow, inbox: Inbox) -> None:
    """Remove an unread notification from the index and the count."""
    row.is_read_singly, row.gsi4pk, row.gsi4sk = True, None, None
    inbox.adjust(row.created_at, -1)
    transaction.save(row)
    transaction.save(inbox)


def remove_notification(transaction: Transaction, row: NotificationRow, inbox: Inbox) -> None:
    """Delete a notification, and leave a tombstone while its message may be redelivered."""
    if row.is_unread(inbox):
        inbox.adjust(row.created_at, -1)
        transaction.save(inbox)
    redelivered_until = row.created_at + _MARK_KEPT
    if clock.now() > redelivered_until:
        transaction.delete(row)
        return
    row.deleted, row.actor_ids, row.gsi4pk, row.gsi4sk = True, [], None, None
    row.gsi2pk, row.gsi2sk = None, None
    row.ttl = clock.epoch(redelivered_until)
    transaction.save(row)


def find_fold(event: NotificationEvent) -> Fold | None:
    """Read which notification further reactions on the target are added to."""
    return Fold.read(keys.fold(event.to, event.target_type.value, event.target_id))


def open_fold(transaction: Transaction, event: NotificationEvent, known: Fold | None) -> None:
    """Add later reactions to this event's notification; `WriteConflict` if another one was chosen meanwhile."""
    key = keys.fold(event.to, event.target_type.value, event.target_id)
    unchanged = Fold.notification_id == known.notification_id if known else _is_free(Fold)
    actions = [Fold.notification_id.set(event.notification_id), Fold.ttl.set(expires_at(event.happened_at))]
    transaction.update(Fold(pk=key.pk, sk=key.sk), actions, condition=unchanged)


def has_folded(event: NotificationEvent) -> bool:
    return Folded.read(_folded_key(event)) is not None


def fold_in(transaction: Transaction, event: NotificationEvent) -> None:
    """Count this person's reaction on the target; `AlreadyDelivered` if it was counted in the last 30 days."""
    key = _folded_key(event)
    actions = [Folded.ttl.set(expires_at(event.happened_at))]
    transaction.update(Folded(pk=key.pk, sk=key.sk), actions, condition=_is_free(Folded), otherwise=AlreadyDelivered())


def expect_epoch(transaction: Transaction, user_id: str, epoch: int) -> None:
    """Condition: the inbox was not marked as read meanwhile."""
    transaction.check(Inbox, keys.inbox(user_id), Inbox.epoch == epoch)


def notification_id_of(row: NotificationRow) -> str:
    return keys.last_part(row.sk)


def user_id_of(row: Item) -> str:
    """Return the id of the person in whose partition a row is."""
    return keys.last_part(row.pk)


def query_all_notifications(user_id: str) -> Iterable[NotificationRow]:
    """Read all of a person's notifications: 1 read unit for about ten."""
    within = NotificationRow.sk.startswith(keys.prefix("NOTIFICATION"))
    return NotificationRow.query(keys.user(user_id).pk, within, consistent_read=True)


def query_about(subject_id: str, *, user_id: str | None = None) -> Iterator[NotificationRow]:
    """Yield notifications about a target, to everybody or one person, according to the index: 1 read unit each."""
    place = keys.notifications_about(subject_id, user_id or "-", "-")
    within = Item.gsi2sk.startswith(user_id + keys.SEPARATOR) if user_id else None
    found = [item.key for item in Item.lists.query(place.pk, within)]
    yield from queries.read_many(NotificationRow, found).values()


def forget_folded(transaction: Transaction, row: NotificationRow, actor_id: str) -> None:
    """Delete the mark of a withdrawn reaction, so that a new one notifies again."""
    key = keys.folded(user_id_of(row), row.target_type, row.target_id, actor_id)
    transaction.discard(Folded(pk=key.pk, sk=key.sk))


def opened_at(fold: Fold) -> datetime:
    return ids.made_at(fold.notification_id)


def _folded_key(event: NotificationEvent) -> keys.Key:
    return keys.folded(event.to, event.target_type.value, event.target_id, event.actor_id)


def _is_free(model: type[Item]) -> Condition:
    """Condition: there is no row, or an expired one that the TTL has not deleted yet."""
    free: Condition = model.pk.does_not_exist() | (model.ttl <= clock.epoch(clock.now()))
    return free
