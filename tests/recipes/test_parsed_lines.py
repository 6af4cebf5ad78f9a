"""Ingredient lines as people write them become ingredients with amounts, and allergens have reasons."""

from typing import Any

import pytest

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
