"""The monthly budget of generation: reserved before a call, settled to the actual cost after it."""

import math
from collections.abc import Sequence
from datetime import datetime

import structlog
from django.conf import settings

from apps.core import clock
from apps.core.tasks import TransientFailure
from apps.suggestions.generation.attempts import TRIES, Provider
from apps.suggestions.generation.configuration import AiSettings
from apps.suggestions.models import SuggestionRow
from apps.suggestions.providers import prices
from apps.suggestions.repositories import budget as repository
from apps.suggestions.repositories.budget import MICRO, AlreadyHeld, Reservation

log = structlog.get_logger()

# Seconds that a run may take after the deadline to store its results.
_STORING = 4.0


def month_of(moment: datetime) -> str:
    """Return the month (UTC) whose budget pays for a suggestion: the month of the request."""
    return f"{moment:%Y-%m}"


def micro(usd: float) -> int:
    """Return millionths of a US dollar, rounded up: a sum of many must not fall short."""
    return math.ceil(round(usd * MICRO, 3))


def price_of(providers: Sequence[Provider], recipes: int) -> int:
    """Return the maximum cost of some recipes in millionths: every attempt with every provider at its top price."""
    return recipes * sum(
        TRIES * micro(prices.ceiling(provider.model, provider=provider.name)) for provider in providers
    )


def is_free(provider: Provider) -> bool:
    return not prices.ceiling(provider.model, provider=provider.name)


def hold(
    suggestion_id: str,
    providers: Sequence[Provider],
    *,
    user_id: str,
    asked_at: datetime,
    recipes: int,
    configured: AiSettings,
) -> tuple[Sequence[Provider], bool]:
    """Reserve the recipes' maximum cost; return the providers to call, and whether an earlier run was killed.

    Without money left only providers that are free may be asked. TransientFailure while another run is at work: of a
    message that is delivered twice at once, one worker alone asks models.
    """
    price = price_of(providers, recipes)
    if not price:
        return providers, False
    month = month_of(asked_at)
    most = int(configured.monthly_budget_usd * MICRO)
    try:
        if repository.reserve(month, suggestion_id=suggestion_id, user_id=user_id, micro=price, most=most):
            return providers, False
    except AlreadyHeld as already:
        _take_over(month, already.held)
        return providers, True
    log.warning("ai_budget_used_up", month=month, budget_usd=configured.monthly_budget_usd)
    return [provider for provider in providers if is_free(provider)], False


def _take_over(month: str, held: Reservation) -> None:
    """Take over the reservation of a killed run, once that run cannot be active any more."""
    ends = held.since + settings.AI_DEADLINE + _STORING
    if clock.epoch(clock.now()) < ends or not repository.renew(month, held):
        raise TransientFailure("another worker is generating this")


def settle(row: SuggestionRow, suggestion_id: str) -> None:
    """Release what was reserved and not spent. Idempotent."""
    repository.settle(month_of(row.created_at), suggestion_id=suggestion_id, spent=micro(float(row.cost_usd)))
