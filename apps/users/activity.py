"""How many people use the service: each counts once a day, when they sign in or renew their sign-in."""

from contextlib import suppress

from apps.core import clock, tallies
from apps.core.transactions import Transaction, WriteConflict
from apps.users.repositories import stored_accounts


def count_as_active(user_id: str) -> None:
    """Count somebody for today (UTC), once: half a read unit, and the first time 4 write units."""
    count_since(stored_accounts.find_active_day(user_id), user_id)


def count_since(last: str | None, user_id: str) -> None:
    """Count somebody who was last counted on the day `last`.

    Not retried: on conflict the person is counted at the next renewal.
    """
    today = clock.now().date()
    if last == today.isoformat():
        return
    transaction = Transaction()
    stored_accounts.save_active_day(transaction, user_id, today)
    tallies.add(transaction, tallies.ACTIVE)
    with suppress(WriteConflict):
        transaction.commit()
