"""Generation stops at its limits: circuit breakers of providers, and the monthly budget."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock, ids
from apps.suggestions.generation import budget as generation_budget
from apps.suggestions.generation import configuration
from apps.suggestions.repositories import breakers, budget
from tests.support import model_stub
from tests.support.generation import UNCOMMON, codes, rarely
from tests.support.generation import fresh as fresh  # noqa: PLC0414  a fixture
from tests.support.generation import stub as stub  # noqa: PLC0414  a fixture
from tests.support.model_stub import ModelStub
from tests.support.suggestions import asked, finish

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded", "fresh")]


def test_after_three_failures_all_processes_skip_a_provider(api: Any, ben: Any, stub: ModelStub, settings: Any) -> None:
    settings.AI_BREAKER_SECONDS = 600
    stub.script.default = model_stub.error(500, "InternalServerException")

    for number in range(3):
        finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=1, **rarely(20 + number)))
    failed = len(stub.requests)
    later = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=2, **rarely(23)))

    assert failed == len(stub.requests) == 3
    assert [one["source"] for one in later["recipes"]] == ["rules"] * 2
    assert codes(later) == ["ai_unavailable"]


def test_a_provider_that_answers_again_after_the_pause_closes_its_breaker(
    api: Any, ben: Any, stub: ModelStub, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.then(*[model_stub.error(503, "ServiceUnavailableException")] * 3)
    for number in range(3):
        finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=1, **rarely(30 + number)))

    later = clock.now() + timedelta(seconds=settings.AI_BREAKER_SECONDS + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=1, **rarely(33)))

    assert [one["source"] for one in done["recipes"]] == ["ai"]
    assert int(breakers.read(["bedrock"])["bedrock"].failures) == 0


def test_an_exhausted_budget_stops_models_but_not_suggestions(api: Any, ben: Any, stub: ModelStub) -> None:
    configuration.change(monthly_budget_usd=0.0001)

    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=2, **rarely(40)))

    assert stub.requests == []
    assert [one["source"] for one in done["recipes"]] == ["rules"] * 2
    assert codes(done) == ["ai_budget_exhausted"]


def test_a_reservation_is_settled_at_the_actual_cost(api: Any, ben: Any, stub: ModelStub) -> None:
    month = generation_budget.month_of(clock.now())
    before = budget.read(month)
    spent = int(before.spent) if before else 0

    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=2, **rarely(41)))

    row = budget.read(month)
    assert row is not None
    assert int(row.spent) - spent == generation_budget.micro(done["stats"]["cost_usd"]) > 0
    assert budget.held_by(month, done["id"]) is None


def test_fifty_concurrent_reservations_never_exceed_the_budget() -> None:
    month = f"test-{ids.new_id()}"

    def one(_: int) -> bool:
        return budget.reserve(month, suggestion_id=ids.new_id(), user_id="u", micro=300, most=3_500)

    with ThreadPoolExecutor(50) as threads:
        held = list(threads.map(one, range(50)))

    row = budget.read(month)
    assert row is not None
    assert held.count(True) == 11
    assert int(row.committed) == 3_300 == sum(one.micro for one in budget.reservations(month))


def test_fifty_concurrent_settlements_leave_the_exact_sum() -> None:
    month, numbers = f"test-{ids.new_id()}", [ids.new_id() for _ in range(50)]

    def one(suggestion_id: str) -> None:
        budget.reserve(month, suggestion_id=suggestion_id, user_id="u", micro=1_000, most=1_000_000)
        budget.settle(month, suggestion_id=suggestion_id, spent=37)
        budget.settle(month, suggestion_id=suggestion_id, spent=37)

    with ThreadPoolExecutor(50) as threads:
        list(threads.map(one, numbers))

    row = budget.read(month)
    assert row is not None
    assert (int(row.committed), int(row.spent), budget.reservations(month)) == (50 * 37, 50 * 37, [])
