"""Ingredient lines as people write them become ingredients with amounts, and allergens have reasons."""

from typing import Any

import pytest

from apps.ingredients import services
from tests.support import recipes

pytestmark = pytest.mark.usefixtures("seeded")

PLAIN = {"title": "Plain", "description": "", "tags": [], "language": "en", "steps": [{"text": "Mix."}]}


def written(api: Any, person: Any, *lines: Any) -> Any:
    return recipes.create(api, person, **{**PLAIN, "ingredients": list(lines)})


def test_a_line_may_be_one_string(api: Any, ana: Any) -> None:
    [flour] = written(api, ana, "1-2 cups flour, sifted")["ingredients"]

    assert (flour["name"], flour["preparation"], flour["unit"]) == ("flour", "sifted", "cup")
    assert (flour["quantity"], flour["quantity_max"]) == (1, 2)
    assert flour["ingredient_id"] is not None


def test_an_amount_in_the_name_is_taken_out_of_it(api: Any, ana: Any) -> None:
    [flour] = written(api, ana, {"name": "2 cups flour"})["ingredients"]

    assert (flour["name"], flour["quantity"], flour["unit"]) == ("flour", 2, "cup")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"quantity": 3, "unit": "tbsp"}, (3, None, "tbsp")),
        ({"quantity": 6, "unit": "tsp"}, (6, None, "tsp")),
        ({"quantity": 3}, (3, None, "tbsp")),
        ({"unit": "tbsp"}, (3, None, "tbsp")),
        ({}, (3, None, "tbsp")),
    ],
)
def test_an_amount_is_no_part_of_a_name_whatever_is_given_beside_it(
    api: Any, ana: Any, given: dict[str, Any], expected: tuple[float, float | None, str]
) -> None:
    found = services.resolve("soy sauce")
    assert found
    id_ = found.id
    for more in ({}, {"ingredient_id": id_}):
        [soy] = written(api, ana, {"name": "3 tbsp soy sauce", **given, **more})["ingredients"]

        assert (soy["name"], soy["ingredient_id"]) == ("soy sauce", id_)
        assert (soy["quantity"], soy["quantity_max"], soy["unit"]) == expected


def test_a_number_of_packages_keeps_what_is_in_one(api: Any, ana: Any) -> None:
    [can] = written(api, ana, {"name": "400 g can tomatoes", "quantity": 2})["ingredients"]

    assert (can["name"], can["quantity"], can["unit"]) == ("400 g can tomatoes", 2, None)


def test_each_food_of_a_name_with_an_amount_has_its_own_name(api: Any, ana: Any) -> None:
    salt, sugar = written(api, ana, {"name": "salt and sugar", "quantity": 1, "unit": "tsp"})["ingredients"]

    assert (salt["name"], salt["quantity"], sugar["name"]) == ("salt", 1, "sugar")


def test_the_name_given_with_an_amount_stays_as_it_was_written(api: Any, ana: Any) -> None:
    [soy] = written(api, ana, {"name": "Soy Sauce", "quantity": 3, "unit": "tbsp"})["ingredients"]

    assert soy["name"] == "Soy Sauce"


@pytest.mark.parametrize("line", ["salt to taste", "Salt, to taste", "salt as needed", "salt for the water"])
def test_what_is_said_behind_a_name_is_its_preparation(api: Any, ana: Any, line: str) -> None:
    [salt] = written(api, ana, line)["ingredients"]

    assert salt["name"].lower() == "salt"
    assert (salt["quantity"], salt["unit"]) == (None, None)
    assert salt["preparation"] in line.lower()


@pytest.mark.parametrize(
    ("line", "scaled"), [("1/3 cup honey", 1.167), ("2/3 cup honey", 2.333), ("1/6 cup honey", 0.583)]
)
def test_thirds_and_sixths_scale_exactly(api: Any, ana: Any, line: str, scaled: float) -> None:
    recipe = recipes.create(api, ana, **{**PLAIN, "servings": 2, "ingredients": [line, "1.25 kg rice"]})

    honey, rice = api.get(f"/v1/recipes/{recipe['id']}?servings=7", token=ana.token).json()["ingredients"]

    assert (honey["quantity"], rice["quantity"]) == (scaled, 4.375)


def test_both_ends_of_a_range_scale(api: Any, ana: Any) -> None:
    recipe = recipes.create(api, ana, **{**PLAIN, "servings": 2, "ingredients": ["2-3 cloves garlic"]})

    [garlic] = api.get(f"/v1/recipes/{recipe['id']}?servings=4", token=ana.token).json()["ingredients"]

    assert (garlic["quantity"], garlic["quantity_max"]) == (4, 6)


def test_several_foods_are_several_ingredients_and_headings_none(api: Any, ana: Any) -> None:
    recipe = written(api, ana, "For the sauce:", "salt and sugar", {"name": "tofu", "quantity": 1})

    assert [line["name"] for line in recipe["ingredients"]] == ["salt", "sugar", "tofu"]
    assert recipe["allergens_complete"]


def test_an_alternative_is_what_a_recipe_may_contain(api: Any, ana: Any) -> None:
    recipe = written(api, ana, "2 tbsp olive oil or butter")

    assert "milk" not in recipe["allergens"]
    assert "milk" in recipe["may_contain"]


def test_each_allergen_says_its_reason_and_place(api: Any, ana: Any) -> None:
    recipe = recipes.create(
        api, ana, **{**PLAIN, "ingredients": ["100 g tofu"], "steps": [{"text": "Fry."}, {"text": "Scatter peanuts."}]}
    )
    reasons = {reason["allergen"]: reason for reason in recipe["reasons"]}

    assert (reasons["soy"]["place"], reasons["soy"]["position"]) == ("ingredients", 0)
    assert (reasons["peanuts"]["place"], reasons["peanuts"]["position"]) == ("steps", 1)
    assert "Scatter peanuts."[reasons["peanuts"]["start"] : reasons["peanuts"]["end"]] == "peanuts"


def test_no_allergen_is_in_both_tiers(api: Any, ana: Any) -> None:
    recipe = written(api, ana, "butter", "olive oil or ghee")

    assert "milk" in recipe["allergens"]
    assert "milk" not in recipe["may_contain"]


@pytest.mark.parametrize(
    "line",
    [
        "Grandma's favourite topping:",
        "Make sure that the mixture has cooled down slightly before you begin with the dough.",
    ],
)
def test_headings_of_ones_own_and_remarks_leave_a_recipe_complete(api: Any, ana: Any, line: str) -> None:
    recipe = written(api, ana, "1 cup rice", line, "1 onion")

    assert recipe["allergens_complete"] is True


@pytest.mark.parametrize("line", ["1 cup zorbleberries", "zorbleberries"])
def test_foods_that_nobody_knows_leave_a_recipe_incomplete(api: Any, ana: Any, line: str) -> None:
    assert written(api, ana, "1 cup rice", line)["allergens_complete"] is False


def test_a_heading_or_remark_is_still_read_for_allergens(api: Any, ana: Any) -> None:
    remark = "The original recipe calls for some peanuts but I stopped using them long ago, sadly."

    assert "peanuts" in written(api, ana, "1 cup rice", "Zorble peanut topping:")["allergens"]
    assert "peanuts" in written(api, ana, "1 cup rice", remark)["allergens"]
