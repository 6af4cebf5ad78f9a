"""Generation: the order of providers, retries, circuit breakers, budget, single-flight."""

import hashlib
import threading
import time
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import yaml

from apps.core import clock
from apps.suggestions import repositories, services
from apps.suggestions.generation import budget as generation_budget
from apps.suggestions.generation import configuration, worker
from tests.support import model_stub
from tests.support.generation import UNCOMMON, codes, outcomes, rarely, records_of
from tests.support.generation import fresh as fresh  # noqa: PLC0414  a fixture
from tests.support.generation import stub as stub  # noqa: PLC0414  a fixture
from tests.support.model_stub import ModelStub
from tests.support.processes import until
from tests.support.suggestions import ask, asked, finish, prefer, published

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded", "fresh")]

INJECTIONS = Path(__file__).parent / "corpora" / "injections.yaml"


def test_a_model_fills_the_gap_and_every_call_is_recorded(api: Any, ben: Any, stub: ModelStub) -> None:
    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=3, **rarely(1)))

    assert [one["source"] for one in done["recipes"]] == ["ai"] * 3
    records = records_of(done)
    assert outcomes(done) == {("bedrock", "stored"): 3}
    assert all(one.input_tokens > 100 and one.output_tokens > 50 and len(one.prompt_hash) == 64 for one in records)
    assert done["stats"]["cost_usd"] == pytest.approx(sum(float(one.cost_usd) for one in records))
    assert len({one["recipe"]["method"] for one in done["recipes"]}) == 3
    assert codes(done) == []


def test_recipes_are_generated_concurrently_within_one_deadline(
    api: Any, ben: Any, stub: ModelStub, settings: Any
) -> None:
    settings.AI_DEADLINE = 5.0
    stub.script.default = model_stub.slow(1.5)
    suggestion = asked(api, ben, *UNCOMMON, recipe_count=5, **rarely(2))

    done = finish(api, ben, suggestion)

    # One after another they would have taken 7.5 s, more than the 5 s until the deadline.
    assert [one["source"] for one in done["recipes"]] == ["ai"] * 5
    assert codes(done) == []


def test_finished_recipes_appear_while_others_are_generated(api: Any, ben: Any, stub: ModelStub) -> None:
    stub.then(model_stub.RECIPE, model_stub.slow(3.0))
    suggestion = asked(api, ben, *UNCOMMON, recipe_count=2, **rarely(3))
    thread = threading.Thread(target=worker.generate, args=(ben.id, suggestion["id"]))

    thread.start()
    seen = []
    while thread.is_alive():
        now = api.get(f"/v1/suggestions/{suggestion['id']}", token=ben.token).json()
        seen.append((now["status"], len(now["recipes"])))
        time.sleep(0.05)

    assert ("generating", 1) in seen


def test_a_model_that_is_too_slow_is_replaced_by_rules_with_a_warning(
    api: Any, ben: Any, stub: ModelStub, settings: Any
) -> None:
    settings.AI_DEADLINE = 1.5
    stub.script.default = model_stub.slow(30.0)

    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=2, **rarely(4)))

    assert [one["source"] for one in done["recipes"]] == ["rules"] * 2
    assert codes(done) == ["ai_unavailable"]
    assert outcomes(done) == {("bedrock", "timeout"): 2, ("rules", "stored"): 2}


def test_without_rules_late_recipes_are_dropped_with_a_warning(
    api: Any, ben: Any, stub: ModelStub, settings: Any
) -> None:
    settings.AI_PROVIDERS, settings.AI_DEADLINE = ["bedrock"], 1.5
    stub.then(model_stub.RECIPE, model_stub.slow(30.0))
    today = clock.now().date()
    before = repositories.quota_used(ben.id, today)

    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=2, **rarely(5)))

    assert (done["status"], [one["source"] for one in done["recipes"]]) == ("complete", ["ai"])
    assert {"ai_unavailable", "not_generated"} <= set(codes(done))
    assert outcomes(done)["bedrock", "stored"] == outcomes(done)["bedrock", "timeout"] == 1
    assert repositories.quota_used(ben.id, today) == before + 1


@pytest.mark.parametrize("first", [model_stub.VIOLATION, model_stub.MALFORMED, model_stub.TRUNCATED])
def test_an_invalid_answer_is_requested_once_more(
    api: Any, ben: Any, stub: ModelStub, first: Any, request: Any
) -> None:
    stub.then(first)
    number = 10 + [model_stub.VIOLATION, model_stub.MALFORMED, model_stub.TRUNCATED].index(first)

    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=1, **rarely(number)))

    assert [one["source"] for one in done["recipes"]] == ["ai"]
    assert outcomes(done) == {("bedrock", "invalid_output"): 1, ("bedrock", "stored"): 1}
    assert len(stub.requests) == 2
    assert stub.requests[0].body != stub.requests[1].body


def test_two_invalid_answers_are_not_followed_by_a_third_request(api: Any, ben: Any, stub: ModelStub) -> None:
    stub.script.default = model_stub.MALFORMED

    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=1, **rarely(13)))

    assert len(stub.requests) == 2
    assert [one["source"] for one in done["recipes"]] == ["rules"]
    assert outcomes(done) == {("bedrock", "invalid_output"): 2, ("rules", "stored"): 1}
    assert done["stats"]["cost_usd"] > 0


def with_line(name: str) -> Any:
    """Return a recipe with a line that some allergy forbids."""
    lines = [{"name": "củ đậu", "quantity": 200, "unit": "g"}, {"name": name, "quantity": 10, "unit": "ml"}]
    return model_stub.recipe(ingredients=lines)


def test_an_unsafe_recipe_is_requested_again_with_the_violation_named(api: Any, ben: Any, stub: ModelStub) -> None:
    prefer(api, ben, allergies=["fish"])
    stub.then(with_line("nước mắm"))

    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=1, **rarely(14)))

    assert outcomes(done) == {("bedrock", "unsafe"): 1, ("bedrock", "stored"): 1}
    assert (
        "nước mắm"
        in stub.requests[1].body.decode("unicode_escape").encode("latin-1", "replace").decode("utf-8", "replace")
        or "fish sauce" in stub.requests[1].body.decode()
    )
    assert "fish" not in done["recipes"][0]["recipe"]["allergens"]


def test_a_recipe_that_is_unsafe_twice_is_dropped(api: Any, ben: Any, stub: ModelStub) -> None:
    prefer(api, ben, allergies=["peanuts"])
    stub.script.default = with_line("đậu phộng")

    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=1, **rarely(15)))

    assert len(stub.requests) == 2
    assert [one["source"] for one in done["recipes"]] == ["rules"]
    assert outcomes(done)["bedrock", "unsafe"] == 2
    assert "peanuts" not in done["recipes"][0]["recipe"]["allergens"]


def test_settings_changed_at_run_time_reach_another_process(server: Any, ben: Any) -> None:
    configuration.change(daily_quota=0)

    numbers = cycle(range(500, 1400))
    until(lambda: ask(server.api, ben, *UNCOMMON, recipe_count=1, max_minutes=next(numbers)).status_code == 429)


@pytest.mark.parametrize(
    "wanted",
    [
        {"providers": ["oracle"]}, {"providers": []}, {"providers": ["rules", "rules"]}, {"daily_quota": -1},
        {"monthly_budget_usd": -0.5}, {"bedrock_model": " "},
    ],
)  # fmt: skip
def test_an_invalid_setting_changes_nothing(wanted: dict[str, Any]) -> None:
    before = configuration.current()

    with pytest.raises(configuration.InvalidSetting):
        configuration.change(**wanted)

    assert configuration.current() == before
    assert configuration.stored() == {}


def test_rejected_recipes_are_not_offered_again_until_accepted(api: Any, ana: Any, ben: Any) -> None:
    recipe = published(api, ana, "thịt thỏ", "củ sen")
    first = asked(api, ben, "thịt thỏ", "củ sen", recipe_count=1)
    path = f"/v1/suggestions/{first['id']}/feedback"

    def offered() -> list[str]:
        answer = asked(api, ben, "thịt thỏ", "củ sen", recipe_count=1)
        return [one["recipe"]["id"] for one in answer["recipes"]]

    assert [one["recipe"]["id"] for one in first["recipes"]] == [recipe["id"]]
    assert api.post(path, json={"accepted": False}, token=ben.token).status_code == 204
    assert recipe["id"] not in offered()
    assert api.post(path, json={"accepted": True}, token=ben.token).status_code == 204
    assert recipe["id"] in offered()


def test_a_rejected_dish_leaves_the_others_of_the_answer_on_offer(api: Any, ana: Any, ben: Any) -> None:
    published(api, ana, "thịt thỏ", "củ sen", title="Thỏ nướng", method="grill")
    published(api, ana, "thịt thỏ", "củ sen", title="Canh củ sen", method="soup")
    answer = asked(api, ben, "thịt thỏ", "củ sen", recipe_count=5)
    rejected, *others = (one["recipe"]["id"] for one in answer["recipes"])

    body = {"accepted": False, "recipe_id": rejected}
    assert api.post(f"/v1/suggestions/{answer['id']}/feedback", json=body, token=ben.token).status_code == 204

    again = {one["recipe"]["id"] for one in asked(api, ben, "thịt thỏ", "củ sen", recipe_count=5)["recipes"]}
    assert rejected not in again
    assert again.intersection(others)


def test_a_rejected_cached_answer_is_generated_again(api: Any, ben: Any) -> None:
    names = ("thịt vịt", "cải thìa", "nấm mỡ", "trứng gà")
    first = finish(api, ben, asked(api, ben, *names, recipe_count=1, max_minutes=91))
    api.post(f"/v1/suggestions/{first['id']}/feedback", json={"accepted": False}, token=ben.token)

    second = finish(api, ben, asked(api, ben, *names, recipe_count=1, max_minutes=91))

    assert first["recipes"][0]["recipe"]["id"] != second["recipes"][0]["recipe"]["id"]


def test_daily_statistics_count_each_suggestion_once(api: Any, ana: Any, ben: Any, stub: ModelStub) -> None:
    published(api, ana, "thịt heo rừng", "củ sen")
    today = clock.now().date()
    sums, calls = services.statistics_of(today), services.calls_of(today)

    asked(api, ben, "thịt heo rừng", "củ sen", recipe_count=1)
    question = asked(api, ben, *UNCOMMON, recipe_count=2, **rarely(60))
    for _ in range(3):
        done = finish(api, ben, question)
    asked(api, ana, *UNCOMMON, recipe_count=2, **rarely(60))

    moved = {name: number - sums[name] for name, number in services.statistics_of(today).items()}
    assert {name: moved[name] for name in ("suggestions", "requested", "from_catalogue", "from_ai")} == {
        "suggestions": 3, "requested": 5, "from_catalogue": 1, "from_ai": 2,
    }  # fmt: skip
    assert moved["answered_again"] == 2
    assert moved["cost"] == generation_budget.micro(done["stats"]["cost_usd"])
    assert services.calls_of(today).made - calls.made == 2


def hostile() -> list[Any]:
    return list(yaml.load(INJECTIONS.read_text("utf-8"), Loader=yaml.CSafeLoader))


@pytest.mark.parametrize("case", hostile(), ids=lambda case: case["id"])
def test_nothing_that_people_typed_is_sent_to_a_model(api: Any, ben: Any, stub: ModelStub, case: Any) -> None:
    wish = int(hashlib.sha256(case["id"].encode()).hexdigest(), 16) % 1_300
    answer = ask(api, ben, "thịt nai", "củ đậu", case["text"], recipe_count=1, cuisine="x", max_minutes=60 + wish)

    if answer.status_code == 202:
        finish(api, ben, answer.json())
    sent = b"\n".join(one.wire for one in stub.requests)
    assert (answer.status_code, bool(sent)) in {(202, True), (400, False)}
    assert case["marker"].lower() not in sent.decode("utf-8", "replace").lower()
    assert case["marker"].lower() not in sent.decode("unicode_escape", "replace").lower()


def test_an_allergen_hidden_in_a_step_causes_another_request(api: Any, ben: Any, stub: ModelStub) -> None:
    prefer(api, ben, allergies=["peanuts"])
    steps = [{"text": "Xào chín.", "minutes": 5}, {"text": "Rắc đậu phộng rang giã dập lên trên rồi dọn ra."}]
    stub.then(model_stub.recipe(steps=steps))

    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=1, **rarely(70)))

    assert outcomes(done) == {("bedrock", "unsafe"): 1, ("bedrock", "stored"): 1}
    assert "phộng" not in str(done["recipes"])
