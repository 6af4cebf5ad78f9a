"""From an unknown name to a suggestion with it: reported by five people, mapped by a moderator."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support import moderators
from tests.support.processes import until

pytestmark = pytest.mark.usefixtures("seeded")

NAME = "trái mây chiều"


def test_a_name_that_five_people_report_is_suggested_with_once_it_is_mapped(
    server: Any, worker: Any, person: Callable[..., Any]
) -> None:
    api, mod = server.api, moderators.make()
    people = [person() for _ in range(5)]
    for one in people:
        found = api.post("/v1/ingredients/validate", json={"ingredients": [NAME]}, token=one.token).json()
        assert found["results"][0]["status"] != "exact"
    entry = next(one for one in queue(api, mod) if one["title"] == NAME)
    tomato = api.post("/v1/ingredients/validate", json={"ingredients": ["cà chua"]}, token=people[0].token).json()
    tomato_id = tomato["results"][0]["ingredient"]["id"]

    mapped = api.post(
        f"/v1/moderation/names/{entry['id']}/map",
        json={"ingredient_id": tomato_id, "language": "vi"}, token=mod.token,
    )  # fmt: skip

    assert mapped.status_code == 200, mapped.content
    until(lambda: is_known(api, people[0], tomato_id), server)
    body = {"ingredients": [NAME, "thịt bò", "hành tây"], "recipe_count": 5}
    asked = api.post("/v1/suggestions", json=body, token=people[0].token).json()
    answer = api.get(f"/v1/suggestions/{asked['id']}?wait=10", token=people[0].token).json()
    assert [one for one in answer["warnings"] if NAME in str(one)] == []
    had = {
        entry["id"] if isinstance(entry, dict) else entry for one in answer["recipes"] for entry in one["match"]["have"]
    }
    assert tomato_id in had or "cà chua" in str(answer["recipes"])


def queue(api: Any, mod: Any) -> list[Any]:
    found: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api.get(f"/v1/moderation/queues/names?limit=100{cursor}", token=mod.token).json()
        found += page["items"]
        cursor = f"&cursor={page['next']}" if page["next"] else None
    return found


def is_known(api: Any, person: Any, ingredient_id: str) -> bool:
    answer = api.post("/v1/ingredients/validate", json={"ingredients": [NAME]}, token=person.token).json()
    known = answer["results"][0]["ingredient"]
    return known is not None and known["id"] == ingredient_id
