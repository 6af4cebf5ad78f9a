"""Plans of the tests, and a catalogue that they can choose from."""

from typing import Any

from tests.support import recipes


def dish(api: Any, owner: Any, title: str, method: str, meal: str, *lines: Any, **changes: Any) -> str:
    """Create and publish a recipe of these ingredients (name, quantity, unit) for two people."""
    ingredients = [{"name": name, "quantity": quantity, "unit": unit} for name, quantity, unit in lines]
    made = recipes.create(
        api, owner, title=title, method=method, meal=meal, ingredients=ingredients,
        **{"prep_minutes": 10, "cook_minutes": 10, "servings": 2, **changes},
    )  # fmt: skip
    recipes.publish(made["id"])
    return str(made["id"])


def plan(api: Any, person: Any, **asked: Any) -> dict[str, Any]:
    body = {"start": "2027-03-01", "days": 3, "meals": ["lunch", "dinner"], "servings": 2, **asked}
    answer = api.post("/v1/plans", json=body, token=person.token)
    assert answer.status_code == 201, answer.content
    return answer.json()
