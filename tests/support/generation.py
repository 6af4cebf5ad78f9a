"""Generation in tests: fixtures for a stub of Bedrock and unused limits, and the cost records of a suggestion."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from apps.core import clock
from apps.suggestions import repositories
from apps.suggestions.generation import configuration
from apps.suggestions.repositories import breakers
from tests.support import bedrock_stub
from tests.support.model_stub import ModelStub

UNCOMMON = ("thịt đà điểu", "củ đậu", "nấm hương")


@pytest.fixture
def fresh(settings: Any) -> Iterator[None]:
    """Start with the environment's settings, closed circuit breakers and an unused budget."""
    settings.AI_MONTHLY_BUDGET_USD = 1_000_000.0
    breakers.reset("bedrock")
    configuration.change(**dict.fromkeys(configuration.AiSettings.__dataclass_fields__))
    yield
    configuration.change(**dict.fromkeys(configuration.AiSettings.__dataclass_fields__))


@pytest.fixture
def stub(settings: Any) -> Iterator[ModelStub]:
    """Ask a stub of Bedrock first, then compose by rules."""
    settings.AI_PROVIDERS = ["bedrock", "rules"]
    with bedrock_stub.start() as running:
        settings.AI_BEDROCK_ENDPOINT = running.url
        yield running


def records_of(suggestion: Any) -> list[Any]:
    found = [one for one in repositories.records(clock.now().date()) if one.suggestion_id == suggestion["id"]]
    return sorted(found, key=lambda one: one.sk)


def outcomes(suggestion: Any) -> Counter[tuple[str, str]]:
    return Counter((one.provider, one.outcome) for one in records_of(suggestion))


def codes(suggestion: Any) -> list[str]:
    return [warning["code"] for warning in suggestion["warnings"]]


def rarely(number: int) -> dict[str, int]:
    """Return a wish that no other test has, so that no cached answer matches."""
    return {"max_minutes": 40 + number}
