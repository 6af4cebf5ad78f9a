"""What comes first, and what is better left out of an answer."""

from typing import Any

import pytest

from apps.ingredients import services as ingredients
from apps.recipes.content import IngredientLine, Language, Meal, Method, RecipeContent, Step
from apps.suggestions import arrangement, offers, promises
from apps.suggestions.arrangement import Offer
from apps.suggestions.fits import fit
from apps.suggestions.offers import Offers
from tests.suggestions.kitchens import ask, composed

pytestmark = pytest.mark.usefixtures("seeded")


def id_of(name: str) -> str:
    found = ingredients.resolve(name)
    assert found is not None, name
    return found.id


def line(name: str, quantity: float = 1, unit: str = "piece", **more: Any) -> IngredientLine:
    return IngredientLine(name, id_of(name), quantity=quantity, unit=unit, **more)


def recipe(*lines: IngredientLine, method: Method = Method.BRAISE, title: str = "Sticky chicken") -> RecipeContent:
    return RecipeContent(
        title=title, ingredients=lines, steps=(Step("Cook it.", 5),), language=Language.EN, method=method,
        meal=Meal.DINNER, servings=2,
    )  # fmt: skip


def offer(title: str, *used: str, have: tuple[str, ...], score: float = 1.0, **more: Any) -> Offer:
    found = fit([IngredientLine(name, id_of(name)) for name in used], ask(*have, language="en"), servings=2)
    return Offer(found, score, title, "fry", frozenset(map(id_of, used)), **more)


def test_the_first_answer_uses_most_of_what_was_named() -> None:
    have = ("ground beef", "kidney bean", "canned tomato", "onion", "rice")
    rice = offer("Beef rice", "ground beef", "onion", "rice", have=have, score=1.04)
    chilli = offer("Chilli", "ground beef", "kidney bean", "canned tomato", "onion", have=have)

    assert arrangement.led([rice, chilli], ask(*have, language="en"))[0] is chilli


def test_meat_comes_before_vegetables_in_an_omelette() -> None:
    made = next(
        one.content
        for one in composed("chorizo", "eggs", "onion", "bell pepper", language="en")
        if one.archetype == "omelette"
    )

    assert id_of("chorizo") in {each.ingredient_id for each in made.ingredients}


@pytest.mark.parametrize(
    ("bland", "seasoned", "archetype"),
    [
        (("chicken breast", "broccoli"), ("chicken breast", "broccoli", "soy sauce"), "stir-fry"),
        (("cooked rice", "carrot"), ("cooked rice", "carrot", "garlic"), "fried-rice"),
    ],
)
def test_a_dish_of_salt_alone_comes_later(bland: tuple[str, ...], seasoned: tuple[str, ...], archetype: str) -> None:
    plain = {one.archetype: one.score for one in composed(*bland, language="en")}
    better = {one.archetype: one.score for one in composed(*seasoned, language="en")}

    assert better[archetype] - plain[archetype] > 0.1


def test_raw_rice_is_not_boiled_to_be_fried_where_something_else_can_be_made() -> None:
    raw = {one.archetype: one.score for one in composed("rice", "chicken breast", "garlic", language="en")}

    assert raw["fried-rice"] < raw["rice-one-pot"]


def test_a_recipe_in_the_other_language_is_given_only_where_there_is_none_in_the_readers() -> None:
    have = ("eggs", "tomatoes")
    own, foreign = (
        offer("Eggs", "egg", have=have, score=0.9),
        offer("Trứng", "egg", have=have, score=1.0, is_foreign=True),
    )
    asked = ask(*have, language="en")

    assert Offers(asked, tuple(offers.in_one_language([foreign, own]))).chosen == (own,)
    assert Offers(asked, tuple(offers.in_one_language([foreign]))).chosen == (foreign,)


def test_three_good_answers_are_not_followed_by_worse_ones() -> None:
    have = ("egg", "tomato", "cheddar", "spinach", "bread")
    good = [offer(f"Dish of {name}", name, have=have, score=0.9) for name in have[:3]]
    weak = offer("Plain spinach", "spinach", have=have, score=0.7)
    asked = ask(*have, language="en", recipe_count=5)

    assert weak not in Offers(asked, (*good, weak)).chosen
    assert weak in Offers(asked, (*good[:2], weak)).chosen


@pytest.mark.parametrize(
    ("missing", "method", "is_little"),
    [
        (("vinegar", 1, "tbsp"), Method.BRAISE, True),
        (("vinegar", 1, "tbsp"), Method.SALAD, False),
        (("vinegar", 100, "ml"), Method.BRAISE, False),
        (("wheat flour", 2, "tbsp"), Method.FRY, True),
        (("wheat flour", 2, "tbsp"), Method.BAKE, False),
        (("wheat flour", 200, "g"), Method.FRY, False),
        (("milk", 60, "ml"), Method.BOIL, True),
        (("potato", 1, "piece"), Method.BOIL, False),
    ],
)
def test_a_little_of_some_things_may_be_missing(
    missing: tuple[str, float, str], method: Method, *, is_little: bool
) -> None:
    lacking = line(*missing)
    content = recipe(line("chicken thigh", 300, "g", essential=True), lacking, method=method)

    assert promises.is_little(lacking, content) is is_little
    found = fit(content.ingredients, ask("chicken thighs", "garlic", language="en"), servings=2, content=content)
    assert (lacking.ingredient_id in found.to_buy) is not is_little


def test_quail_eggs_are_not_cooked_by_a_recipe_for_hens_eggs() -> None:
    content = recipe(line("egg", 4, essential=True), line("cucumber"), title="Egg salad")

    assert not promises.keeps_eggs(content, {id_of("egg"): id_of("quail egg")})
    assert promises.keeps_eggs(content, {id_of("egg"): id_of("egg")})


def test_mince_stands_for_pork_and_not_for_pork_belly() -> None:
    mince = id_of("ground pork")
    pork, belly = (
        recipe(line(name, 300, "g", essential=True), method=Method.STIR_FRY) for name in ("pork", "pork belly")
    )

    assert promises.keeps_form(pork, {id_of("pork"): mince})
    assert not promises.keeps_form(belly, {id_of("pork belly"): mince})


@pytest.mark.parametrize(
    ("used", "method", "lacks"),
    [
        (("shrimp", "cucumber"), Method.SALAD, True),
        (("shrimp", "lime"), Method.SALAD, False),
        (("shrimp", "vinegar"), Method.SALAD, False),
        (("shrimp", "cucumber"), Method.STEAM, False),
    ],
)
def test_a_salad_without_anything_sour_comes_later(used: tuple[str, ...], method: Method, *, lacks: bool) -> None:
    content = recipe(line("shrimp", essential=True), line("lime", optional=True), method=method)

    assert promises.lacks_sour(content, set(map(id_of, used))) is lacks


def test_fresh_tomatoes_of_a_salad_are_not_canned() -> None:
    salad = recipe(line("tomato", 3, essential=True), method=Method.SALAD)
    stew = recipe(line("tomato", 3, essential=True), method=Method.BRAISE)
    canned = {id_of("tomato"): id_of("canned tomato")}

    assert not promises.keeps_fresh(salad, canned)
    assert promises.keeps_fresh(stew, canned)
    assert promises.keeps_fresh(salad, {id_of("tomato"): id_of("tomato")})


def answers(*have: str, language: str = "en") -> list[Offer]:
    """Return what is offered of what rules compose, whatever the catalogue holds."""
    question = ask(*have, language=language)
    made = sorted(
        (offers._composed(one, question, 0.0) for one in offers.compose(question)), key=lambda one: -one.score
    )
    return list(offers.Offers(question, tuple(made)).chosen)


@pytest.mark.parametrize(
    ("have", "carries"),
    [
        (("potatoes", "honey", "brioche"), "potatoes"),
        (("lentils", "honey", "bread"), "lentils"),
        (("beef", "honey", "bread"), "beef"),
    ],
)
def test_a_snack_comes_after_a_meal_that_can_be_made(have: tuple[str, ...], carries: str) -> None:
    found = answers(*have)

    assert not found[0].is_light
    assert id_of(carries) in found[0].fit.used


@pytest.mark.parametrize(
    ("language", "have"),
    [
        ("vi", ("đùi gà", "tỏi", "hàu", "cà rốt")),
        ("vi", ("gà luộc", "thịt bò", "tương ớt")),
        ("vi", ("gà quay", "đậu phụ", "thịt hộp", "khoai mỡ")),
        ("en", ("chicken breast", "broccoli", "garlic", "lentils")),
    ],
)
def test_each_food_that_makes_a_meal_has_a_dish(language: str, have: tuple[str, ...]) -> None:
    question = ask(*have, language=language)
    used = frozenset[str]().union(*(one.fit.used for one in answers(*have, language=language)))

    assert arrangement.carrying(question) <= used


def test_what_is_left_is_no_reason_for_a_snack_or_for_buying() -> None:
    have = ("chicken breast", "potatoes")
    chicken = offer("Fried chicken", "chicken breast", have=have)
    snack = offer("Potato crisps", "potatoes", have=have, is_light=True)
    bought = offer("Potatoes with salmon", "potatoes", "salmon", have=have)
    plain = offer("Boiled potatoes", "potatoes", have=have, score=0.6)
    question = ask(*have, language="en")

    assert arrangement.with_what_is_left([chicken], [chicken, snack, bought, plain], question, room=3) == [
        chicken,
        plain,
    ]
    assert arrangement.with_what_is_left([plain, chicken], [chicken, plain], question, room=3) == [plain, chicken]
    assert arrangement.with_what_is_left([chicken], [plain], question, room=1) == [chicken]


@pytest.mark.parametrize(
    ("language", "have", "archetype"),
    [
        ("en", ("potatoes", "olive oil"), "fried-potatoes"),
        ("en", ("lentils", "olive oil"), "plain-lentils"),
        ("en", ("lentils", "whole wheat pasta"), "lentil-pasta"),
        ("en", ("mushrooms", "garlic powder"), "garlic-mushrooms"),
        ("en", ("cranberries", "cloves"), "cranberry-sauce"),
        ("en", ("bread", "butter", "ground cinnamon"), "cinnamon-toast"),
        ("vi", ("khoai tây", "muối"), "fried-potatoes"),
        ("vi", ("thịt hộp", "muối"), "fried-luncheon-meat"),
        ("vi", ("bí đỏ", "hành lá"), "vegetable-with-onions"),
        ("vi", ("thịt bò", "muối"), "pan-fried-alone"),
        ("vi", ("chả cá thác lác", "muối"), "fried-fish-cake"),
        ("vi", ("hàu", "muối"), "steamed-seafood"),
    ],
)
def test_plain_food_makes_a_plain_dish(language: str, have: tuple[str, ...], archetype: str) -> None:
    assert archetype in {one.archetype for one in composed(*have, language=language)}


def test_sugar_is_not_spread_on_dry_bread() -> None:
    assert "sweet-toast" not in {one.archetype for one in composed("brioche", "icing sugar", language="en")}
