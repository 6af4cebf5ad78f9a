"""Notify the person that a generated suggestion is complete, unless they have seen it already."""

from datetime import timedelta

from django.conf import settings

from apps.core import clock, ids, outbox
from apps.core.transactions import Transaction
from apps.notifications import services as notifications
from apps.notifications.events import NotificationKind, NotificationTarget
from apps.suggestions import repositories
from apps.suggestions.models import Status
from smartcooking.contract import queues

ANNOUNCE = outbox.Task("suggestions.announce", queues.NOTIFICATIONS)
# The longest that Celery delays a message: well below the visibility timeout of its queue.
_LONGEST_PAUSE = 30.0


def announce(user_id: str, suggestion_id: str) -> float:
    """Notify the person, or return the seconds to wait before checking again; 0 if nothing is left to do.

    Most people wait for the answer and see it the moment it is complete: they need no notification.
    """
    row = repositories.read(user_id, suggestion_id)
    if row is None or row.status != Status.COMPLETE or row.completed_at is None or row.seen_at:
        return 0.0
    due = row.completed_at + timedelta(seconds=settings.SUGGESTION_READY_AFTER)
    remaining = (due - clock.now()).total_seconds()
    if remaining > 0:
        return min(remaining, _LONGEST_PAUSE)
    transaction = Transaction()
    notifications.notify(
        transaction,
        kind=NotificationKind.SUGGESTION_READY,
        to=user_id,
        actor_id=None,
        target_type=NotificationTarget.SUGGESTION,
        target_id=suggestion_id,
        event_id=ids.derived_id("suggestion_ready", suggestion_id, at=row.completed_at),
    )
    transaction.commit()
    return 0.0
