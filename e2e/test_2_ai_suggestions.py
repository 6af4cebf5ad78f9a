"""AI suggestions: the catalogue first, generated recipes for what it lacks, and nothing that somebody must not eat."""

from typing import Any

import pytest

from e2e.people import Person, Tidy, eventually, refused

COMMON = ["trứng", "cà chua", "hành lá"]


def suggest(person: Person, ingredients: list[str] = COMMON, **wanted: Any) -> dict[str, Any]:
    """Ask, and wait for what workers have to generate."""
    asked = person.post("/v1/suggestions", {"ingredients": ingredients, "recipe_count": 1, **wanted})
    found: dict[str, Any] = eventually(
        lambda: person.get(f"/v1/suggestions/{asked['id']}?wait=5", expect=(200, 202)),
        lambda one: one["status"] == "complete",
        "the suggestion",
    )
    return found


def test_common_ingredients_give_a_recipe(ana: Person) -> None:
    found = suggest(ana)

    assert len(found["recipes"]) == 1
    assert found["recipes"][0]["recipe"]["title"]


def test_as_many_recipes_come_as_are_asked_for(ana: Person) -> None:
    found = suggest(ana, recipe_count=2)

    assert found["stats"]["requested"] == 2
    assert len(found["recipes"]) == 2


def test_each_recipe_says_what_is_at_hand_and_what_is_missing(ana: Person) -> None:
    match = suggest(ana)["recipes"][0]["match"]

    assert match["have"]
    assert isinstance(match["missing"], list)


def test_each_recipe_says_where_it_comes_from(ana: Person) -> None:
    assert {one["source"] for one in suggest(ana, recipe_count=2)["recipes"]} <= {"catalogue", "ai", "rules"}


def test_an_unknown_word_is_told_and_does_not_stop_the_others(ana: Person) -> None:
    found = suggest(ana, [*COMMON, "xyzzyq"])

    assert "xyzzyq" in {warning["input"] for warning in found["warnings"]}
    assert found["recipes"]


def test_without_any_known_ingredient_nothing_is_suggested(ana: Person) -> None:
    ana.api.ask("POST", "/v1/suggestions", expect=(400, 422), body={"ingredients": ["xyzzyq"], "recipe_count": 1})


@pytest.mark.parametrize("count", [0, 1000])
def test_a_number_of_recipes_has_its_limits(ana: Person, count: int) -> None:
    body = {"ingredients": COMMON, "recipe_count": count}

    ana.api.ask("POST", "/v1/suggestions", expect=(400, 422), body=body)


def test_no_recipe_holds_what_somebody_is_allergic_to(ana: Person, tidy: Tidy) -> None:
    before = ana.get("/v1/users/me/preferences")
    tidy.callback(ana.put, "/v1/users/me/preferences", before)
    ana.put("/v1/users/me/preferences", before | {"allergies": ["eggs"]})

    found = suggest(ana, ["cà chua", "hành lá", "đậu phụ"], recipe_count=2)

    for one in found["recipes"]:
        assert "eggs" not in one["recipe"].get("allergens", [])


def test_a_method_that_is_wished_for_is_kept(ana: Person) -> None:
    found = suggest(ana, method="soup")

    assert {one["recipe"]["method"] for one in found["recipes"]} <= {"soup"}


def test_what_is_in_the_pantry_counts_where_somebody_says_so(ana: Person, tidy: Tidy) -> None:
    egg = ana.post("/v1/ingredients/validate", {"ingredients": ["trứng"]})["results"][0]["ingredient"]["id"]
    ana.put(tidy.remove(ana, f"/v1/pantry/{egg}"), {})

    found = suggest(ana, ["cà chua", "hành lá"], use_pantry=True)

    assert found["recipes"]


def test_a_suggestion_is_in_the_history_and_is_nobody_elses(ana: Person, ben: Person) -> None:
    found = suggest(ana)

    assert found["id"] in {one["id"] for one in ana.get("/v1/suggestions")["items"]}
    refused(lambda: ben.get(f"/v1/suggestions/{found['id']}"), 404)


def test_feedback_is_taken(ana: Person) -> None:
    found = suggest(ana)

    ana.post(f"/v1/suggestions/{found['id']}/feedback", {"accepted": True, "stars": 5})


def test_a_suggested_recipe_can_be_opened(ana: Person) -> None:
    offered = suggest(ana)["recipes"][0]["recipe"]

    assert ana.get(f"/v1/recipes/{offered['id']}")["id"] == offered["id"]
