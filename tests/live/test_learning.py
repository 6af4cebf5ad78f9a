"""Well-rated generated recipes join the catalogue and answer later requests: over HTTP, with gunicorn and a worker."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.suggestions.repositories import breakers
from smartcooking.contract.queues import QUEUES
from tests.support import bedrock_stub
from tests.support import processes as start
from tests.support.suggestions import wait_for

pytestmark = [pytest.mark.usefixtures("worker")]

# Rules are tried first; the worker and its model make the rest.
ASKS_A_MODEL: dict[str, Any] = {"AI_PROVIDERS": "rules,bedrock"}


@pytest.fixture(autouse=True)
def _closed_breaker() -> None:
    """Other tests have models that are away."""
    breakers.reset("bedrock")


@pytest.fixture(scope="module")
def server(processes: Path, seeded: None) -> Iterator[Any]:
    running = start.gunicorn(processes, **ASKS_A_MODEL)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def worker(processes: Path, seeded: None) -> Iterator[Any]:
    start.quieten(*QUEUES)
    with bedrock_stub.start() as stub:
        running = start.worker(processes, AI_BEDROCK_ENDPOINT=stub.url, **ASKS_A_MODEL)
        yield running
        running.stop()


def cook_and_rate(api: Any, person: Any, recipe_id: str, stars: int) -> None:
    session = api.post("/v1/cooking/sessions", json={"recipe_id": recipe_id}, token=person.token).json()
    answer = api.post(f"/v1/cooking/sessions/{session['id']}/complete", json={"stars": stars}, token=person.token)
    assert answer.status_code == 200, answer.content


def suggest(api: Any, person: Any, names: list[str], count: int = 1) -> Any:
    answer = api.post("/v1/suggestions", json={"ingredients": names, "recipe_count": count}, token=person.token)
    assert answer.status_code in {200, 202}, answer.content
    body = answer.json()
    if body["status"] == "generating":
        body = wait_for(api, person, body["id"]).json()
    assert body["status"] == "complete"
    return body


def test_a_generated_recipe_that_three_people_cook_and_rate_well_is_suggested_to_a_fourth(
    server: Any, person: Any
) -> None:
    api = server.api
    names = ["thịt dê", "củ sen", "nấm hương"]
    cooks = [person() for _ in range(3)]

    recipe_ids = {suggest(api, cook, names)["recipes"][0]["recipe"]["id"] for cook in cooks}
    assert len(recipe_ids) == 1
    recipe_id = recipe_ids.pop()
    for cook, stars in zip(cooks, (5, 4, 4), strict=True):
        cook_and_rate(api, cook, recipe_id, stars)

    fourth = person()
    offered = suggest(api, fourth, names)
    assert [(one["source"], one["recipe"]["id"]) for one in offered["recipes"]] == [("catalogue", recipe_id)]
    recipe = api.get(f"/v1/recipes/{recipe_id}", token=fourth.token).json()
    assert (recipe["approval"], recipe["cook_count"], recipe["rating"]) == (
        "approved",
        3,
        {"average": 4.33, "count": 3},
    )
    found = api.get(f"/v1/recipes?q={recipe['title'].replace(' ', '%20')}", token=fourth.token).json()
    assert recipe_id in [one["id"] for one in found["items"]]


def test_waiting_returns_what_the_worker_has_made(server: Any, person: Any) -> None:
    body = suggest(server.api, person(), ["thịt ngỗng", "su hào", "gừng"], count=3)

    assert len(body["recipes"]) == 3
    assert {one["source"] for one in body["recipes"]} <= {"ai", "rules", "catalogue"}
