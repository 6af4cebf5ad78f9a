"""The way of generated recipes: providers in order, retries, breakers, budget, one generation for many."""

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import yaml

from apps.core import clock, ids
from apps.core.tasks import TransientFailure
from apps.suggestions import repositories, services
from apps.suggestions.generation import budget as generation_budget
from apps.suggestions.generation import configuration, worker
from apps.suggestions.repositories import breakers, budget
from tests.suggestions.test_suggestions import ask, asked, finish, prefer, published
from tests.support import bedrock_stub, model_stub
from tests.support.model_stub import ModelStub
from tests.support.processes import until

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded", "fresh")]

INJECTIONS = Path(__file__).parent / "corpora" / "injections.yaml"
UNCOMMON = ("thịt đà điểu", "củ đậu", "nấm hương")


@pytest.fixture
def fresh(settings: Any) -> Iterator[None]:
    """Start with the environment's settings, closed breakers and a budget that nobody has touched."""
    settings.AI_MONTHLY_BUDGET_USD = 1_000_000.0
    breakers.reset("bedrock")
    configuration.change(**dict.fromkeys(configuration.AiSettings.__dataclass_fields__))
    yield
    configuration.change(**dict.fromkeys(configuration.AiSettings.__dataclass_fields__))


@pytest.fixture
def stub(settings: Any) -> Iterator[ModelStub]:
    """Bedrock first, then what we compose ourselves."""
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
    """A wish that makes a question of its own."""
    return {"max_minutes": 40 + number}


def test_a_model_fills_the_gap_and_every_call_is_recorded(api: Any, ben: Any, stub: ModelStub) -> None:
    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=3, **rarely(1)))

    assert [one["source"] for one in done["recipes"]] == ["ai"] * 3
    records = records_of(done)
    assert outcomes(done) == {("bedrock", "stored"): 3}
    assert all(one.input_tokens > 100 and one.output_tokens > 50 and len(one.prompt_hash) == 64 for one in records)
    assert done["stats"]["cost_usd"] == pytest.approx(sum(float(one.cost_usd) for one in records))
    assert len({one["recipe"]["method"] for one in done["recipes"]}) == 3
    assert codes(done) == []


def test_recipes_are_made_side_by_side_within_one_deadline(api: Any, ben: Any, stub: ModelStub, settings: Any) -> None:
    settings.AI_DEADLINE = 5.0
    stub.script.default = model_stub.slow(1.5)
    suggestion = asked(api, ben, *UNCOMMON, recipe_count=5, **rarely(2))

    done = finish(api, ben, suggestion)

    # One after the other they would have taken 7.5 s of the 5 that there were.
    assert [one["source"] for one in done["recipes"]] == ["ai"] * 5
    assert codes(done) == []


def test_what_is_ready_appears_while_the_rest_is_under_way(api: Any, ben: Any, stub: ModelStub) -> None:
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


def test_without_rules_what_is_late_is_dropped_with_a_warning(
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
def test_an_answer_of_the_wrong_shape_is_asked_for_once_more(
    api: Any, ben: Any, stub: ModelStub, first: Any, request: Any
) -> None:
    stub.then(first)
    number = 10 + [model_stub.VIOLATION, model_stub.MALFORMED, model_stub.TRUNCATED].index(first)

    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=1, **rarely(number)))

    assert [one["source"] for one in done["recipes"]] == ["ai"]
    assert outcomes(done) == {("bedrock", "invalid_output"): 1, ("bedrock", "stored"): 1}
    assert len(stub.requests) == 2
    assert stub.requests[0].body != stub.requests[1].body


def test_nonsense_twice_is_not_asked_for_a_third_time(api: Any, ben: Any, stub: ModelStub) -> None:
    stub.script.default = model_stub.MALFORMED

    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=1, **rarely(13)))

    assert len(stub.requests) == 2
    assert [one["source"] for one in done["recipes"]] == ["rules"]
    assert outcomes(done) == {("bedrock", "invalid_output"): 2, ("rules", "stored"): 1}
    assert done["stats"]["cost_usd"] > 0


def with_line(name: str) -> Any:
    """A recipe that somebody with an allergy must not get, whatever was asked for."""
    lines = [{"name": "củ đậu", "quantity": 200, "unit": "g"}, {"name": name, "quantity": 10, "unit": "ml"}]
    return model_stub.recipe(ingredients=lines)


def test_an_unsafe_recipe_is_asked_for_again_with_the_violation_named(api: Any, ben: Any, stub: ModelStub) -> None:
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


def test_after_three_failures_a_provider_is_left_alone_by_everybody(
    api: Any, ben: Any, stub: ModelStub, settings: Any
) -> None:
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


def test_a_budget_that_is_used_up_stops_the_models_not_the_suggestions(api: Any, ben: Any, stub: ModelStub) -> None:
    configuration.change(monthly_budget_usd=0.0001)

    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=2, **rarely(40)))

    assert stub.requests == []
    assert [one["source"] for one in done["recipes"]] == ["rules"] * 2
    assert codes(done) == ["ai_budget_exhausted"]


def test_what_was_held_is_settled_to_what_it_cost(api: Any, ben: Any, stub: ModelStub) -> None:
    month = generation_budget.month_of(clock.now())
    before = budget.read(month)
    spent = int(before.spent) if before else 0

    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=2, **rarely(41)))

    row = budget.read(month)
    assert row is not None
    assert int(row.spent) - spent == generation_budget.micro(done["stats"]["cost_usd"]) > 0
    assert budget.held_by(month, done["id"]) is None


def test_fifty_at_once_never_hold_more_than_the_budget() -> None:
    month = f"test-{ids.new_id()}"

    def one(_: int) -> bool:
        return budget.reserve(month, suggestion_id=ids.new_id(), user_id="u", micro=300, most=3_500)

    with ThreadPoolExecutor(50) as threads:
        held = list(threads.map(one, range(50)))

    row = budget.read(month)
    assert row is not None
    assert held.count(True) == 11
    assert int(row.committed) == 3_300 == sum(one.micro for one in budget.reservations(month))


def test_fifty_that_settle_at_once_leave_exactly_what_was_spent() -> None:
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


def test_twenty_identical_requests_cause_one_generation(
    ana: Any, ben: Any, cyd: Any, server: Any, api: Any, person: Any
) -> None:
    today = clock.now().date()
    people, somebody = [ana, ben, cyd], person()
    before = {one.id: repositories.quota_used(one.id, today) for one in people}

    def one(number: int) -> tuple[Any, Any]:
        one = people[number % 3]
        return one, asked(server.api, one, "thịt nai", "củ đậu", "nấm hương", recipe_count=2, max_minutes=77)

    # The server may still believe the quota that a test before this one has set.
    until(lambda: ask(server.api, somebody, *UNCOMMON, recipe_count=1, max_minutes=78).status_code != 429)
    with ThreadPoolExecutor(20) as threads:
        asking = list(threads.map(one, range(20)))
    done = [api.get(f"/v1/suggestions/{one['id']}", token=person.token).json() for person, one in asking]

    assert {one["status"] for one in done} == {"complete"}
    made = {tuple(recipe["recipe"]["id"] for recipe in one["recipes"]) for one in done}
    assert len(made) == 1
    assert len(next(iter(made))) == 2
    assert sum(len(records_of(one)) for one in done) == 2
    taken = [repositories.quota_used(person.id, today) - before[person.id] for person in people]
    assert sum(taken) == 2
    assert sorted(one["stats"]["cost_saved_usd"] > 0 for one in done) == [False] + [True] * 19


def test_whoever_follows_a_generation_that_dies_is_not_left_waiting(
    api: Any, ana: Any, ben: Any, stub: ModelStub
) -> None:
    leader = asked(api, ana, "thịt dê", "củ đậu", recipe_count=2, max_minutes=78)
    follower = asked(api, ben, "thịt dê", "củ đậu", recipe_count=2, max_minutes=78)
    today = clock.now().date()
    used = repositories.quota_used(ana.id, today)

    ended = worker.end_abandoned(before=clock.now() + timedelta(seconds=1))

    assert ended >= 1
    for person, suggestion in ((ana, leader), (ben, follower)):
        done = api.get(f"/v1/suggestions/{suggestion['id']}", token=person.token).json()
        assert (done["status"], done["recipes"]) == ("complete", [])
        assert "not_generated" in codes(done)
    assert repositories.quota_used(ana.id, today) == used - 2
    assert outcomes(leader) == {("unknown", "lost"): 2}
    again = asked(api, ben, "thịt dê", "củ đậu", recipe_count=2, max_minutes=78)
    assert len(finish(api, ben, again)["recipes"]) == 2


def test_a_run_that_was_killed_leaves_a_record_and_holds_no_budget_twice(api: Any, ben: Any, stub: ModelStub) -> None:
    suggestion = asked(api, ben, *UNCOMMON, recipe_count=2, **rarely(50))
    row = repositories.read(ben.id, suggestion["id"])
    assert row is not None
    month = generation_budget.month_of(row.created_at)
    before = budget.read(month)
    committed = int(before.committed) if before else 0
    # What a worker that was killed between holding and storing has left behind.
    ago = clock.now() - timedelta(minutes=1)
    budget.reserve(month, suggestion_id=suggestion["id"], user_id=ben.id, micro=12_345, most=10**12, since=ago)

    done = finish(api, ben, suggestion)

    after = budget.read(month)
    assert after is not None
    assert outcomes(done) == {("bedrock", "stored"): 2, ("unknown", "lost"): 2}
    assert int(after.committed) - committed == generation_budget.micro(done["stats"]["cost_usd"])


def test_of_two_deliveries_at_once_one_alone_asks_the_model(api: Any, ben: Any, stub: ModelStub) -> None:
    stub.script.default = model_stub.slow(0.5)
    suggestion = asked(api, ben, *UNCOMMON, recipe_count=2, **rarely(51))

    def deliver(_: int) -> bool:
        try:
            worker.generate(ben.id, suggestion["id"])
        except TransientFailure:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        ran = list(threads.map(deliver, range(4)))

    assert ran.count(True) == 1
    assert len(stub.requests) == 2
    assert outcomes(suggestion) == {("bedrock", "stored"): 2}


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
def test_a_setting_that_cannot_be_meant_changes_nothing(wanted: dict[str, Any]) -> None:
    before = configuration.current()

    with pytest.raises(configuration.InvalidSetting):
        configuration.change(**wanted)

    assert configuration.current() == before
    assert configuration.stored() == {}


def test_what_was_rejected_is_not_offered_again_until_it_is_accepted(api: Any, ana: Any, ben: Any) -> None:
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


def test_a_kept_answer_that_was_rejected_is_generated_anew(api: Any, ben: Any) -> None:
    names = ("thịt vịt", "cải thìa", "nấm mỡ", "trứng gà")
    first = finish(api, ben, asked(api, ben, *names, recipe_count=1, max_minutes=91))
    api.post(f"/v1/suggestions/{first['id']}/feedback", json={"accepted": False}, token=ben.token)

    second = finish(api, ben, asked(api, ben, *names, recipe_count=1, max_minutes=91))

    assert first["recipes"][0]["recipe"]["id"] != second["recipes"][0]["recipe"]["id"]


def test_the_figures_of_the_day_count_each_suggestion_once(api: Any, ana: Any, ben: Any, stub: ModelStub) -> None:
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
def test_nothing_that_was_typed_goes_over_the_wire(api: Any, ben: Any, stub: ModelStub, case: Any) -> None:
    wish = int(hashlib.sha256(case["id"].encode()).hexdigest(), 16) % 1_300
    answer = ask(api, ben, "thịt nai", "củ đậu", case["text"], recipe_count=1, cuisine="x", max_minutes=60 + wish)

    if answer.status_code == 202:
        finish(api, ben, answer.json())
    sent = b"\n".join(one.wire for one in stub.requests)
    assert (answer.status_code, bool(sent)) in {(202, True), (400, False)}
    assert case["marker"].lower() not in sent.decode("utf-8", "replace").lower()
    assert case["marker"].lower() not in sent.decode("unicode_escape", "replace").lower()


def test_a_model_that_hides_an_allergen_in_a_step_is_asked_again(api: Any, ben: Any, stub: ModelStub) -> None:
    prefer(api, ben, allergies=["peanuts"])
    steps = [{"text": "Xào chín.", "minutes": 5}, {"text": "Rắc đậu phộng rang giã dập lên trên rồi dọn ra."}]
    stub.then(model_stub.recipe(steps=steps))

    done = finish(api, ben, asked(api, ben, *UNCOMMON, recipe_count=1, **rarely(70)))

    assert outcomes(done) == {("bedrock", "unsafe"): 1, ("bedrock", "stored"): 1}
    assert "phộng" not in str(done["recipes"])


def test_a_task_that_is_delivered_twice_at_once_generates_once(api: Any, ben: Any, settings: Any) -> None:
    settings.AI_PROVIDERS, settings.OLLAMA_HOST = ["ollama", "rules"], "http://127.0.0.1:9"
    body = asked(api, ben, *UNCOMMON, recipe_count=2, **rarely(70))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: worker.generate(ben.id, body["id"]), range(4)))

    done = api.get(f"/v1/suggestions/{body['id']}", token=ben.token).json()
    assert done["status"] == "complete"
    assert len({one["recipe"]["id"] for one in done["recipes"]}) == len(done["recipes"]) == 2
    assert outcomes(done)["rules", "stored"] == 2
    assert repositories.quota_used(ben.id, clock.now().date()) == 2
