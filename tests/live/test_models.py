"""The whole service with a model: real workers, killed at every point of a generation."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from apps.core import clock
from apps.suggestions import repositories
from apps.suggestions.generation import budget as generation_budget
from apps.suggestions.repositories import breakers, budget
from smartcooking.contract import queues
from tests.support import bedrock_stub, model_stub, ollama_stub
from tests.support import processes as start
from tests.support.model_stub import ModelStub
from tests.support.processes import quieten, until
from tests.support.suggestions import wait_for

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded")]


@pytest.fixture(scope="module")
def server(processes: Path, seeded: None) -> Iterator[Any]:
    """A gunicorn whose gaps are filled by a model."""
    running = start.gunicorn(processes, AI_PROVIDERS="bedrock,rules")
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def _quiet_queue() -> None:
    """Empty the queue of other tests' messages, and let messages of killed workers return soon."""
    breakers.reset("bedrock")
    quieten(queues.AI, visible_after=10)


@pytest.fixture
def stub() -> Iterator[ModelStub]:
    with bedrock_stub.start() as running:
        yield running


def ask(api: Any, person: Any, minutes: int, count: int = 2) -> Any:
    wanted = {"ingredients": ["thịt nai", "khoai môn"], "recipe_count": count, "max_minutes": minutes}
    answer = api.post("/v1/suggestions", json=wanted, token=person.token)
    assert answer.status_code == 202, answer.content
    return answer.json()


def is_complete(person: Any, suggestion: Any) -> bool:
    row = repositories.read(person.id, suggestion["id"])
    return row is not None and row.status == "complete"


def worker_with(stub: ModelStub, processes: Path, **env: Any) -> Any:
    return start.worker(processes, queues.AI, AI_PROVIDERS="bedrock,rules", AI_BEDROCK_ENDPOINT=stub.url, **env)


@pytest.mark.parametrize("after", [0.05, 0.8, 1.25])
def test_killed_at_any_point_it_is_finished_and_charged_once(
    after: float, server: Any, person: Any, processes: Path, stub: ModelStub
) -> None:
    """The first response takes 0.3 s and the second 1.2 s: in between, only one recipe is stored."""
    ben = person()
    month = generation_budget.month_of(clock.now())
    row = budget.read(month)
    before = int(row.committed) if row else 0
    stub.then(model_stub.slow(0.3), model_stub.slow(1.2))
    doomed = worker_with(stub, processes)
    suggestion = ask(server.api, ben, 100 + round(after * 100))
    until(lambda: len(stub.requests) == 2, doomed)
    time.sleep(after)
    doomed.kill()

    heir = worker_with(stub, processes)
    until(lambda: is_complete(ben, suggestion), heir)
    until(lambda: budget.held_by(month, suggestion["id"]) is None, heir)
    heir.stop()

    done = server.api.get(f"/v1/suggestions/{suggestion['id']}", token=ben.token).json()
    assert [one["source"] for one in done["recipes"]] == ["ai", "ai"]
    assert len({one["recipe"]["id"] for one in done["recipes"]}) == 2
    today = clock.now().date()
    records = [one for one in repositories.records(today) if one.suggestion_id == suggestion["id"]]
    assert [one.outcome for one in records if one.outcome != "lost"] == ["stored", "stored"]
    assert repositories.quota_used(ben.id, today) == 2
    settled = budget.read(month)
    assert settled is not None
    assert int(settled.committed) - before == generation_budget.micro(done["stats"]["cost_usd"])


def test_what_a_worker_loads_first_takes_nothing_of_the_time_to_generate(
    server: Any, person: Any, processes: Path
) -> None:
    """Half a second is enough for rules, but not for loading the master list and templates."""
    ben = person()
    cold = start.worker(processes, queues.AI, is_cold=True, AI_PROVIDERS="rules", AI_DEADLINE="0.5")
    suggestion = ask(server.api, ben, 87, count=1)
    until(lambda: is_complete(ben, suggestion), cold)
    cold.stop()

    done = server.api.get(f"/v1/suggestions/{suggestion['id']}", token=ben.token).json()
    assert [one["source"] for one in done["recipes"]] == ["rules"]


def test_twenty_who_ask_the_same_wait_for_one_generation(
    server: Any, person: Any, processes: Path, stub: ModelStub
) -> None:
    # As long as in production: a redelivery during the work would count as a killed run.
    quieten(queues.AI)
    people = [person() for _ in range(4)]
    stub.script.default = model_stub.slow(1.0)
    running = worker_with(stub, processes)

    with ThreadPoolExecutor(20) as threads:
        asked = list(
            threads.map(lambda number: (people[number % 4], ask(server.api, people[number % 4], 90)), range(20))
        )
    for one, suggestion in asked:
        until(partial(is_complete, one, suggestion), running)
    running.stop()

    assert len(stub.requests) == 2
    rows = [repositories.read(one.id, suggestion["id"]) for one, suggestion in asked]
    assert len({tuple(sorted(entry["recipe_id"] for entry in row.recipes)) for row in rows if row}) == 1


def test_breakers_are_shared_by_workers(server: Any, person: Any, processes: Path, stub: ModelStub) -> None:
    quieten(queues.AI)
    ben = person()
    stub.script.default = model_stub.error(503, "ServiceUnavailableException", "down")
    workers = [worker_with(stub, processes, AI_BREAKER_SECONDS="600") for _ in range(2)]

    for number in range(6):
        suggestion = ask(server.api, ben, 200 + number, count=1)
        until(partial(is_complete, ben, suggestion), workers[0])
    for one in workers:
        one.stop()

    assert len(stub.requests) == 3


def test_ollama_answers_through_the_whole_service(server: Any, person: Any, processes: Path) -> None:
    ben = person()
    with ollama_stub.start() as stub:
        running = start.worker(processes, queues.AI, AI_PROVIDERS="ollama", OLLAMA_HOST=stub.url)
        suggestion = ask(server.api, ben, 300)
        until(lambda: is_complete(ben, suggestion), running)
        running.stop()

    done = server.api.get(f"/v1/suggestions/{suggestion['id']}", token=ben.token).json()
    assert [one["source"] for one in done["recipes"]] == ["ai", "ai"]
    assert done["stats"]["cost_usd"] == 0


def test_waiting_returns_when_the_model_has_answered(
    server: Any, person: Any, processes: Path, stub: ModelStub
) -> None:
    ben = person()
    stub.script.default = model_stub.slow(1.0)
    running = worker_with(stub, processes)
    suggestion = ask(server.api, ben, 310)
    answers: list[Any] = []

    def wait() -> None:
        answers.append(wait_for(server.api, ben, suggestion["id"]))

    waiting = [threading.Thread(target=wait) for _ in range(3)]
    for thread in waiting:
        thread.start()
    for thread in waiting:
        thread.join()
    running.stop()

    assert [one.status_code for one in answers] == [200] * 3
    assert all(len(one.json()["recipes"]) == 2 for one in answers)
