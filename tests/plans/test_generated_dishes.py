"""Slots that the catalogue can't fill are filled by a model if configured, and by rules if it doesn't answer."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock
from apps.core.tasks import TransientFailure
from apps.plans import filling
from apps.suggestions import repositories as suggestions
from apps.suggestions.generation import attempts
from apps.suggestions.repositories import budget as reservations
from tests.support import bedrock_stub, model_stub, tasks
from tests.support.generation import fresh as fresh  # noqa: PLC0414  a fixture
from tests.support.generation import stub as bedrock  # noqa: F401  a fixture
from tests.support.model_stub import ModelStub
from tests.support.plans import read

pytestmark = pytest.mark.usefixtures("authored", "fresh")

OPEN = {"start": "2027-03-01", "days": 2, "meals": ["dinner"]}


@pytest.fixture
def stub(bedrock: ModelStub, monkeypatch: pytest.MonkeyPatch) -> ModelStub:  # noqa: F811  asks for a fixture
    """A model first, then rules, and no suitable recipe in the catalogue."""
    monkeypatch.setattr("apps.plans.filling.dishes.pool", lambda *_: [])
    return bedrock


def plan(api: Any, person: Any, messages: list[Any], **changes: Any) -> dict[str, Any]:
    made = api.post("/v1/plans", json={**OPEN, **changes}, token=person.token)
    assert made.status_code in {201, 202}, made.content
    tasks.run_all(messages)
    return read(api, person, made.json()["id"])


def sources(found: dict[str, Any]) -> list[str]:
    return [slot["recipe"]["source"] for slot in found["slots"] if slot["recipe"]]


def held() -> list[Any]:
    return reservations.reservations(f"{clock.now():%Y-%m}")


def test_a_model_fills_gaps_of_the_catalogue_and_every_call_is_recorded(
    api: Any, ana: Any, messages: list[Any], stub: ModelStub
) -> None:
    found = plan(api, ana, messages)

    assert sources(found) == ["ai", "ai"]
    assert {slot["why"] for slot in found["slots"]} == {"Made by AI for this meal"}
    records = [one for one in suggestions.records(clock.now().date()) if one.user_id == ana.id]
    assert [one.outcome for one in records] == ["stored", "stored"]
    assert [one for one in held() if one.user_id == ana.id] == []
    assert suggestions.quota_used(ana.id, clock.now().date()) == 2


def test_the_model_gets_the_eaters_limits_but_not_their_identity(
    api: Any, ana: Any, messages: list[Any], stub: ModelStub
) -> None:
    assert api.put("/v1/users/me/preferences", json={"allergies": ["fish"]}, token=ana.token).status_code == 200

    found = plan(api, ana, messages)

    prompts = [bedrock_stub.prompt(one) for one in stub.requests]
    assert all("fish" in prompt.lower() for prompt in prompts)
    assert not [prompt for prompt in prompts if ana.username in prompt or ana.id in prompt]
    for slot in found["slots"]:
        assert "fish" not in slot["recipe"]["allergens"]


TROUBLES = {
    "away": model_stub.error(503, "ServiceUnavailableException"),
    "nonsense": model_stub.recipe({"title": "x"}),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_rules_compose_if_the_model_fails(
    api: Any, ana: Any, messages: list[Any], stub: ModelStub, trouble: str
) -> None:
    stub.script.default = TROUBLES[trouble]

    found = plan(api, ana, messages, days=6)

    assert found["status"] == "ready"
    # Rules find something for most meals.
    assert set(sources(found)) == {"rules"}


def test_no_model_is_asked_beyond_the_quota_or_the_budget(
    api: Any, ana: Any, ben: Any, messages: list[Any], stub: ModelStub, settings: Any
) -> None:
    settings.AI_DAILY_QUOTA = 1
    assert sources(plan(api, ana, messages)).count("ai") == 1

    settings.AI_DAILY_QUOTA, settings.AI_MONTHLY_BUDGET_USD = 20, 0.0
    asked = len(stub.requests)
    assert "ai" not in sources(plan(api, ben, messages))
    assert len(stub.requests) == asked


def test_a_plan_asks_models_for_a_few_dishes_only(api: Any, ana: Any, messages: list[Any], stub: ModelStub) -> None:
    found = plan(api, ana, messages, days=8)

    assert sources(found).count("ai") == filling._MOST_BY_MODELS
    assert set(sources(found)) == {"ai", "rules"}


def test_a_worker_killed_during_a_model_call_is_resumed_without_paying_twice(
    api: Any, ana: Any, messages: list[Any], stub: ModelStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = api.post("/v1/plans", json=OPEN, token=ana.token).json()
    (message,) = messages
    messages.clear()

    class Killed(BaseException):
        pass

    def die(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(attempts, "make", die)
        with pytest.raises(Killed):
            filling.fill(*message.args)
    assert [one.user_id for one in held()].count(ana.id) == 1
    with pytest.raises(TransientFailure):
        filling.fill(*message.args)

    # Longer than the limit of a run.
    later = clock.now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    filling.fill(*message.args)

    found = read(api, ana, made["id"])
    assert (found["status"], sources(found)) == ("ready", ["ai", "ai"])
    assert [one for one in held() if one.user_id == ana.id] == []
