"""The month's budget for generation: held before anything is asked, settled to what it cost."""

import math
from collections.abc import Sequence
from datetime import datetime

import structlog

from apps.suggestions.configuration import AiSettings
from apps.suggestions.generation import TRIES, Way
from apps.suggestions.models import SuggestionRow
from apps.suggestions.providers import prices
from apps.suggestions.repositories import budget as repository
from apps.suggestions.repositories.budget import MICRO

log = structlog.get_logger()


def month_of(moment: datetime) -> str:
    """Return the month (UTC) whose budget a suggestion belongs to: that in which it was asked."""
    return f"{moment:%Y-%m}"


def micro(usd: float) -> int:
    """Return millionths of a US dollar, rounded up: a sum of many must not fall short."""
    return math.ceil(round(usd * MICRO, 3))


def price_of(ways: Sequence[Way], recipes: int) -> int:
    """Return the most that so many recipes can cost, in millionths: every try with every provider at its dearest."""
    return recipes * sum(TRIES * micro(prices.ceiling(way.model, provider=way.provider)) for way in ways)


def is_free(way: Way) -> bool:
    return not prices.ceiling(way.model, provider=way.provider)


def hold(
    row: SuggestionRow, suggestion_id: str, ways: Sequence[Way], *, recipes: int, configured: AiSettings
) -> Sequence[Way]:
    """Hold what the recipes may cost and return the ways that may be gone: without money left, those that are free."""
    price = price_of(ways, recipes)
    if not price:
        return ways
    month = month_of(row.created_at)
    most = int(configured.monthly_budget_usd * MICRO)
    if repository.reserve(month, suggestion_id=suggestion_id, user_id=row.user_id, micro=price, most=most):
        return ways
    log.warning("ai_budget_used_up", month=month, budget_usd=configured.monthly_budget_usd)
    return [way for way in ways if is_free(way)]


def settle(row: SuggestionRow, suggestion_id: str) -> None:
    """Give back what was held and not spent; again is as good as once."""
    repository.settle(month_of(row.created_at), suggestion_id=suggestion_id, spent=micro(float(row.cost_usd)))
