"""Ask for suggestions over HTTP, wait for them as clients do, and give them recipes to find."""

import time
from typing import Any

from apps.suggestions.generation import worker
from tests.support import recipes
from tests.support.client import Answer, Verbs
from tests.support.people import Person

_PATIENCE = 200.0


def wait_for(api: Verbs, person: Person, suggestion_id: str) -> Answer:
    """Return the complete answer; while the worker starts, that takes several requests."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        answer = api.get(f"/v1/suggestions/{suggestion_id}?wait=10", token=person.token)
        if answer.status_code != 202 or time.monotonic() > deadline:
            return answer


def ask(api: Verbs, person: Person, *names: str, **more: Any) -> Answer:
    return api.post("/v1/suggestions", json={"ingredients": list(names), **more}, token=person.token)


def asked(api: Verbs, person: Person, *names: str, **more: Any) -> Any:
    answer = ask(api, person, *names, **more)
    assert answer.status_code in {200, 202}, answer.content
    return answer.json()


def finish(api: Verbs, person: Person, suggestion: Any) -> Any:
    """Do the worker's work here, and return the suggestion as it stands then."""
    worker.generate(person.id, suggestion["id"])
    return api.get(f"/v1/suggestions/{suggestion['id']}", token=person.token).json()


def prefer(api: Verbs, person: Person, **preferences: Any) -> None:
    answer = api.put("/v1/users/me/preferences", json=preferences, token=person.token)
    assert answer.status_code == 200, answer.content


def published(api: Verbs, person: Person, *names: str, **more: Any) -> Any:
    recipe = recipes.create(api, person, ingredients=[{"name": name} for name in names], **more)
    assert recipe["allergens_complete"], recipe["ingredients"]
    recipes.publish(recipe["id"])
    return recipe
