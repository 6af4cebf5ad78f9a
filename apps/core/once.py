"""Marks of what has been done, for tasks that have no natural condition of their own."""

from datetime import timedelta

from apps.core import clock, keys
from apps.core.errors import Conflict
from apps.core.models import Item
from apps.core.transactions import Transaction

# SQS keeps a message for four days; a redelivery after that cannot happen.
_KEPT = timedelta(days=5)


class Once(Item, discriminator="once"):
    """Stands for one event that was handled."""


class AlreadyDone(Conflict):
    """The event was handled before: a redelivered message has nothing left to do."""

    code = "already_done"


def mark(transaction: Transaction, *, scope: str, event: str) -> None:
    """Let `transaction` commit only the first time for this event; `AlreadyDone` afterwards."""
    key = keys.once(scope, event)
    ttl = clock.epoch(clock.now() + _KEPT)
    transaction.save(Once(pk=key.pk, sk=key.sk, ttl=ttl), otherwise=AlreadyDone())


def forget(*, scope: str, event: str) -> None:
    """Take the mark away from what turned out not to have been done."""
    key = keys.once(scope, event)
    Once(pk=key.pk, sk=key.sk).delete(add_version_condition=False)
