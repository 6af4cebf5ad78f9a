"""Access to generations in progress and the suggestions that wait for them."""

from datetime import datetime

from pynamodb.exceptions import DeleteError, UpdateError

from apps.core import clock, keys, queries, transactions
from apps.core.models import Item, derived_keys
from apps.core.transactions import Transaction
from apps.suggestions.models import CachedAnswer, FlightRow, FollowerRow


class InFlight(Exception):
    """The same is being generated for somebody else."""


class Landed(Exception):
    """What was to be followed has just come to its end."""


def look(request_hash: str) -> tuple[CachedAnswer | None, FlightRow | None]:
    """Return the kept answer to a question and the generation that is under way for it: 2 read units."""
    cached, flight = keys.generation_cache(request_hash), keys.generation_flight(request_hash)
    found = queries.read_many(Item, [cached, flight])
    answer, under_way = found.get(cached), found.get(flight)
    return (
        answer if isinstance(answer, CachedAnswer) else None,
        under_way if isinstance(under_way, FlightRow) else None,
    )


def lead(transaction: Transaction, request_hash: str, *, user_id: str, suggestion_id: str) -> None:
    """Take the lead; `InFlight` where somebody else has it, `Landed` where the answer has come in between."""
    key = keys.generation_flight(request_hash)
    queue = keys.flights_queue(clock.sortable(clock.now()), request_hash)
    row = FlightRow(pk=key.pk, sk=key.sk, user_id=user_id, suggestion_id=suggestion_id, **derived_keys(gsi4=queue))
    transaction.save(row, otherwise=InFlight())
    no_answer = CachedAnswer.pk.does_not_exist() | (CachedAnswer.ttl <= clock.epoch(clock.now()))
    transaction.check(CachedAnswer, keys.generation_cache(request_hash), no_answer, otherwise=Landed())


def follow(transaction: Transaction, request_hash: str, *, user_id: str, suggestion_id: str) -> None:
    """Wait for the leader; `Landed` where there is none any more who would notice."""
    key = keys.generation_follower(request_hash, suggestion_id)
    is_open = FlightRow.pk.exists() & (FlightRow.landing == False)  # noqa: E712  a condition of DynamoDB
    transaction.check(FlightRow, keys.generation_flight(request_hash), is_open, otherwise=Landed())
    transaction.save(FollowerRow(pk=key.pk, sk=key.sk, user_id=user_id))


def read(request_hash: str) -> FlightRow | None:
    return FlightRow.read(keys.generation_flight(request_hash))


def begin_landing(flight: FlightRow) -> bool:
    """Let nobody follow any more: from here on the followers are those that are listed. False if it has ended."""
    same = FlightRow.suggestion_id == flight.suggestion_id
    try:
        flight.update([FlightRow.landing.set(True)], condition=same, add_version_condition=False)
    except UpdateError as error:
        if isinstance(transactions.explain_single(error, None), transactions.WriteConflict):
            return False
        raise
    return True


def followers(request_hash: str) -> list[FollowerRow]:
    """Return who waits, consistently."""
    partition = keys.generation_flight(request_hash).pk
    start = FollowerRow.sk.startswith(keys.prefix("FOLLOWER"))
    return list(FollowerRow.query(partition, start, consistent_read=True))


def end(flight: FlightRow) -> None:
    """Remove the flight, unless somebody else has done so and another one has begun."""
    try:
        flight.delete(condition=FlightRow.suggestion_id == flight.suggestion_id, add_version_condition=False)
    except DeleteError as error:
        if not isinstance(transactions.explain_single(error, None), transactions.WriteConflict):
            raise


def left_behind(before: datetime) -> list[FlightRow]:
    """Return the generations that began before a moment and did not end, oldest first."""
    found = Item.queues.query(keys.flights_queue("-", "-").pk, Item.gsi4sk < clock.sortable(before))
    return [row for one in found if (row := FlightRow.read(one.key))]
