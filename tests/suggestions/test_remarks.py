"""What is said about an answer: that there is little, and what it leaves unused; and what comes first of eggs."""

import pytest

from apps.recipes.content import IngredientLine, Language, Method, RecipeContent
from apps.suggestions import offers, shortlist
from apps.suggestions.fits import fit
from apps.suggestions.offers import Offers
from tests.suggestions.kitchens import ask, composed

pytestmark = pytest.mark.usefixtures("seeded")


def answered(*names: str) -> Offers:
    question = ask(*names)
    return Offers(question, tuple(offers._composed(one, question, 0.0) for one in offers.compose(question)))


def said(found: Offers) -> set[str]:
    return {one["code"] for one in found.remarks(1)}


def test_few_dishes_are_said_to_be_all_where_everything_is_used() -> None:
    assert said(answered("trứng gà", "cà chua")) == {"few_recipes"}


def test_few_dishes_are_not_said_to_be_all_while_a_main_food_is_unused() -> None:
    assert said(answered("trứng gà", "cà chua", "sầu riêng")) == {"unused_ingredient"}


def test_few_dishes_are_not_said_to_be_all_while_a_name_was_not_understood() -> None:
    found = answered("trứng gà", "cà chua", "zzqqxxyy")

    assert said(found) == set()
    assert all("Dùng hết" not in one.fit.why for one in found.ranked)


def test_eggs_alone_are_scrambled_or_fried() -> None:
    assert {"Soft scrambled eggs", "Fried eggs"} <= {one.title for one in composed("eggs", "cumin", language="en")}
    assert "Trứng ốp la" in {one.title for one in composed("trứng gà", "tiêu xanh")}


def test_one_food_is_bare_without_any_of_the_flavours_of_the_dish() -> None:
    lines = tuple(
        IngredientLine(one.name, one.ingredient_id, optional=one.name != "trứng")
        for one in composed("trứng", "hành lá")[0].content.ingredients
    )
    content = RecipeContent("Trứng hấp", lines, (), Language.VI, Method.STEAM)

    assert shortlist._is_bare(content, fit(lines, ask("trứng", "cà chua"), servings=2))
    assert not shortlist._is_bare(content, fit(lines, ask("trứng", "hành lá"), servings=2))
