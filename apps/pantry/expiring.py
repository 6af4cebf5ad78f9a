"""Notify people of food that is about to expire: each person once a day, however much food it is."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.core import clock, ids
from apps.core.transactions import Transaction, retry_conflicts
from apps.households import services as households
from apps.households.services import Holder
from apps.notifications import services as notifications
from apps.notifications.events import NotificationKind, NotificationTarget
from apps.pantry import repositories

# The time zone of the job that notifies of expiring food; everywhere else "today" is the person's.
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def today_here() -> date:
    """Return today's date for the job that notifies everybody of expiring food."""
    return clock.now().astimezone(_ZONE).date()


def tell_all() -> int:
    """Notify the holders of food that expires within two days, and return the number of ingredients checked.

    The message is in the transaction that takes the row out of the queue, so none is lost; the event's id is derived
    from the person and the day, so ten ingredients cause one notification. Safe to run twice at once.
    """
    today = today_here()
    rows = list(repositories.expiring(today))
    for holder, ingredient_id in rows:
        _tell_of(holder, ingredient_id, today)
    return len(rows)


@retry_conflicts
def _tell_of(holder: Holder, ingredient_id: str, today: date) -> None:
    row = repositories.read_row(holder, ingredient_id)
    if row is None or row.gsi4sk is None or row.gsi4sk >= (today + timedelta(days=1)).isoformat():
        return
    urgent = [lot for lot in row.stock if lot.expires_soon(today) and lot.expires_on]
    row.told_until = max((lot.expires_on or "" for lot in urgent), default=row.told_until)
    transaction = Transaction()
    repositories.put(transaction, row)
    if any(not lot.has_expired(today) for lot in urgent):
        for user_id in households.members_of(holder):
            _tell(transaction, user_id, today)
    transaction.commit()


def _tell(transaction: Transaction, user_id: str, today: date) -> None:
    event_id = ids.derived_id("pantry-expiring", user_id, at=datetime.combine(today, time(), UTC))
    notifications.notify(
        transaction,
        kind=NotificationKind.PANTRY_EXPIRING,
        to=user_id,
        actor_id=None,
        target_type=NotificationTarget.PANTRY,
        target_id=today.isoformat(),
        event_id=event_id,
    )
