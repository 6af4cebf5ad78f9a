"""Several processes, killed and disconnected: nothing is lost or doubled, and withdrawn content is not shown."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.core import change_feed, clock, keys, outbox
from apps.core.models import Item
from apps.suggestions import repositories
from smartcooking.contract import queues
from tests.support import processes as start
from tests.support import recipes
from tests.support.processes import quieten, until
from tests.support.proxy import Cuttable

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded")]
PROMISED_SECONDS = 5.0
# With a model configured, a worker fills the gaps of the catalogue; its first provider is the rules.
ASKS_A_MODEL: dict[str, Any] = {"AI_PROVIDERS": "rules,bedrock"}


@pytest.fixture(scope="module")
def second(processes: Path, seeded: None) -> Iterator[Any]:
    """Another API process on the same table."""
    running = start.gunicorn(processes)
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def _quiet_queue() -> None:
    """Empty the queue of other tests' messages, and let messages of killed workers return soon."""
    quieten(queues.AI, visible_after=10)


@pytest.fixture
def proxy() -> Iterator[Cuttable]:
    """A proxy to the local AWS that can be disconnected."""
    way = Cuttable(settings.AWS_ENDPOINT_URL)
    yield way
    way.close()


@pytest.fixture
def table() -> Iterator[Cuttable]:
    """A proxy to the local DynamoDB that can be disconnected."""
    way = Cuttable(settings.DYNAMODB_ENDPOINT_URL)
    yield way
    way.close()


def status(api: Any, recipe_id: str, person: Any) -> int:
    code: int = api.get(f"/v1/recipes/{recipe_id}", token=person.token).status_code
    return code


def finds(api: Any, word: str, person: Any) -> list[str]:
    return [one["id"] for one in api.get(f"/v1/recipes?q={word}", token=person.token).json()["items"]]


def is_found(api: Any, word: str, person: Any, recipe_id: str) -> bool:
    return finds(api, word, person) == [recipe_id]


def state_of(person: Any, suggestion_id: str) -> str:
    row = repositories.read(person.id, suggestion_id)
    assert row is not None
    return str(row.status)


def ask(api: Any, person: Any, *names: str) -> Any:
    return api.post("/v1/suggestions", json={"ingredients": list(names), "recipe_count": 3}, token=person.token)


def started(worker: Any, suggestion_id: str) -> bool:
    lines = worker.output().splitlines()
    return any("generation_started" in line and suggestion_id in line for line in lines)


def waiting_messages() -> int:
    return sum(len(list(Item.query(keys.outbox(shard, "-").pk))) for shard in range(outbox.SHARDS))


def test_processes_look_for_changes_twice_within_the_promised_time() -> None:
    assert 2 * change_feed.INTERVAL < PROMISED_SECONDS


def test_what_is_approved_edited_or_deleted_in_one_process_is_so_in_the_other(
    server: Any, second: Any, ana: Any, ben: Any
) -> None:
    recipe = recipes.create(server.api, ana, title="Món quipzeltron")
    recipes.publish(recipe["id"])

    for api in (server.api, second.api):
        until(partial(is_found, api, "quipzeltron", ben, recipe["id"]))
    server.api.patch(f"/v1/recipes/{recipe['id']}", json={"meal": "dessert"}, token=ana.token)
    until(lambda: finds(second.api, "quipzeltron&meal=dessert", ben) == [recipe["id"]])
    server.api.delete(f"/v1/recipes/{recipe['id']}", token=ana.token)
    until(lambda: status(second.api, recipe["id"], ben) == 404)
    for _ in range(10):
        assert status(second.api, recipe["id"], ben) == 404
        assert finds(second.api, "quipzeltron", ben) == []


def test_a_worker_killed_in_a_generation_leaves_it_to_the_next_which_pays_once(ben: Any, processes: Path) -> None:
    server = start.gunicorn(processes, **ASKS_A_MODEL)
    way = Cuttable(settings.DYNAMODB_ENDPOINT_URL, delay=0.15)
    doomed = start.worker(processes, queues.AI, DYNAMODB_ENDPOINT_URL=way.url, **ASKS_A_MODEL)
    body = ask(server.api, ben, "thịt nai", "khoai lang").json()
    until(lambda: started(doomed, body["id"]), doomed)
    doomed.kill()
    way.close()
    assert state_of(ben, body["id"]) == "generating"

    heir = start.worker(processes, queues.AI, **ASKS_A_MODEL)
    until(lambda: state_of(ben, body["id"]) == "complete", heir)
    heir.stop()

    done = server.api.get(f"/v1/suggestions/{body['id']}", token=ben.token).json()
    server.stop()
    assert len({one["recipe"]["id"] for one in done["recipes"]}) == len(done["recipes"]) >= 1
    today = clock.now().date()
    outcomes = [one.outcome for one in repositories.records(today) if one.suggestion_id == body["id"]]
    made = [one for one in done["recipes"] if one["source"] != "catalogue"]
    assert outcomes.count("stored") == len(made) >= 1
    assert len(made) <= repositories.quota_used(ben.id, today) <= 3


def test_an_api_process_killed_and_started_again_has_everything(ana: Any, processes: Path) -> None:
    first = start.gunicorn(processes)
    recipe = recipes.create(first.api, ana)
    first.kill()

    again = start.gunicorn(processes)
    assert status(again.api, recipe["id"], ana) == 200
    again.stop()


def test_while_aws_is_away_callers_are_told_to_come_again_and_then_all_is_well(
    ana: Any, processes: Path, proxy: Cuttable, table: Cuttable
) -> None:
    running = start.gunicorn(processes, AWS_ENDPOINT_URL=proxy.url, DYNAMODB_ENDPOINT_URL=table.url)
    recipe = recipes.create(running.api, ana)
    for way in (proxy, table):
        way.cut()

    answer = running.api.get(f"/v1/recipes/{recipe['id']}", token=ana.token)
    written = running.api.post("/v1/recipes", json=recipes.body(), token=ana.token)
    health = running.api.get("/health")

    for refused in (answer, written):
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert int(refused.headers["Retry-After"]) >= 1
    assert (health.status_code, health.json()["services"]["database"]) == (503, "down")
    assert running.api.get("/livez").status_code == 200
    assert running.api.get("/v1/recipes", token=ana.token).status_code == 200
    for way in (proxy, table):
        way.mend()
    until(lambda: status(running.api, recipe["id"], ana) == 200)
    assert running.api.get("/health").json()["status"] in {"ok", "degraded"}
    running.stop()


def test_while_the_queue_is_away_requests_succeed_and_the_work_is_done_later(
    ben: Any, processes: Path, proxy: Cuttable
) -> None:
    running = start.gunicorn(processes, AWS_ENDPOINT_URL=proxy.url, **ASKS_A_MODEL)
    proxy.refused = b"AmazonSQS"

    answer = ask(running.api, ben, "thịt cừu", "khoai mì")

    assert answer.status_code == 202
    until(lambda: "outbox_not_sent" in running.output(), running)
    assert waiting_messages() >= 1
    proxy.refused = None
    until(lambda: outbox.sweep(older_than=clock.now() - clock.now()) >= 1)
    worker = start.worker(processes, queues.AI, **ASKS_A_MODEL)
    until(lambda: state_of(ben, answer.json()["id"]) == "complete", worker)
    worker.stop()
    running.stop()


@pytest.mark.parametrize("connections", [64])
def test_many_connections_at_once_are_all_served(server: Any, ana: Any, connections: int) -> None:
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    with ThreadPoolExecutor(connections) as threads:
        answers = list(threads.map(lambda _: server.api.get("/v1/recipes?limit=5", token=ana.token), range(512)))

    assert {answer.status_code for answer in answers} == {200}
