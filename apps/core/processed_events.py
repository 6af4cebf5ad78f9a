"""Deduplicate messages, for tasks that have no natural condition to make a second run harmless."""

from datetime import timedelta

from apps.core import clock, keys, transactions
from apps.core.errors import Conflict
from apps.core.models import Item
from apps.core.transactions import Transaction

# SQS keeps messages for four days, so they cannot be redelivered later.
_KEPT = timedelta(days=5)


class ProcessedEvent(Item, discriminator="once"):
    """An event that was handled."""


class AlreadyProcessed(Conflict):
    """The event was handled before; a redelivered message has nothing left to do."""

    code = "already_done"


def mark_processed(transaction: Transaction, *, scope: str, event: str) -> None:
    """Let `transaction` commit once for this event; `AlreadyProcessed` every further time."""
    key = keys.processed_event(scope, event)
    ttl = clock.epoch(clock.now() + _KEPT)
    transaction.save(ProcessedEvent(pk=key.pk, sk=key.sk, ttl=ttl), otherwise=AlreadyProcessed())


def lease(scope: str, event: str, *, seconds: int) -> bool:
    """Claim work for so many seconds; False if somebody else has claimed it. 1 write unit."""
    key = keys.processed_event(scope, event)
    row = ProcessedEvent(pk=key.pk, sk=key.sk, ttl=clock.epoch(clock.now()) + seconds)
    try:
        transactions.claim(row, otherwise=AlreadyProcessed())
    except AlreadyProcessed:
        return False
    return True


def renew_mark(transaction: Transaction, *, scope: str, event: str) -> None:
    """Mark an event even if it was marked before, for events that can recur."""
    key = keys.processed_event(scope, event)
    ttl = clock.epoch(clock.now() + _KEPT)
    transaction.update(ProcessedEvent(pk=key.pk, sk=key.sk), [ProcessedEvent.ttl.set(ttl)])


def was_processed(*, scope: str, event: str) -> bool:
    """Say whether an event is marked, consistently: 1 read unit."""
    row = ProcessedEvent.read(keys.processed_event(scope, event))
    return row is not None and not row.is_expired


def unmark_processed(*, scope: str, event: str) -> None:
    """Remove the mark of an event whose effect turned out not to have happened."""
    key = keys.processed_event(scope, event)
    ProcessedEvent(pk=key.pk, sk=key.sk).delete(add_version_condition=False)
