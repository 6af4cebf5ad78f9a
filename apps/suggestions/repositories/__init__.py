"""Every access of the suggestions app to the table."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from pynamodb.exceptions import UpdateError

from apps.core import clock, keys, queries, transactions
from apps.core.transactions import Transaction
from apps.suggestions.errors import QuotaExceeded
from apps.suggestions.models import CachedAnswer, GenerationRecord, QuotaRow, SuggestionRow
from apps.suggestions.providers.port import Usage

_QUOTA_KEPT = timedelta(days=3)


def read(user_id: str, suggestion_id: str) -> SuggestionRow | None:
    """Read a suggestion of its owner, consistently: 1 read unit."""
    return SuggestionRow.read(keys.suggestion(user_id, suggestion_id))


def mark_seen(row: SuggestionRow) -> None:
    """Record the first time that its owner reads a complete suggestion. 1–2 write units.

    Lost if somebody writes the row at that moment: then there may be one superfluous notification.
    """
    try:
        row.update(
            [SuggestionRow.seen_at.set(clock.now())],
            condition=SuggestionRow.seen_at.does_not_exist(),
            add_version_condition=False,
        )
    except UpdateError as error:
        problem = transactions.explain_single(error, None)
        if not isinstance(problem, transactions.WriteConflict):
            raise problem from error


def page(user_id: str, *, limit: int, after: dict[str, str] | None) -> queries.Slice[SuggestionRow]:
    """Page through somebody's suggestions, newest first."""
    return queries.query_page(
        SuggestionRow,
        keys.user(user_id).pk,
        within=SuggestionRow.sk.startswith(keys.prefix("SUGGESTION")),
        limit=limit,
        after=after,
        newest_first=True,
        consistent=True,
    )


def quota_used(user_id: str, day: date) -> int:
    row = QuotaRow.read(keys.quota(user_id, day))
    return int(row.used) if row else 0


def reserve(transaction: Transaction, *, user_id: str, day: date, count: int, most: int) -> None:
    """Take `count` of the day's quota; `QuotaExceeded` where that is more than is left.

    The condition is on the counter itself, in the transaction that stores the suggestion: concurrent requests cannot
    exceed the quota, and failed requests use none of it.
    """
    if count > most:
        # The condition lets the first of a day through.
        raise QuotaExceeded
    key = keys.quota(user_id, day)
    row = QuotaRow(pk=key.pk, sk=key.sk)
    fits = QuotaRow.used.does_not_exist() | (QuotaRow.used <= most - count)
    kept = clock.epoch(clock.now() + _QUOTA_KEPT)
    transaction.update(
        row, [QuotaRow.used.add(count), QuotaRow.ttl.set(kept)], condition=fits, otherwise=QuotaExceeded()
    )


def give_back(transaction: Transaction, *, user_id: str, day: date, count: int) -> None:
    """Return the quota of recipes that were not generated."""
    if count > 0:
        key = keys.quota(user_id, day)
        transaction.update(QuotaRow(pk=key.pk, sk=key.sk), [QuotaRow.used.add(-count)])


def cache(request_hash: str, recipes: list[dict[str, Any]], *, cost_usd: float, seconds: int) -> None:
    """Cache an answer for the same question; an existing one stays."""
    key = keys.generation_cache(request_hash)
    ttl = clock.epoch(clock.now()) + seconds
    row = CachedAnswer(pk=key.pk, sk=key.sk, recipes=recipes, cost_usd=cost_usd, ttl=ttl)
    try:
        transactions.claim(row)
    except transactions.WriteConflict:
        return


def keep_answer(
    transaction: Transaction, request_hash: str, recipes: list[dict[str, Any]], *, seconds: int, otherwise: Exception
) -> None:
    """Keep an answer that cost nothing with the suggestion that it is for; `otherwise` where somebody was faster."""
    key = keys.generation_cache(request_hash)
    free = CachedAnswer.pk.does_not_exist() | (CachedAnswer.ttl <= clock.epoch(clock.now()))
    kept_until = clock.epoch(clock.now()) + seconds
    actions = [CachedAnswer.recipes.set(recipes), CachedAnswer.cost_usd.set(0), CachedAnswer.ttl.set(kept_until)]
    transaction.update(CachedAnswer(pk=key.pk, sk=key.sk), actions, condition=free, otherwise=otherwise)


def record(
    record_id: str, usage: Usage, *, suggestion_id: str, user_id: str, outcome: str, made_at_day: date
) -> GenerationRecord:
    """Build the cost record of one attempt; the same attempt has the same key."""
    key = keys.generation_record(made_at_day, record_id)
    return GenerationRecord(
        pk=key.pk, sk=key.sk, suggestion_id=suggestion_id, user_id=user_id, provider=usage.provider, model=usage.model,
        outcome=outcome, input_tokens=usage.input_tokens, output_tokens=usage.output_tokens, cost_usd=usage.cost_usd,
        latency_ms=usage.latency_ms, prompt_hash=usage.prompt_hash, created_at=clock.now(),
    )  # fmt: skip


def put_record(row: GenerationRecord) -> None:
    """Store a cost record. Idempotent."""
    try:
        transactions.claim(row)
    except transactions.WriteConflict:
        return


def records(day: date) -> Iterable[GenerationRecord]:
    """Return what generation took on one day."""
    return GenerationRecord.query(keys.generation_record(day, "-").pk)
