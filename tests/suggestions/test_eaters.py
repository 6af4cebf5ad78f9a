"""Suggestions for several eaters: everybody's allergies apply, and nobody learns whose they are."""

from typing import Any

import pytest

from tests.support import households

pytestmark = pytest.mark.usefixtures("authored")


def ask(api: Any, person: Any, **more: Any) -> Any:
    body = {"ingredients": ["thịt bò", "cà chua", "trứng gà", "hành tây", "tôm"], "recipe_count": 5, **more}
    return api.post("/v1/suggestions", json=body, token=person.token)


def allergens(answer: Any) -> set[str]:
    return {one for entry in answer.json()["recipes"] for one in entry["recipe"]["allergens"]}


def test_recipes_are_safe_for_every_eater(api: Any, ana: Any, ben: Any) -> None:
    preferences = {"allergies": ["crustaceans", "eggs", "fish"]}
    assert api.put("/v1/users/me/preferences", json=preferences, token=ben.token).status_code == 200
    households.found(api, ana, ben)

    alone, together = ask(api, ana), ask(api, ana, eaters=[ben.id])

    assert allergens(alone) & {"crustaceans", "eggs", "fish"}
    assert together.status_code in {200, 202}
    assert together.json()["recipes"]
    assert not allergens(together) & {"crustaceans", "eggs", "fish"}
    assert ben.id not in str(together.json())
    assert ben.username not in str(together.json())


def test_an_allergy_that_an_eater_adds_later_hides_recipes(api: Any, ana: Any, ben: Any) -> None:
    households.found(api, ana, ben)
    asked = ask(api, ana, eaters=[ben.id])
    assert allergens(asked) & {"crustaceans", "eggs", "fish"}

    preferences = {"allergies": ["crustaceans", "eggs", "fish"]}
    assert api.put("/v1/users/me/preferences", json=preferences, token=ben.token).status_code == 200

    again = api.get(f"/v1/suggestions/{asked.json()['id']}", token=ana.token)
    assert not allergens(again) & {"crustaceans", "eggs", "fish"}
    assert api.delete(f"/v1/household/members/{ben.id}", token=ben.token).status_code == 204
    assert api.get(f"/v1/suggestions/{asked.json()['id']}", token=ana.token).status_code in {200, 202}


def test_only_household_members_can_be_eaters(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    households.found(api, ana, ben)

    answer = ask(api, ana, eaters=[cyd.id])

    assert (answer.status_code, answer.json()["code"]) == (400, "not_in_household")
    assert ask(api, ana, eaters=["x"]).status_code == 400


def test_the_pantry_of_the_household_counts_as_at_hand(api: Any, ana: Any, ben: Any) -> None:
    from apps.ingredients import services as ingredients  # noqa: PLC0415

    households.found(api, ana, ben)
    for name in ("thịt bò", "cà chua", "hành tây"):
        found = ingredients.resolve(name)
        assert found is not None
        api.put(f"/v1/pantry/{found.id}", json={"quantity": 1, "unit": "kg"}, token=ben.token)

    answer = api.post("/v1/suggestions", json={"use_pantry": True, "recipe_count": 2}, token=ana.token)

    assert answer.status_code in {200, 202}, answer.content
    assert answer.json()["recipes"]
