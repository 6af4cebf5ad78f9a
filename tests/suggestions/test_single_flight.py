"""One generation serves equal requests, and survives killed workers and repeated messages."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock
from apps.core.tasks import TransientFailure
from apps.suggestions import repositories
from apps.suggestions.generation import budget as generation_budget
from apps.suggestions.generation import worker
from apps.suggestions.repositories import budget
from tests.support import model_stub
from tests.support.generation import UNCOMMON, codes, outcomes, rarely, records_of
from tests.support.generation import fresh as fresh  # noqa: PLC0414  a fixture
from tests.support.generation import stub as stub  # noqa: PLC0414  a fixture
from tests.support.model_stub import ModelStub
from tests.support.processes import until
from tests.support.suggestions import ask, asked, finish

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded", "fresh")]


def test_twenty_identical_requests_cause_one_generation(
    ana: Any, ben: Any, cyd: Any, server: Any, api: Any, person: Any
) -> None:
    today = clock.now().date()
    people, somebody = [ana, ben, cyd], person()
    before = {one.id: repositories.quota_used(one.id, today) for one in people}

    def one(number: int) -> tuple[Any, Any]:
        one = people[number % 3]
        return one, asked(server.api, one, "thịt nai", "củ đậu", "nấm hương", recipe_count=2, max_minutes=77)

    # The server may still cache the quota that an earlier test has set.
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


def test_followers_of_a_generation_that_dies_are_completed(api: Any, ana: Any, ben: Any, stub: ModelStub) -> None:
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


def test_a_killed_run_leaves_a_record_and_reserves_no_budget_twice(api: Any, ben: Any, stub: ModelStub) -> None:
    suggestion = asked(api, ben, *UNCOMMON, recipe_count=2, **rarely(50))
    row = repositories.read(ben.id, suggestion["id"])
    assert row is not None
    month = generation_budget.month_of(row.created_at)
    before = budget.read(month)
    committed = int(before.committed) if before else 0
    # The rows that a worker leaves behind if it is killed between reserving budget and storing recipes.
    ago = clock.now() - timedelta(minutes=1)
    budget.reserve(month, suggestion_id=suggestion["id"], user_id=ben.id, micro=12_345, most=10**12, since=ago)

    done = finish(api, ben, suggestion)

    after = budget.read(month)
    assert after is not None
    assert outcomes(done) == {("bedrock", "stored"): 2, ("unknown", "lost"): 2}
    assert int(after.committed) - committed == generation_budget.micro(done["stats"]["cost_usd"])


def test_of_two_concurrent_deliveries_only_one_asks_the_model(api: Any, ben: Any, stub: ModelStub) -> None:
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


def test_a_task_delivered_twice_at_once_generates_once(api: Any, ben: Any, settings: Any) -> None:
    settings.AI_PROVIDERS, settings.OLLAMA_HOST = ["ollama", "rules"], "http://127.0.0.1:9"
    body = asked(api, ben, *UNCOMMON, recipe_count=2, **rarely(70))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: worker.generate(ben.id, body["id"]), range(4)))

    done = api.get(f"/v1/suggestions/{body['id']}", token=ben.token).json()
    assert done["status"] == "complete"
    assert len({one["recipe"]["id"] for one in done["recipes"]}) == len(done["recipes"]) == 2
    assert outcomes(done)["rules", "stored"] == 2
    assert repositories.quota_used(ben.id, clock.now().date()) == 2
