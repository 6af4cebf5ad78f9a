"""The outbox: messages are written with the change that causes them and sent later, whatever happens in between."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core import ids, keys, outbox, transactions
from apps.core.models import Item
from apps.core.outbox import OutboxMessage, Task
from apps.core.transactions import Transaction
from smartcooking.contract import queues
from tests.support.processes import until

pytestmark = pytest.mark.usefixtures("needs_aws")

NOTHING = Task("tests.nothing", queues.MEDIA)


def left(argument: str) -> list[OutboxMessage]:
    rows = [row for shard in range(outbox.SHARDS) for row in Item.query(keys.outbox(shard, "-").pk)]
    return [row for row in rows if isinstance(row, OutboxMessage) and row.args == [argument]]


def commit(argument: str) -> None:
    transaction = Transaction()
    transaction.after(NOTHING, argument)
    transaction.commit()


def test_a_message_is_sent_after_the_commit_and_its_row_removed() -> None:
    argument = ids.new_id()

    commit(argument)

    until(lambda: left(argument) == [])


def test_what_a_crash_left_behind_is_swept_once_it_is_old_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    argument = ids.new_id()
    monkeypatch.setattr(outbox, "dispatch", lambda _messages: None)
    commit(argument)
    assert len(left(argument)) == 1

    outbox.sweep(older_than=timedelta(hours=1))
    assert len(left(argument)) == 1
    outbox.sweep(older_than=timedelta(0))
    assert left(argument) == []


def test_a_change_that_fails_sends_nothing() -> None:
    argument = ids.new_id()
    key = keys.processed_event("outbox-test", argument)
    transactions.save(_row(key))
    transaction = Transaction()
    transaction.save(_row(key))
    transaction.after(NOTHING, argument)

    with pytest.raises(transactions.WriteConflict):
        transaction.commit()

    assert left(argument) == []


def _row(key: keys.Key) -> Any:
    from apps.core.processed_events import ProcessedEvent  # noqa: PLC0415

    return ProcessedEvent(pk=key.pk, sk=key.sk)
