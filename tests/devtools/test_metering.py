"""Requests to the table are counted as AWS would bill them."""

import pytest

from apps.core import ids, keys, outbox, queries, transactions
from apps.core.models import Item
from apps.core.outbox import OutboxMessage
from apps.core.transactions import Transaction
from apps.recipes.models import Access, Favorite, OwnedRecipe
from apps.suggestions.generation import configuration
from devtools.capacity.metering import metered
from smartcooking.contract.queues import MEDIA
from tests.support.processes import until

pytestmark = pytest.mark.usefixtures("needs_aws")


def pointer(user_id: str) -> OwnedRecipe:
    key = keys.owned_recipe(user_id, ids.new_id())
    return OwnedRecipe(pk=key.pk, sk=key.sk)


def test_nothing_is_counted_outside_the_block() -> None:
    with metered() as meter:
        pass
    pointer(ids.new_id()).save()

    assert (meter.consumed.requests, meter.consumed.read_units, meter.consumed.write_units) == (0, 0, 0)


def test_a_missing_row_costs_the_least() -> None:
    with metered() as meter:
        Item.read(keys.user(ids.new_id()))
        Item.read(keys.user(ids.new_id()), consistent=False)

    assert (meter.consumed.requests, meter.consumed.read_units) == (2, 1.5)


def test_settings_that_a_process_rereads_every_few_seconds_count_for_no_action() -> None:
    with metered() as meter:
        assert isinstance(configuration.stored(), dict)

    assert (meter.consumed.requests, meter.consumed.read_units) == (0, 0)


def test_a_batch_counts_each_row_by_itself_found_or_not() -> None:
    stored = pointer(ids.new_id())
    stored.save()

    with metered() as meter:
        queries.read_many(OwnedRecipe, [stored.key, keys.user(ids.new_id()), keys.user(ids.new_id())])

    assert (meter.consumed.requests, meter.consumed.read_units) == (1, 3)


def test_rows_that_a_filter_drops_are_paid_for() -> None:
    """A hundred rows of about 100 bytes cost 3 read units, however many of them a filter drops."""
    user_id = ids.new_id()
    rows = [pointer(user_id) for _ in range(100)]
    with Item.batch_write() as batch:
        for row in rows:
            row.version = 1
            batch.save(row)

    with metered() as meter:
        found = list(Favorite.query(rows[0].pk, Favorite.sk.startswith("RECIPE#"), consistent_read=True))

    assert not found
    assert meter.consumed.read_units == 3


def test_single_writes_agree_with_the_emulator() -> None:
    stored = pointer(ids.new_id())

    with metered() as meter:
        stored.save()
        stored.delete()

    assert (meter.consumed.requests, meter.consumed.write_units, meter.differences) == (2, 2, [])


def test_a_message_of_what_was_done_before_is_not_counted() -> None:
    message = outbox.message(outbox.Task("tests.nothing", MEDIA), [ids.new_id()])
    transactions.save(message)

    with metered() as meter:
        outbox.dispatch([message])
        until(lambda: OutboxMessage.read(message.key) is None)

    assert (meter.consumed.write_units, meter.differences) == (0, [])


def test_a_transaction_counts_twice() -> None:
    key = keys.recipe_access(ids.new_id(), ids.new_id())
    transaction = Transaction()
    transaction.save(pointer(ids.new_id()))
    transaction.save(Access(pk=key.pk, sk=key.sk))

    with metered() as meter:
        transaction.commit()

    assert (meter.consumed.requests, meter.consumed.write_units, meter.differences) == (1, 4, [])


def test_a_refused_condition_is_paid_for() -> None:
    stored = pointer(ids.new_id())
    stored.save()

    with metered() as meter, pytest.raises(Exception, match="ConditionalCheckFailed"):
        OwnedRecipe(pk=stored.pk, sk=stored.sk).save()

    assert meter.consumed.write_units == 1
