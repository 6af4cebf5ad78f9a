"""Deliver an event: decide whether to, write and count the notification, fold reactions into one, queue the mail."""

import structlog
from django.conf import settings

from apps.core import keys, outbox, processed_events
from apps.core.audit import AuditEntry
from apps.core.transactions import Transaction, retry_conflicts
from apps.notifications import repositories
from apps.notifications.errors import AlreadyDelivered
from apps.notifications.events import NotificationEvent, NotificationKind, NotificationTarget
from apps.notifications.models import ACTORS_KEPT, FOLD_FOR, Fold, Inbox, NotificationRow, SettingsRow
from apps.users import services as users
from apps.users import throttling, visibility
from apps.users.errors import UserNotFound
from smartcooking.contract import queues

log = structlog.get_logger()

MAIL = outbox.Task("notifications.mail", queues.NOTIFICATIONS)
_SCOPE = "notification"
_DECIDED = frozenset({NotificationKind.RECIPE_APPROVED, NotificationKind.RECIPE_REJECTED, NotificationKind.ACCOUNT})


def deliver(event: NotificationEvent) -> None:
    """Write the notification of an event and send its mail. Idempotent, even if it runs twice at once.

    The row, the count and the message that sends the mail are one transaction, under an id derived from the event.
    """
    if not should_deliver(event):
        return
    wishes = repositories.load_settings(event.to)
    try:
        if event.kind is NotificationKind.REACTION:
            if wishes.shows(event.kind):
                _fold(event)
        else:
            _tell(event, wishes)
    except (AlreadyDelivered, processed_events.AlreadyProcessed):
        log.info("delivered_before", event_id=event.event_id)
    except UserNotFound:
        log.info("addressee_gone", event_id=event.event_id)


def should_deliver(event: NotificationEvent) -> bool:
    """Return whether both people exist, neither blocks the other, and the actor is not hidden, at this moment."""
    if event.actor_id == event.to:
        return False
    wanted = [event.to, event.actor_id] if event.actor_id else [event.to]
    if len(users.find_people(wanted)) < len(wanted):
        return False
    if not event.actor_id:
        return True
    return visibility.load_viewer(event.to).can_see(event.actor_id) and users.find_suspension(event.actor_id) is None


@retry_conflicts
def _tell(event: NotificationEvent, wishes: SettingsRow) -> None:
    """Write and count the notification, or mark the event as processed if it is only mailed."""
    shows = wishes.shows(event.kind)
    inbox = repositories.load_inbox(event.to)
    mails = wishes.mails(event.kind) and _may_mail(event, inbox)
    if not shows and not mails:
        return
    transaction = Transaction()
    users.expect_present(transaction, user_id=event.to)
    if mails:
        inbox.count_mail()
        transaction.after(MAIL, *event.arguments)
    if shows:
        row = repositories.build_notification(event, inbox)
        row.act, row.reason = decision(event)
        repositories.add_notification(transaction, row, inbox)
    else:
        processed_events.mark_processed(transaction, scope=_SCOPE, event=event.notification_id)
        repositories.save_inbox(transaction, inbox)
    transaction.commit()


def decision(event: NotificationEvent) -> tuple[str | None, str | None]:
    """Return the act and reason of the audit entry whose id the event carries, if there is one.

    1 read unit for events that a moderator can cause, none for others.
    """
    if event.kind not in _DECIDED or event.target_type is NotificationTarget.ACCOUNT:
        return None, None
    entry = AuditEntry.read(keys.audit_entry(event.target_type, event.target_id, event.event_id))
    return (entry.act, entry.reason) if entry else (None, None)


def _may_mail(event: NotificationEvent, inbox: Inbox) -> bool:
    """Limit mails per mailbox and per person who causes them; the notification itself is always written.

    Mails about the account have a limit of their own, so that other people's mails cannot suppress them.
    """
    if event.kind is NotificationKind.ACCOUNT:
        allowed = inbox.may_be_mailed(2 * settings.MAILS_PER_HOUR)
    else:
        allowed = inbox.may_be_mailed(settings.MAILS_PER_HOUR) and _may_cause_mail(event)
    if not allowed:
        log.info("mail_throttled", event_id=event.event_id)
    return allowed


def _may_cause_mail(event: NotificationEvent) -> bool:
    """Count the mail for the person who caused it; a moderator's decision counts for nobody."""
    return event.kind in _DECIDED or not event.actor_id or throttling.may_cause_mail(event.actor_id)


@retry_conflicts
def _fold(event: NotificationEvent) -> None:
    """Add a reaction to the unread notification of the last hour, or start one.

    A row per person and target counts each person once, however often they react or the message is delivered.
    """
    if repositories.has_folded(event):
        raise AlreadyDelivered
    known = repositories.find_fold(event)
    inbox = repositories.load_inbox(event.to)
    open_ = _open_row(event, known, inbox)
    transaction = Transaction()
    if open_:
        open_.people = int(open_.people) + 1
        open_.actor_ids = [event.actor_id, *open_.actor_ids][:ACTORS_KEPT]
        repositories.expect_epoch(transaction, event.to, int(inbox.epoch))
        repositories.save_notification(transaction, open_)
    else:
        users.expect_present(transaction, user_id=event.to)
        repositories.add_notification(transaction, repositories.build_notification(event, inbox), inbox)
        repositories.open_fold(transaction, event, known)
    repositories.fold_in(transaction, event)
    transaction.commit()


def _open_row(event: NotificationEvent, known: Fold | None, inbox: Inbox) -> NotificationRow | None:
    """Return the notification to which this reaction is added: unread, and less than an hour old."""
    if known is None or event.happened_at >= repositories.opened_at(known) + FOLD_FOR:
        return None
    row = repositories.find_notification(event.to, known.notification_id)
    return row if row and row.is_unread(inbox) else None
