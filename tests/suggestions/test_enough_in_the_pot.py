"""Amounts that a cook would take: liquid for what is in the pot, eggs by sort, portions; what gives a soup taste."""

import pytest

from apps.ingredients import services as ingredients
from apps.recipes.content import IngredientLine, RecipeContent
from apps.suggestions.fits import fit
from tests.suggestions.kitchens import ask, composed

pytestmark = pytest.mark.usefixtures("seeded")


def the(archetype: str, *have: str, language: str = "en") -> RecipeContent:
    return next(one.content for one in composed(*have, language=language) if one.archetype == archetype)


def archetypes_of(*have: str, language: str = "en") -> set[str]:
    return {one.archetype for one in composed(*have, language=language)}


def amount(content: RecipeContent, name: str) -> float:
    return sum(line.quantity or 0 for line in content.ingredients if line.name == name)


def texts(content: RecipeContent) -> str:
    return " ".join(step.text for step in content.steps)


@pytest.mark.parametrize("have", [("carrot", "garlic"), ("carrot", "potato", "garlic"), ("pumpkin", "onion")])
def test_a_blended_soup_has_a_little_more_liquid_than_vegetables(have: tuple[str, ...]) -> None:
    soup = the("vegetable-soup", *have)
    vegetables = sum(amount(soup, name) for name in ("carrot", "potato", "pumpkin"))

    assert 1.2 <= amount(soup, "water") / vegetables <= 1.5


def test_tomatoes_bring_most_of_their_liquid() -> None:
    soup = the("vegetable-soup", "tomato", "onion")

    assert amount(soup, "water") < amount(soup, "tomato") / 2


def test_stock_takes_the_place_of_water() -> None:
    soup = the("vegetable-soup", "carrot", "garlic", "vegetable stock")

    assert amount(soup, "vegetable stock") == amount(the("vegetable-soup", "carrot", "garlic"), "water")
    assert not amount(soup, "water")
    assert "water" not in texts(soup)


def test_water_makes_up_for_the_stock_there_is_not() -> None:
    soup = the("vegetable-soup", "carrot", "garlic", "200 ml vegetable stock")

    assert amount(soup, "vegetable stock") == 200
    assert amount(soup, "water") == amount(the("vegetable-soup", "carrot", "garlic"), "water") - 200


def test_a_noodle_broth_takes_stock_before_water() -> None:
    soup = the("noodle-soup", "rice noodles", "beef", "beef stock")

    assert amount(soup, "beef stock") == 1000
    assert not amount(soup, "water")


def test_dried_herbs_go_into_the_soup() -> None:
    assert "dried thyme" in texts(the("vegetable-soup", "sweet potato", "butter", "dried thyme"))


@pytest.mark.parametrize(("have", "is_soup"), [(("tofu", "carrot"), False), (("tofu", "mushroom"), True)])
def test_salt_water_is_no_soup(have: tuple[str, ...], *, is_soup: bool) -> None:
    assert ("canh" in archetypes_of(*have)) is is_soup


def test_cooked_meat_alone_makes_no_noodle_broth() -> None:
    assert "noodle-soup" not in archetypes_of("bánh phở", "bò luộc", language="vi")
    assert "noodle-soup" in archetypes_of("bánh phở", "bò luộc", "nấm hương", language="vi")


def test_quail_eggs_are_boiled_for_four_minutes_and_taken_by_four() -> None:
    found = the("kho", "thịt heo", "trứng cút", "hành tím", language="vi")

    assert amount(found, "trứng cút") == 8
    assert any(line.preparation and "luộc 4 phút" in line.preparation for line in found.ingredients)


@pytest.mark.parametrize(
    ("language", "names", "said"),
    [("vi", ("trứng cút",), "5 quả thay một"), ("en", ("quail eggs",), "5 for each"), ("en", ("eggs",), "")],
)
def test_quail_eggs_for_eggs_are_said_and_counted(language: str, names: tuple[str, ...], said: str) -> None:
    egg = ingredients.resolve("egg")
    assert egg is not None
    asked = ask(*(f"10 {name}" for name in names), "cucumber", language=language)

    found = fit([IngredientLine("egg", egg.id, quantity=4, unit="piece")], asked, servings=2)

    assert ("thay cho" in found.why or "instead of" in found.why) is bool(said)
    assert said in found.why
    assert [(one.have, one.need) for one in found.short] == ([(2, 4)] if said else [])


def test_porridge_of_cooked_rice_takes_less_water_and_time_than_that_of_raw_rice() -> None:
    cooked = the("congee-of-cooked-rice", "cơm nguội", "thịt bằm", language="vi")
    raw = the("congee", "gạo", "thịt bằm", language="vi")

    assert amount(cooked, "cơm nguội") > 2 * amount(raw, "gạo")
    assert amount(cooked, "nước") < amount(raw, "nước")
    assert (cooked.cook_minutes or 0) < (raw.cook_minutes or 0)


@pytest.mark.parametrize(("onion", "is_dish"), [("80 g onion", False), ("300 g onion", True)])
def test_a_dish_of_one_thing_is_a_portion(onion: str, *, is_dish: bool) -> None:
    assert ("roast-vegetables" in archetypes_of(onion, "dried thyme")) is is_dish


def test_a_whole_chicken_is_no_slice() -> None:
    assert amount(the("traybake", "whole chicken", "potato"), "whole chicken") >= 300


@pytest.mark.parametrize(
    ("language", "have", "archetype"),
    [
        ("en", ("peanut butter", "rice noodles", "soy sauce", "broccoli", "tofu"), "peanut-noodles"),
        ("en", ("ground pork", "napa cabbage", "ginger", "scallion", "dumpling wrappers"), "dumplings"),
        ("en", ("leftover mashed potatoes", "3 eggs", "half an onion", "bacon"), "potato-cakes"),
        ("en", ("shredded cooked chicken", "dijon mustard", "honey", "ketchup"), "meat-in-bottled-sauce"),
        ("en", ("chicken thighs", "brussels sprouts", "potatoes", "honey"), "traybake"),
        ("vi", ("thịt heo xay", "gạo nếp", "tỏi"), "xoi-man"),
    ],
)
def test_a_telling_food_leads_to_its_dish(language: str, have: tuple[str, ...], archetype: str) -> None:
    found = composed(*have, language=language)

    assert archetype in {one.archetype for one in found[:3]}
    made = next(one.content for one in found if one.archetype == archetype)
    named = ask(*have, language=language).ingredients
    assert {one.id for one in named} <= {line.ingredient_id for line in made.ingredients}


def test_a_typed_sauce_glazes_fish() -> None:
    assert "soy sauce" in texts(the("soy-glazed", "swordfish", "garlic", "soy sauce"))
