"""How a recipe fits what somebody has: kinds, substitutes, amounts, and why it is offered."""

from datetime import date

import pytest

from apps.ingredients import services as ingredients
from apps.recipes.content import IngredientLine
from apps.suggestions import amounts, at_hand, safety
from apps.suggestions.fits import fit
from apps.suggestions.question import Stock
from apps.suggestions.safety import Limits
from tests.suggestions.kitchens import ask

pytestmark = pytest.mark.usefixtures("seeded")


def id_of(name: str) -> str:
    found = ingredients.resolve(name)
    assert found is not None, name
    return found.id


def line(name: str, quantity: float | None = None, unit: str | None = None, **more: object) -> IngredientLine:
    return IngredientLine(name, id_of(name), quantity=quantity, unit=unit, **more)  # type: ignore[arg-type]


def satisfies(have: str, need: str) -> float:
    found = ingredients.find(id_of(have))
    assert found is not None
    return at_hand.satisfied(found).get(id_of(need), 0.0)


@pytest.mark.parametrize(
    ("have", "need"),
    [("đùi gà", "thịt gà"), ("ba rọi", "thịt heo"), ("thịt bò xay", "thịt bò"), ("gạo", "cơm"), ("trứng gà", "trứng")],
)
def test_a_kind_or_a_simple_preparation_satisfies_an_ingredient(have: str, need: str) -> None:
    assert satisfies(have, need) >= 0.7


@pytest.mark.parametrize(
    ("have", "need"),
    [
        ("tôm khô", "tôm"),
        ("gan gà", "thịt gà"),
        ("thịt gà", "gan gà"),
        ("xương heo", "thịt heo"),
        ("thịt heo", "giăm bông"),
    ],
)
def test_another_form_of_a_food_does_not_match(have: str, need: str) -> None:
    assert satisfies(have, need) < 0.55


def test_every_named_ingredient_is_used() -> None:
    found = fit([line("cà chua"), line("trứng gà")], ask("cà chua", "trứng gà"), servings=2)

    assert (found.score, found.missing, found.why) == (1.0, (), "Dùng hết những gì bạn có.")


def test_missing_ingredients_are_optional_or_to_buy() -> None:
    lines = [line("cà chua"), line("trứng gà"), line("hành lá"), line("đậu phụ")]

    found = fit(lines, ask("tomato", "egg", language="en"), servings=2)

    assert found.missing == (id_of("hành lá"), id_of("đậu phụ"))
    assert found.why == "Uses all you have; you need to buy tofu; no scallion? Leave it out."


def test_a_substitute_is_named() -> None:
    lines = [line("thì là", substitutes=(id_of("rau răm"),)), line("cá")]

    found = fit(lines, ask("cá", "rau răm"), servings=2)

    assert found.substitutes == {id_of("thì là"): id_of("rau răm")}
    assert found.why == "Dùng hết những gì bạn có; rau răm thay cho thì là."


def test_optional_ingredients_and_staples_do_not_count() -> None:
    found = fit([line("cá"), line("thì là", optional=True), line("muối")], ask("cá", "gừng"), servings=2)

    assert (found.score, found.missing) == (1.0, ())


@pytest.mark.parametrize(
    ("typed", "quantity", "unit", "have"),
    [("1 quả trứng gà", 3, "quả", 1.0), ("100g trứng gà", 4, "quả", 2.0), ("1 củ cà rốt", 200, "g", 90.0)],
)
def test_an_amount_that_was_typed_is_compared_in_the_recipes_unit(
    typed: str, quantity: float, unit: str, have: float
) -> None:
    name = "cà rốt" if "cà rốt" in typed else "trứng gà"

    found = fit([line(name, quantity, unit), line("muối")], ask(typed, "hành lá"), servings=2)

    [short] = found.short
    assert (short.have, short.need, short.unit) == (have, quantity, unit)


def test_amounts_are_scaled_to_the_household() -> None:
    lines = [line("trứng gà", 4, "quả")]

    alone = fit(lines, ask("1 quả trứng gà", "hành lá", household_size=1), servings=4)
    family = fit(lines, ask("1 quả trứng gà", "hành lá", household_size=4), servings=4)

    assert alone.short == ()
    assert family.short[0].need == 4


def test_an_ingredient_without_an_amount_is_enough() -> None:
    assert fit([line("trứng gà", 12, "quả")], ask("trứng gà", "hành lá"), servings=2).short == ()


def test_expiring_ingredients_are_mentioned() -> None:
    pantry = (Stock(id_of("sữa tươi"), 1, "l", date(2026, 1, 4)),)

    found = fit([line("sữa tươi"), line("chuối")], ask("chuối", "trứng gà", pantry=pantry), servings=2)

    assert "sắp hết hạn" in found.why


@pytest.mark.parametrize(
    ("quantity", "unit", "wanted", "expected"),
    [
        (2, "muỗng canh", "ml", 30.0),
        (1, "kg", "g", 1000.0),
        (500, "g", "kg", 0.5),
        (3, "tsp", "tbsp", 1.0),
        (2, "quả", "cái", 2.0),
    ],
)
def test_units_are_converted(quantity: float, unit: str, wanted: str, expected: float) -> None:
    assert amounts.in_unit(quantity, unit, wanted, ingredient_id=id_of("dầu ăn")) == pytest.approx(expected)


def test_amounts_in_incomparable_units_are_not_compared() -> None:
    assert amounts.in_unit(1, "quả", "ml", ingredient_id=id_of("măng cụt")) is None


def test_traces_are_a_warning_for_people_who_accept_them_and_excluded_for_others() -> None:
    powder = next(one for one in ingredients.master_list().values() if "celery" in one.may_contain)
    lines = [line("cà chua"), line(powder.vi)]

    careful = ask("cà chua", "trứng gà", allergies=["celery"], language="en")
    careless = ask("cà chua", "trứng gà", allergies=["celery"], accepts_traces=True, language="en")

    assert fit(lines, careless, servings=2).warnings == (f"May contain celery: {powder.en}",)
    assert safety.violations(careful.limits, [one.ingredient_id for one in lines]) == [powder.en]
    assert safety.violations(careless.limits, [one.ingredient_id for one in lines]) == []


def test_an_allergy_to_an_ingredient_covers_its_kinds_and_products() -> None:
    limits = Limits(ingredient_ids=frozenset({id_of("tôm")}))

    assert safety.violations(limits, [id_of("tôm khô"), id_of("mắm tôm"), id_of("thịt bò")]) == [
        "dried shrimp",
        "fermented shrimp paste",
    ]
    assert {id_of("tôm"), id_of("tôm khô"), id_of("mắm tôm")} <= safety.forbidden_ids(limits)
    assert id_of("cua") not in safety.forbidden_ids(limits)
