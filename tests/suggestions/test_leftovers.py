"""Leftovers by what was typed: what was cooked yesterday is not cooked again from raw."""

import pytest

from apps.ingredients import services as ingredients
from apps.suggestions import offers
from tests.suggestions.kitchens import ask

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.mark.parametrize(
    ("typed", "language"),
    [
        ("thịt gà còn lại hôm qua", "vi"),
        ("thịt heo đã luộc", "vi"),
        ("cá hồi hôm qua", "vi"),
        ("leftover chicken thighs", "en"),
        ("yesterday's salmon", "en"),
    ],
)
def test_meat_or_fish_of_yesterday_is_cooked(typed: str, language: str) -> None:
    each = ask(typed, "rice", language=language).at_hand[0]

    assert each.is_leftover


@pytest.mark.parametrize(
    "typed", ["thịt gà", "gà tươi", "thịt heo bằm còn lại", "rau còn lại", "raw chicken", "trứng còn lại"]
)
def test_what_is_merely_left_or_raw_is_not(typed: str) -> None:
    assert not any(each.is_cooked for each in ask(typed, "muối", "hành tây", "gạo").at_hand)


@pytest.mark.parametrize("typed", ["yesterday's rice", "leftover rice"])
def test_rice_of_yesterday_is_not_boiled(typed: str) -> None:
    asked = ask(typed, "eggs", language="en")
    made = [one.composed.content for one in offers.find(asked, exclude=frozenset()).ranked if one.composed]

    assert made
    assert not any("Cook the rice" in step.text for content in made for step in content.steps)


def test_cooked_meat_is_called_cooked_and_only_heated() -> None:
    asked = ask("thịt gà hôm qua", "bắp cải", "nấm kim châm")
    found = offers.find(asked, exclude=frozenset()).ranked
    chicken = asked.at_hand[0].ingredient.id
    made = [one.composed.content for one in found if one.composed and chicken in one.fit.used]

    assert made
    for content in made:
        line = next(line for line in content.ingredients if line.ingredient_id == chicken)
        assert line.name == "thịt gà chín"
        assert (content.total_minutes or 0) <= 30, content.title
        assert "thịt chín hẳn" not in " ".join(step.text for step in content.steps)


def test_a_recipe_that_cooks_raw_meat_is_not_offered_for_cooked_meat() -> None:
    cooked = offers.find(ask("thịt gà còn lại", "hành lá", "gừng"), exclude=frozenset()).ranked
    raw = offers.find(ask("thịt gà", "hành lá", "gừng"), exclude=frozenset()).ranked

    chicken = ingredients.resolve("thịt gà")
    assert chicken is not None
    assert any(one.recipe_id and chicken.id in one.main for one in raw)
    assert not any(one.recipe_id and chicken.id in one.main for one in cooked)
