"""Have a model make one recipe outside of a suggestion: within quota and budget, recorded like every other call.

The caller decides what to do without a recipe; the `rules` provider is never called here.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings

from apps.core import clock, ids
from apps.core.transactions import Transaction
from apps.suggestions import repositories
from apps.suggestions.errors import QuotaExceeded
from apps.suggestions.generation import attempts, budget, configuration
from apps.suggestions.generation.attempts import OURS, Attempt, Outcome, Provider
from apps.suggestions.generation.breakers import Breakers
from apps.suggestions.providers.port import GenerationRequest
from apps.suggestions.repositories import budget as reservations
from apps.suggestions.safety import Limits

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Order:
    """The purpose of one recipe. The same `id` again uses the same reservation of the budget."""

    id: str
    user_id: str
    asked_at: datetime


def models() -> list[Provider]:
    """Return the configured models in order; none if `rules` comes first."""
    configured = configuration.current()
    wanted = []
    for name in configured.providers:
        if name == OURS:
            break
        wanted.append(Provider(name, configured.model(name)))
    return wanted


def make(request: GenerationRequest, order: Order, *, limits: Limits) -> Outcome | None:
    """Return a model's recipe that is safe within `limits`; None if no model may be called or none made one.

    It counts in the quota of the day like the recipes of suggestions. TransientFailure while another run is at it.
    """
    wanted = models()
    if not wanted or not _take_of_quota(order):
        return None
    configured = configuration.current()
    providers, _ = budget.hold(
        order.id, wanted, user_id=order.user_id, asked_at=order.asked_at, recipes=1, configured=configured
    )
    if not providers:
        return None
    breakers = Breakers([provider.name for provider in providers])
    deadline = time.monotonic() + settings.AI_DEADLINE
    outcome = attempts.make(request, limits=limits, deadline=deadline, providers=providers, breakers=breakers)
    record(order, outcome.attempts)
    settle(order, outcome.attempts)
    return outcome if outcome.content is not None else None


def _take_of_quota(order: Order) -> bool:
    most = configuration.current().daily_quota
    transaction = Transaction()
    try:
        repositories.reserve(transaction, user_id=order.user_id, day=clock.now().date(), count=1, most=most)
        transaction.commit()
    except QuotaExceeded:
        return False
    return True


def record(order: Order, attempts_made: Sequence[Attempt]) -> None:
    """Record every call before its order is settled: a run that is killed in between repeats both."""
    for position, attempt in enumerate(attempts_made):
        repositories.put_record(
            repositories.record(
                ids.derived_id("attempt", order.id, str(position), at=order.asked_at),
                attempt.usage,
                suggestion_id=order.id,
                user_id=order.user_id,
                outcome=attempt.outcome,
                made_at_day=order.asked_at.date(),
            )
        )


def settle(order: Order, attempts_made: Sequence[Attempt]) -> None:
    """Replace an order's reservation by the actual cost of its calls."""
    spent = sum(attempt.usage.cost_usd for attempt in attempts_made)
    month = budget.month_of(order.asked_at)
    reservations.settle(month, suggestion_id=order.id, spent=budget.micro(spent))


def close(order_id: str, *, before: datetime) -> None:
    """Count the reservation of a killed run as spent, since its call may be billed."""
    for month in {budget.month_of(before), budget.month_of(before - timedelta(days=27))}:
        held = reservations.held_by(month, order_id)
        if held is not None:
            reservations.settle(month, suggestion_id=order_id, spent=held.micro)
