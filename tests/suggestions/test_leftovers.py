"""Leftovers by what was typed: what was cooked yesterday is not cooked again from raw."""

import pytest

from apps.ingredients import services as ingredients
from apps.recipes.content import IngredientLine
from apps.suggestions import offers, shortlist
from apps.suggestions.fits import fit
from tests.suggestions.kitchens import ask

pytestmark = pytest.mark.usefixtures("seeded")


def id_of(name: str) -> str:
    found = ingredients.resolve(name)
    assert found is not None, name
    return found.id


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


@pytest.mark.parametrize(
    ("typed", "need", "substitutes", "cooks_again"),
    [
        ("thịt gà còn lại", "thịt gà", (), True),
        ("thịt gà còn lại", "đùi gà", ("thịt gà",), True),
        ("thịt gà còn lại", "gà luộc", (), False),
        ("thịt gà", "thịt gà", (), False),
    ],
)
def test_a_recipe_for_raw_meat_does_not_cook_leftovers_again(
    typed: str, need: str, substitutes: tuple[str, ...], *, cooks_again: bool
) -> None:
    asked = ask(typed, "hành lá")
    line = IngredientLine(need, id_of(need), substitutes=tuple(map(id_of, substitutes)), essential=True)
    found = fit([line, IngredientLine("hành lá", id_of("hành lá"))], asked, servings=2)

    assert id_of(need) in found.stands
    assert shortlist._cooks_again(found, asked) is cooks_again
