"""Recipes for tests."""

from typing import Any

from apps.core import ids
from tests.support.client import Verbs
from tests.support.people import Person


def body(title: str | None = None, **changes: Any) -> dict[str, Any]:
    """Return a small valid recipe to POST: beef with tomato and onion."""
    return {
        "title": title or f"Bò xào cà chua {ids.new_id()[-8:]}",
        "description": "Món xào nhanh cho bữa tối.",
        "cuisine": "vietnamese",
        "method": "stir_fry",
        "meal": "dinner",
        "difficulty": "easy",
        "prep_minutes": 10,
        "cook_minutes": 10,
        "servings": 2,
        "ingredients": [
            {"name": "thịt bò", "quantity": 300, "unit": "g"},
            {"name": "cà chua", "quantity": 2, "unit": "piece"},
            {"name": "hành tây", "quantity": 1, "unit": "piece", "preparation": "thái múi"},
        ],
        "steps": [
            {"text": "Xào thịt bò trên lửa lớn.", "minutes": 3},
            {"text": "Cho cà chua và hành tây vào đảo chín."},
        ],
        "tags": ["nhanh"],
        **changes,
    }


def create(api: Verbs, person: Person, **changes: Any) -> dict[str, Any]:
    """Create a recipe over HTTP and return it."""
    answer = api.post("/v1/recipes", json=body(**changes), token=person.token)
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def publish(recipe_id: str, *, by_ratings: bool = False) -> None:
    """Approve a recipe as a moderator would, or as ratings do, so that it joins the catalogue."""
    from apps.core.transactions import Transaction  # noqa: PLC0415
    from apps.recipes import catalogue, repositories  # noqa: PLC0415
    from apps.recipes.content import Approval  # noqa: PLC0415

    stored = repositories.find_recipe(recipe_id)
    assert stored is not None
    stored.state.approval, stored.state.approved_by_ratings = Approval.APPROVED.value, by_ratings
    repositories.dequeue_from_review(stored.state)
    transaction = Transaction()
    repositories.save_state(transaction, stored.state)
    transaction.commit()
    catalogue.live().refresh()


def publish_on(server: Any, owner: Person, **changes: Any) -> str:
    """Create and publish a recipe, and wait until a server's catalogue has it; it polls every two seconds."""
    from tests.support import processes  # noqa: PLC0415

    recipe_id: str = create(server.api, owner, **changes)["id"]
    publish(recipe_id)
    processes.until(lambda: server.api.get(f"/r/{recipe_id}").status_code == 200, server)
    return recipe_id
