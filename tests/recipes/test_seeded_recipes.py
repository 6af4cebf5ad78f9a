"""Everybody can read seeded recipes, and nobody can change them."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.core import ids
from apps.recipes import seeds
from tests.support import catalogues, moderators, recipes
from tests.support.client import Answer

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.fixture
def seeded_recipe() -> Iterator[str]:
    recipe_id, content = next(iter(seeds.load_file(seeds.DATA / "vi" / "tet.yaml").items()))
    seeds.put_recipes({recipe_id: content})
    with catalogues.shown(catalogues.entries_of([recipe_id])):
        yield recipe_id


def whole(api: Any, person: Any, recipe_id: str) -> Answer:
    answer: Answer = api.get(f"/v1/recipes/{recipe_id}", token=person.token)
    assert answer.status_code == 200, answer.content
    return answer


def attempts(api: Any, token: str, recipe_id: str) -> dict[str, Any]:
    """Try every request that changes a recipe; return the responses without the request's id."""
    path = f"/v1/recipes/{recipe_id}"
    answers = {
        "edit": api.patch(path, json={"title": "Của tôi"}, token=token),
        "delete": api.delete(path, token=token),
        "undo": api.delete(f"{path}/edition", token=token),
    }
    return {
        how: {name: value for name, value in answer.json().items() if name != "request_id"} | {"is": answer.status_code}
        for how, answer in answers.items()
    }


def test_nobody_edits_or_deletes_a_seeded_recipe_and_it_stays_as_it_was(api: Any, ana: Any, seeded_recipe: str) -> None:
    before = whole(api, ana, seeded_recipe)

    for token in (ana.token, moderators.make().token):
        said = attempts(api, token, seeded_recipe)
        assert {one["is"] for one in said.values()} == {404}

    after = whole(api, ana, seeded_recipe)
    assert (after.json(), after.headers["ETag"]) == (before.json(), before.headers["ETag"])


def test_the_refusal_is_the_same_for_absent_private_and_shown_recipes_and_true_of_all(
    api: Any, ana: Any, ben: Any, seeded_recipe: str
) -> None:
    private = recipes.create(api, ben)["id"]
    refusals = [attempts(api, ana.token, one) for one in (seeded_recipe, private, ids.new_id())]

    assert refusals[0] == refusals[1] == refusals[2]
    assert refusals[0]["edit"]["code"] == refusals[0]["delete"]["code"] == "recipe_not_found"
    # The response to somebody who has just read it must not claim that it doesn't exist.
    assert refusals[0]["edit"]["detail"] == "None of your recipes has this id"


def test_a_seeded_recipe_can_be_rated_kept_and_cooked_by_all(api: Any, ana: Any, seeded_recipe: str) -> None:
    path = f"/v1/recipes/{seeded_recipe}"

    assert api.put(f"{path}/rating", json={"stars": 5}, token=ana.token).status_code in {200, 201}
    assert api.put(f"{path}/favorite", token=ana.token).status_code == 204
    assert api.post("/v1/cooking/sessions", json={"recipe_id": seeded_recipe}, token=ana.token).status_code == 201
