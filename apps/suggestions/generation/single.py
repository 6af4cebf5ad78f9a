"""One recipe by a model, for something else than a suggestion: within quota and budget, recorded like every other call.

Whoever asks has a way of their own for when there is none; rules of ours are not asked here.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings

from apps.core import clock, ids
from apps.core.transactions import Transaction
from apps.suggestions import repositories
from apps.suggestions.errors import QuotaExceeded
from apps.suggestions.generation import attempts, budget, configuration
from apps.suggestions.generation.attempts import OURS, Outcome, Provider
from apps.suggestions.generation.breakers import Breakers
from apps.suggestions.providers.port import GenerationRequest
from apps.suggestions.repositories import budget as reservations
from apps.suggestions.safety import Limits

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Order:
    """What one recipe is made for: the same `id` again goes on with the same place in the budget."""

    id: str
    user_id: str
    asked_at: datetime


def models() -> list[Provider]:
    """Return the models that are configured, in the order in which they are asked; none where rules come first."""
    configured = configuration.current()
    wanted = []
    for name in configured.providers:
        if name == OURS:
            break
        wanted.append(Provider(name, configured.model(name)))
    return wanted


def make(request: GenerationRequest, order: Order, *, limits: Limits) -> Outcome | None:
    """Return what a model made, safe for those limits; None where none may be asked or none made anything.

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
    _record(order, outcome)
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


def _record(order: Order, outcome: Outcome) -> None:
    """Write down every call, then settle with the budget: who is killed between does both again."""
    for position, attempt in enumerate(outcome.attempts):
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
    spent = sum(attempt.usage.cost_usd for attempt in outcome.attempts)
    month = budget.month_of(order.asked_at)
    reservations.settle(month, suggestion_id=order.id, spent=budget.micro(spent))


def close(order_id: str, *, before: datetime) -> None:
    """Count what a run that was killed had held as spent, since the call may have been paid for."""
    for month in {budget.month_of(before), budget.month_of(before - timedelta(days=27))}:
        held = reservations.held_by(month, order_id)
        if held is not None:
            reservations.settle(month, suggestion_id=order_id, spent=held.micro)
