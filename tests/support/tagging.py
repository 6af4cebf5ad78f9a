"""Tagging in tests: bring recipes without tags, correct tags, read records."""

from itertools import islice
from random import Random
from typing import Any

from apps.core import clock, ids
from apps.ingredients import services as ingredients
from apps.suggestions import repositories as suggestions
from apps.suggestions.repositories import budget as reservations
from tests.support import model_stub, tasks
from tests.support.model_stub import Behaviour


def labels(**found: float) -> Behaviour:
    return model_stub.recipe({"tags": [{"name": name, "confidence": sure} for name, sure in found.items()]})


def foods(seed: str) -> list[str]:
    """Return a combination of ingredients that no other recipe has, so that no cached answer matches."""
    vegetables = sorted(one.vi for one in ingredients.master_list().values() if one.category == "vegetable")
    exact = (name for name in Random(seed).sample(vegetables, 60) if ingredients.resolve(name))
    return list(islice(exact, 8))


def bring(api: Any, person: Any, messages: list[Any], *, title: str | None = None, seed: str | None = None) -> str:
    """Import and accept a recipe whose text gives rules no tags; its tagging is left to the caller."""
    title = title or f"Món {ids.new_id()[-6:]}"
    lines = "\n".join(f"- 100 g {name}" for name in foods(seed or ids.new_id()))
    text = f"{title}\nNguyên liệu:\n{lines}\nCách làm:\n1. Làm chín tất cả.\n2. Dọn ra."
    asked = api.post("/v1/imports", json={"text": text}, token=person.token)
    assert asked.status_code == 202, asked.content
    tasks.run_all(messages)
    path = f"/v1/imports/{asked.json()['id']}"
    draft = api.get(path, token=person.token).json()["recipes"][0]
    made = api.post(f"{path}/accept", json={"recipes": [{"draft_id": draft["draft_id"]}]}, token=person.token)
    assert made.status_code in {200, 201}, made.content
    return str(made.json()["recipes"][0]["id"])


def of(api: Any, person: Any, recipe_id: str) -> dict[str, tuple[str, float]]:
    answer = api.get(f"/v1/recipes/{recipe_id}/tags", token=person.token)
    assert answer.status_code == 200, answer.content
    return {tag["name"]: (tag["by"], tag["confidence"]) for tag in answer.json()["tags"]}


def correct(api: Any, person: Any, recipe_id: str, *names: str) -> None:
    answer = api.put(f"/v1/recipes/{recipe_id}/tags", json={"tags": list(names)}, token=person.token)
    assert answer.status_code == 200, answer.content


def records_of(person: Any) -> list[Any]:
    return [one for one in suggestions.records(clock.now().date()) if one.user_id == person.id]


def held_by(person: Any) -> list[Any]:
    return [one for one in reservations.reservations(f"{clock.now():%Y-%m}") if one.user_id == person.id]
