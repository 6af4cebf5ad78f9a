"""Recent deletions by each person, so that repeating a deletion gets the response of the first.

An answer can get lost on its way. Whoever then deletes the same thing again is told that it is gone (204); everybody
else, and whoever never had it, is told that there is no such thing (404).
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from apps.core import processed_events
from apps.core.errors import NotFound
from apps.core.transactions import Transaction

_SCOPE = "deleted"


def record_deletion(transaction: Transaction, *, user_id: str, deleted: str) -> None:
    """Add to `transaction` that somebody deletes something: 2 write units, remembered for 5 days.

    `deleted` names it: an id, or what two people had, such as `friend.<id>`.
    """
    processed_events.renew_mark(transaction, scope=_SCOPE, event=_event(user_id, deleted))


@contextmanager
def repeatable(user_id: str, deleted: str, *absent: type[NotFound]) -> Iterator[None]:
    """Let a deletion pass that finds nothing since the same person has deleted it before.

    All others get the error of `absent` that it raised.
    """
    try:
        yield
    except absent:
        if not was_deleted_by(user_id, deleted):
            raise


def was_deleted_by(user_id: str, deleted: str) -> bool:
    """Say whether somebody has deleted this in the last 5 days: 1 read unit."""
    return processed_events.was_processed(scope=_SCOPE, event=_event(user_id, deleted))


def _event(user_id: str, deleted: str) -> str:
    """Return a name that says neither who nor what: ids of paths can be anything, and an account can be erased."""
    return hashlib.sha256(f"{user_id}\n{deleted}".encode()).hexdigest()
