"""Transactions over the real protocol: exact under races, with the error of the condition that failed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from pynamodb.attributes import NumberAttribute

from apps.core import clock, ids, keys, processed_events, transactions
from apps.core.errors import Conflict, NotFound
from apps.core.models import Item
from apps.core.processed_events import AlreadyProcessed, ProcessedEvent
from apps.core.transactions import Transaction, WriteConflict, retry_conflicts

pytestmark = pytest.mark.usefixtures("needs_aws")


class Tally(Item, discriminator="test_tally"):
    number = NumberAttribute(default=0)


def fresh(name: str | None = None) -> Tally:
    key = keys.processed_event("tally", name or ids.new_id())
    return Tally(pk=key.pk, sk=key.sk)


@retry_conflicts
def add_one(key: keys.Key) -> None:
    row = Tally.read(key)
    assert row is not None
    row.number = int(row.number) + 1
    transaction = Transaction()
    transaction.save(row)
    transaction.commit()


def test_fifty_writers_of_one_row_all_count() -> None:
    row = fresh()
    transactions.save(row)

    with ThreadPoolExecutor(50) as threads:
        list(threads.map(lambda _: add_one(row.key), range(50)))

    found = Tally.read(row.key)
    assert found is not None
    assert found.number == 50


def test_unread_rows_are_counted_exactly_too() -> None:
    name = ids.new_id()

    @retry_conflicts
    def add(_: int) -> None:
        transaction = Transaction()
        transaction.update(fresh(name), [Tally.number.add(1)])
        transaction.commit()

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(add, range(40)))

    found = Tally.read(fresh(name).key)
    assert found is not None
    assert (found.number, found.version, found.schema) == (40, 40, 1)


def test_an_overtaken_writer_is_told_and_changes_nothing() -> None:
    row = fresh()
    transactions.save(row)
    mine, theirs = Tally.read(row.key), Tally.read(row.key)
    assert mine is not None
    assert theirs is not None
    theirs.number = 7
    transactions.save(theirs)

    mine.number = 1
    with pytest.raises(WriteConflict):
        transactions.save(mine)

    found = Tally.read(row.key)
    assert found is not None
    assert found.number == 7


@pytest.mark.parametrize("broken", ["check", "delete", "put", "update"])
def test_the_error_is_that_of_the_action_whose_condition_failed(broken: str) -> None:
    there, gone, other = fresh(), fresh(), fresh()
    for row in (there, other):
        transactions.save(row)
    transaction = Transaction()
    transaction.update(
        fresh(),
        [Tally.number.add(1)],
        condition=Tally.pk.exists() if broken == "update" else None,
        otherwise=Conflict("update"),
    )
    put = fresh(keys.last_part(there.pk)) if broken == "put" else fresh()
    transaction.save(put, otherwise=Conflict("put"))
    if broken == "delete":
        gone.version = 9
    transaction.delete(gone if broken == "delete" else other, otherwise=Conflict("delete"))
    wanted = fresh().key if broken == "check" else there.key
    if broken != "put":
        transaction.check(Tally, wanted, Tally.pk.exists(), otherwise=NotFound("check"))

    with pytest.raises((Conflict, NotFound)) as caught:
        transaction.commit()

    assert str(caught.value) == broken


def test_an_event_is_marked_once_and_refused_afterwards() -> None:
    event = ids.new_id()
    first, second = Transaction(), Transaction()
    processed_events.mark_processed(first, scope="test", event=event)
    first.commit()

    processed_events.mark_processed(second, scope="test", event=event)
    with pytest.raises(AlreadyProcessed):
        second.commit()


def test_an_expired_row_counts_as_gone_before_dynamodb_deletes_it() -> None:
    key = keys.processed_event("test", ids.new_id())
    past = clock.epoch(clock.now()) - 5
    transactions.save(ProcessedEvent(pk=key.pk, sk=key.sk, ttl=past))

    assert ProcessedEvent.read(key) is None
    transactions.claim(ProcessedEvent(pk=key.pk, sk=key.sk, ttl=past + 3600))
    assert ProcessedEvent.read(key) is not None
    with pytest.raises(WriteConflict):
        transactions.claim(ProcessedEvent(pk=key.pk, sk=key.sk, ttl=past + 3600))
