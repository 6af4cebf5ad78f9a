"""Delivering an event: whether its person is to hear of it, the row, the count, the fold, the mail that it causes."""

import structlog
from django.conf import settings

from apps.core import keys, once, outbox
from apps.core.audit import AuditEntry
from apps.core.transactions import Transaction, retry_conflicts
from apps.notifications import repositories
from apps.notifications.errors import AlreadyDelivered
from apps.notifications.models import (
    ACTORS_KEPT,
    FOLD_FOR,
    Event,
    Fold,
    Inbox,
    Kind,
    NotificationRow,
    SettingsRow,
    Target,
)
from apps.users import services as users
from apps.users import sight
from apps.users.errors import UserNotFound
from smartcooking.contract import queues

log = structlog.get_logger()

MAIL = outbox.Task("notifications.mail", queues.NOTIFICATIONS)
_SCOPE = "notification"
_DECIDED = frozenset({Kind.RECIPE_APPROVED, Kind.RECIPE_REJECTED, Kind.ACCOUNT})


def deliver(event: Event) -> None:
    """Make what this event causes; safe to run again, and twice at once.

    Row, count and the message of the mail are one transaction, under an id that follows from the event.
    """
    if not is_welcome(event):
        return
    wishes = repositories.settings(event.to)
    try:
        if event.kind is Kind.REACTION:
            if wishes.shows(event.kind):
                _fold(event)
        else:
            _tell(event, wishes)
    except (AlreadyDelivered, once.AlreadyDone):
        log.info("delivered_before", event_id=event.event_id)
    except UserNotFound:
        log.info("addressee_gone", event_id=event.event_id)


def is_welcome(event: Event) -> bool:
    """Say whether both people are there, nothing stands between them and nobody has hidden the actor, as of now."""
    if event.actor_id == event.to:
        return False
    wanted = [event.to, event.actor_id] if event.actor_id else [event.to]
    if len(users.profiles(wanted)) < len(wanted):
        return False
    if not event.actor_id:
        return True
    return sight.reader(event.to).meets(event.actor_id) and users.suspension_of(event.actor_id) is None


@retry_conflicts
def _tell(event: Event, wishes: SettingsRow) -> None:
    """Write the row and count it, or note that the event was dealt with where it is to be mailed only."""
    shows = wishes.shows(event.kind)
    inbox = repositories.inbox(event.to)
    mails = wishes.mails(event.kind) and _may_mail(event, inbox)
    if not shows and not mails:
        return
    transaction = Transaction()
    users.expect_present(transaction, user_id=event.to)
    if mails:
        inbox.count_mail()
        transaction.after(MAIL, *event.arguments)
    if shows:
        row = repositories.fresh(event, inbox)
        row.act, row.reason = decision(event)
        repositories.add(transaction, row, inbox)
    else:
        once.mark(transaction, scope=_SCOPE, event=event.notification_id)
        repositories.save_inbox(transaction, inbox)
    transaction.commit()


def decision(event: Event) -> tuple[str | None, str | None]:
    """Return the act and the reason that an event tells of: those of the audit entry by whose id it goes, if there is one.

    1 read unit for events that a moderator can have caused, none for others.
    """
    if event.kind not in _DECIDED or event.target_type is Target.ACCOUNT:
        return None, None
    entry = AuditEntry.read(keys.audit_entry(event.target_type, event.target_id, event.event_id))
    return (entry.act, entry.reason) if entry else (None, None)


def _may_mail(event: Event, inbox: Inbox) -> bool:
    """Keep others from filling somebody's mailbox; what happens to the account is always said."""
    if event.kind is Kind.ACCOUNT or inbox.may_be_mailed(settings.MAILS_PER_HOUR):
        return True
    log.info("mail_throttled", event_id=event.event_id)
    return False


@retry_conflicts
def _fold(event: Event) -> None:
    """Add a reaction to the unread notification of this hour, or begin one.

    A row for each person and target makes everybody count once, however often they react or the message comes.
    """
    if repositories.has_folded(event):
        raise AlreadyDelivered
    known = repositories.fold(event)
    inbox = repositories.inbox(event.to)
    open_ = _open_row(event, known, inbox)
    transaction = Transaction()
    if open_:
        open_.people = int(open_.people) + 1
        open_.actor_ids = [event.actor_id, *open_.actor_ids][:ACTORS_KEPT]
        repositories.expect_epoch(transaction, event.to, int(inbox.epoch))
        repositories.save(transaction, open_)
    else:
        users.expect_present(transaction, user_id=event.to)
        repositories.add(transaction, repositories.fresh(event, inbox), inbox)
        repositories.open_fold(transaction, event, known)
    repositories.fold_in(transaction, event)
    transaction.commit()


def _open_row(event: Event, known: Fold | None, inbox: Inbox) -> NotificationRow | None:
    """Return the notification that takes up this reaction: not an hour old, and unread."""
    if known is None or event.happened_at >= repositories.opened_at(known) + FOLD_FOR:
        return None
    row = repositories.read(event.to, known.notification_id)
    return row if row and row.is_unread(inbox) else None


def part(user_id: str, other_id: str) -> None:
    """Take out of somebody's notifications what another person caused; safe to repeat and to interrupt.

    Lists leave it out as soon as there is a block; this makes the count of the unread say the same.
    """
    for row in repositories.all_of(user_id):
        if other_id in row.actor_ids:
            _take_out(user_id, repositories.notification_id_of(row), other_id)


@retry_conflicts
def _take_out(user_id: str, notification_id: str, other_id: str) -> None:
    row = repositories.read(user_id, notification_id)
    if row is None or other_id not in row.actor_ids:
        return
    transaction = Transaction()
    row.actor_ids = [one for one in row.actor_ids if one != other_id]
    row.people = int(row.people) - 1
    if row.actor_ids:
        repositories.save(transaction, row)
    else:
        repositories.remove(transaction, row, repositories.inbox(user_id))
    transaction.commit()
