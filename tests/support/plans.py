"""Meal plans for tests, and recipes that they can choose from."""

from typing import Any

from tests.support import recipes
from tests.support.client import Verbs
from tests.support.people import Person


def dish(api: Verbs, owner: Person, title: str, method: str, meal: str, *lines: Any, **changes: Any) -> str:
    """Create and publish a recipe with these ingredients (name, quantity, unit) for two people."""
    ingredients = [{"name": name, "quantity": quantity, "unit": unit} for name, quantity, unit in lines]
    made = recipes.create(
        api, owner, title=title, method=method, meal=meal, ingredients=ingredients,
        **{"prep_minutes": 10, "cook_minutes": 10, "servings": 2, **changes},
    )  # fmt: skip
    recipes.publish(made["id"])
    return str(made["id"])


def plan(api: Verbs, person: Person, **asked: Any) -> dict[str, Any]:
    body = {"start": "2027-03-01", "days": 3, "meals": ["lunch", "dinner"], "servings": 2, **asked}
    answer = api.post("/v1/plans", json=body, token=person.token)
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def read(api: Verbs, person: Person, plan_id: str) -> dict[str, Any]:
    answer = api.get(f"/v1/plans/{plan_id}", token=person.token)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found
