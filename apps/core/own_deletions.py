"""Recent deletions by each person, so that repeating a deletion gets the response of the first.

A response can get lost. A person who then repeats the deletion gets 204 again; everybody else gets 404.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from apps.core import processed_events
from apps.core.errors import NotFound
from apps.core.transactions import Transaction

_SCOPE = "deleted"


def record_deletion(transaction: Transaction, *, user_id: str, deleted: str) -> None:
    """Record a deletion with `transaction`: 2 write units, kept for 5 days.

    `deleted` is an id, or names what two people shared, such as `friend.<id>`.
    """
    processed_events.renew_mark(transaction, scope=_SCOPE, event=_event(user_id, deleted))


@contextmanager
def repeatable(user_id: str, deleted: str, *absent: type[NotFound]) -> Iterator[None]:
    """Suppress the error of `absent` if the same person has deleted the thing before."""
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
