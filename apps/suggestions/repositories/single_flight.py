"""Access to generations in progress and the suggestions that wait for them."""

from datetime import datetime

from pynamodb.exceptions import DeleteError, UpdateError

from apps.core import clock, keys, queries, transactions
from apps.core.models import Item, derived_keys
from apps.core.transactions import Transaction
from apps.suggestions.models import CachedAnswer, FollowerRow, RunningGeneration


class GenerationRunning(Exception):
    """The same question is being generated for somebody else already."""


class GenerationEnded(Exception):
    """The generation that was to be followed or led has just ended, and its answer is cached."""


def find_answer_and_generation(request_hash: str) -> tuple[CachedAnswer | None, RunningGeneration | None]:
    """Return the cached answer to a question and the generation in progress for it: 2 read units."""
    cached, running = keys.generation_cache(request_hash), keys.generation_flight(request_hash)
    found = queries.read_many(Item, [cached, running])
    answer, generation = found.get(cached), found.get(running)
    return (
        answer if isinstance(answer, CachedAnswer) else None,
        generation if isinstance(generation, RunningGeneration) else None,
    )


def lead(transaction: Transaction, request_hash: str, *, user_id: str, suggestion_id: str) -> None:
    """Start a generation that others may follow.

    `GenerationRunning` if somebody else has started it, `GenerationEnded` if the answer has been cached meanwhile.
    """
    key = keys.generation_flight(request_hash)
    queue = keys.flights_queue(clock.sortable(clock.now()), request_hash)
    row = RunningGeneration(
        pk=key.pk, sk=key.sk, user_id=user_id, suggestion_id=suggestion_id, **derived_keys(gsi4=queue)
    )
    transaction.save(row, otherwise=GenerationRunning())
    no_answer = CachedAnswer.pk.does_not_exist() | (CachedAnswer.ttl <= clock.epoch(clock.now()))
    transaction.check(CachedAnswer, keys.generation_cache(request_hash), no_answer, otherwise=GenerationEnded())


def follow(transaction: Transaction, request_hash: str, *, user_id: str, suggestion_id: str) -> None:
    """Wait for the generation's result; `GenerationEnded` if it no longer accepts followers."""
    key = keys.generation_follower(request_hash, suggestion_id)
    is_open = RunningGeneration.pk.exists() & (RunningGeneration.is_closing == False)  # noqa: E712  a condition of DynamoDB
    transaction.check(RunningGeneration, keys.generation_flight(request_hash), is_open, otherwise=GenerationEnded())
    transaction.save(FollowerRow(pk=key.pk, sk=key.sk, user_id=user_id))


def read(request_hash: str) -> RunningGeneration | None:
    return RunningGeneration.read(keys.generation_flight(request_hash))


def close_to_followers(running: RunningGeneration) -> bool:
    """Accept no more followers, so that `followers` lists all of them. False if the generation has ended already."""
    same = RunningGeneration.suggestion_id == running.suggestion_id
    try:
        running.update([RunningGeneration.is_closing.set(True)], condition=same, add_version_condition=False)
    except UpdateError as error:
        if isinstance(transactions.explain_single(error, None), transactions.WriteConflict):
            return False
        raise
    return True


def followers(request_hash: str) -> list[FollowerRow]:
    """Return the suggestions that wait, read consistently."""
    partition = keys.generation_flight(request_hash).pk
    start = FollowerRow.sk.startswith(keys.prefix("FOLLOWER"))
    return list(FollowerRow.query(partition, start, consistent_read=True))


def end(running: RunningGeneration) -> None:
    """Remove the generation in progress, unless it was removed already and another one has started."""
    try:
        running.delete(condition=RunningGeneration.suggestion_id == running.suggestion_id, add_version_condition=False)
    except DeleteError as error:
        if not isinstance(transactions.explain_single(error, None), transactions.WriteConflict):
            raise


def list_abandoned(before: datetime) -> list[RunningGeneration]:
    """Return generations that started before `before` and have not ended, oldest first."""
    found = Item.queues.query(keys.flights_queue("-", "-").pk, Item.gsi4sk < clock.sortable(before))
    return [row for one in found if (row := RunningGeneration.read(one.key))]
