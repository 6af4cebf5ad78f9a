"""A recipe is offered only if it keeps the promises of its title, and reasons and warnings make sense."""

from dataclasses import replace
from typing import Any

import pytest

from apps.ingredients import services as ingredients
from apps.recipes.content import IngredientLine, Language, Meal, Method, RecipeContent, Step
from apps.recipes.derivation import derive
from apps.suggestions import arrangement, promises
from apps.suggestions.arrangement import Offer
from apps.suggestions.at_hand import satisfied
from apps.suggestions.fits import Fit, fit
from apps.suggestions.offers import Offers
from tests.suggestions.kitchens import ask, composed

pytestmark = pytest.mark.usefixtures("seeded")


def recipe(title: str, *lines: IngredientLine, **more: Any) -> RecipeContent:
    fields: dict[str, Any] = {"language": Language.EN, "method": Method.STIR_FRY, "meal": Meal.DINNER, "servings": 2}
    return derive(RecipeContent(title=title, ingredients=lines, steps=(Step("Cook it.", 5),), **{**fields, **more}))


def line(name: str, *substitutes: str, **more: Any) -> IngredientLine:
    return IngredientLine(
        name, substitutes=tuple(id_of(each) for each in substitutes), quantity=1, unit="piece", **more
    )


def id_of(name: str) -> str:
    found = ingredients.resolve(name)
    assert found is not None, name
    return found.id


def fitted(content: RecipeContent, *have: str) -> Fit:
    return fit(content.ingredients, ask(*have, language="en"), servings=2, is_baked=promises.is_baked(content))


def keeps_title(content: RecipeContent, *have: str) -> bool:
    found = fitted(content, *have)
    return promises.keeps_title(content, found.substitutes, found.stands)


@pytest.mark.parametrize(
    ("title", "need", "by"),
    [
        ("Teriyaki Salmon", "salmon", "chicken"),
        ("Cucumber Salad", "cucumber", "avocado"),
        ("Tofu with Mushrooms", "mushroom", "tomato"),
        ("Cheddar Omelette", "cheddar", "cream cheese"),
    ],
)
def test_foods_in_the_title_are_not_replaced(title: str, need: str, by: str) -> None:
    content = recipe(title, line(need, by), line("onion"))

    assert not keeps_title(content, by, "onion")


def test_cuts_and_shapes_of_one_food_replace_each_other() -> None:
    content = recipe("Baked Macaroni", line("macaroni", "linguine"), line("chicken thigh", "chicken breast"))

    assert keeps_title(content, "linguine", "chicken breast")


def test_one_food_does_not_satisfy_two_ingredients() -> None:
    content = recipe("Green Salad", line("cucumber", "avocado"), line("avocado"))
    found = fitted(content, "avocado", "onion")

    assert not promises.keeps_apart(content, found.stands, found.substitutes)


@pytest.mark.parametrize(("have", "is_kept"), [(("mushroom", "tofu"), False), (("carrot", "cabbage"), True)])
def test_mixed_vegetables_need_several_vegetables(have: tuple[str, str], *, is_kept: bool) -> None:
    content = recipe("Vegetable Soup", line("vegetable"))

    assert promises.keeps_variety(content, fitted(content, *have).stands, ask(*have, language="en")) is is_kept


def test_a_cake_is_not_baked_without_butter_and_a_stir_fry_is_cooked_without_it() -> None:
    lines = (line("egg"), line("butter"))

    cake = fitted(recipe("Cake", *lines, method=Method.BAKE, meal=Meal.DESSERT), "egg", "onion")
    pan = fitted(recipe("Fried Eggs", *lines), "egg", "onion")

    assert cake.to_buy == (id_of("butter"),)
    assert "need to buy butter" in cake.why
    assert (pan.to_buy, "no butter? Use oil" in pan.why) == ((), True)


@pytest.mark.parametrize(
    ("missing", "said"),
    [("soy sauce", "Season with salt"), ("sesame oil", "Any oil will do|Leave it out"), ("garlic", "Leave it out")],
)
def test_advice_about_missing_ingredients_makes_sense(missing: str, said: str) -> None:
    found = fitted(recipe("Fried Tofu", line("tofu"), line(missing)), "tofu", "onion")

    assert any(each in found.why for each in said.split("|"))


def test_the_same_dish_under_two_names_is_offered_once() -> None:
    found = Fit(1.0, (), ())
    stir_fry, other = frozenset({"beef", "cabbage"}), frozenset({"beef", "cabbage", "daikon"})
    ranked = [
        Offer(found, 1.0, "Beef and Cabbage", "stir_fry", stir_fry, "1"),
        Offer(found, 0.9, "Bò xào", "stir_fry", other, "2"),
        Offer(found, 0.8, "Canh bò", "soup", stir_fry, "3"),
    ]

    assert [one.recipe_id for one in arrangement.varied(ranked, 3)] == ["1", "3"]


def test_ribs_are_not_sliced_and_silken_tofu_is_not_fried() -> None:
    question = ask("sườn heo", "đậu hũ non")

    assert question.satisfied[id_of("thịt heo")] < 0.55
    assert question.satisfied[id_of("đậu hũ")] < 0.55


def test_vegetables_that_nobody_cooks_together_share_no_soup() -> None:
    titles = [one.title for one in composed("rau ngót", "su su", "tôm") if one.archetype == "canh"]

    assert titles
    assert all("rau ngót su su" not in title.lower() for title in titles)
    assert not [one for one in composed("rau ngót", "tôm", "tỏi") if one.method == "stir_fry" and "ngót" in one.title]


@pytest.mark.parametrize(
    ("method", "substitutes", "is_kept"),
    [(Method.BRAISE, (), False), (Method.BRAISE, ("ground chicken",), True), (Method.SOUP, (), True)],
)
def test_mince_is_not_glazed(method: Method, substitutes: tuple[str, ...], *, is_kept: bool) -> None:
    content = recipe("Glazed Chicken", line("chicken", *substitutes, essential=True), line("onion"), method=method)

    assert promises.keeps_form(content, fitted(content, "ground chicken", "onion").stands) is is_kept


@pytest.mark.parametrize(("have", "need"), [("trứng cút", "trứng"), ("lạc rang", "lạc"), ("giò thủ", "chả lụa")])
def test_small_or_processed_foods_are_named_exactly(have: str, need: str) -> None:
    assert ask(have, "tỏi").satisfied[id_of(need)] < 0.55


@pytest.mark.parametrize(("have", "need"), [("trứng cút", "trứng luộc"), ("lạc", "lạc rang")])
def test_simple_preparations_of_a_food_count_as_at_hand(have: str, need: str) -> None:
    assert ask(have, "tỏi").satisfied[id_of(need)] > 0.7


def test_the_kind_is_mentioned_if_only_its_group_was_named() -> None:
    content = recipe("Braised Fish", line("cá lóc", essential=True), line("salt"))

    assert "cá thay cho cá lóc" in fit(content.ingredients, ask("cá", "tỏi"), servings=2).why
    assert "thay cho" not in fit(content.ingredients, ask("cá lóc", "tỏi"), servings=2).why


def test_a_title_names_no_kind_if_only_its_group_was_named() -> None:
    broccoli = recipe("Stir-fried Broccoli", line("broccoli", essential=True), line("carrot"))

    found = fitted(broccoli, "vegetable", "garlic")

    assert not promises.keeps_title(broccoli, found.substitutes, found.stands)
    assert not promises.keeps_apart(broccoli, found.stands, found.substitutes)
    assert keeps_title(broccoli, "broccoli", "carrot")


def test_lettuce_is_used_only_in_salads() -> None:
    question = ask("bamboo shoot", "lettuce", language="en")

    kept = {
        method: promises.keeps_variety(content, fit(content.ingredients, question, servings=2).stands, question)
        for method in (Method.SOUP, Method.SALAD)
        if (content := recipe("Vegetable Bowl", line("vegetable"), method=method))
    }

    assert kept == {Method.SOUP: False, Method.SALAD: True}


def test_ingredients_to_buy_do_not_outweigh_those_at_hand() -> None:
    omelette = recipe("Omelette over Rice", line("egg"), line("cooked rice"))
    alone, fed = fitted(omelette, "egg", "chive"), fitted(omelette, "egg", "leftover rice")

    assert promises.is_outweighed(alone.used, alone.to_buy)
    assert not promises.is_outweighed(fed.used, fed.to_buy)


def test_luncheon_meat_is_not_stewed_or_put_into_a_carrot_soup() -> None:
    cooked = [one for one in composed("thịt hộp", "cà rốt", "hành tím") if one.method in {"braise", "soup"}]

    assert not [line.name for one in cooked for line in one.content.ingredients if line.name == "thịt hộp"]


def test_meat_with_only_an_aromatic_is_stir_fried() -> None:
    found = {one.title for one in composed("mề gà", "gừng") if one.archetype == "meat-with-aromatics"}

    assert found == {"Mề gà xào gừng"}


@pytest.mark.parametrize(("wishes", "code"), [({"meal": "breakfast"}, "no_recipes_as_asked"), ({}, "no_recipes")])
def test_an_unmet_wish_is_not_blamed_on_the_ingredients(wishes: dict[str, Any], code: str) -> None:
    found = Offers(replace(ask("mứt dâu", "sữa đặc"), **wishes), ())

    assert [each["code"] for each in found.remarks(0)] == [code]


def test_less_than_half_a_serving_is_too_little() -> None:
    six_for_four = [(1.0, 6.0)]

    assert not promises.is_too_little(six_for_four, 4)
    assert promises.is_too_little(six_for_four, 2)
    assert not promises.is_too_little([], 2)


@pytest.mark.parametrize(("have", "general"), [("chinese sausage", "sausage"), ("pumpkin purée", "pumpkin")])
def test_another_form_of_a_food_does_not_satisfy_an_ingredient(have: str, general: str) -> None:
    known = ingredients.resolve(have)
    assert known is not None

    assert id_of(general) not in satisfied(known)
    assert known.id in satisfied(known)


def offer(title: str, score: float, *used: str, to_buy: tuple[str, ...] = ()) -> Offer:
    ids = frozenset(map(id_of, used))
    found = Fit(1.0, tuple(ids), (), used=ids, to_buy=tuple(map(id_of, to_buy)))
    return Offer(found, score, title, "soup", ids)


def first(*given: Offer, have: tuple[str, ...], **wishes: Any) -> str:
    return arrangement.led(given, replace(ask(*have, language="en"), **wishes))[0].title


def test_the_first_answer_uses_the_fish_rather_than_the_carrot() -> None:
    soup, fish = offer("Carrot Soup", 0.85, "carrot"), offer("Fried Cod", 0.7, "cod")

    assert first(soup, fish, have=("cod", "carrot")) == "Fried Cod"
    assert first(soup, fish, have=("cod", "carrot"), meal="breakfast") == "Carrot Soup"


def test_the_first_answer_needs_nothing_to_be_bought() -> None:
    bake, pan = offer("Cod Bake", 0.9, "cod", to_buy=("milk",)), offer("Fried Cod", 0.8, "cod")

    assert first(bake, pan, have=("cod", "carrot")) == "Fried Cod"


def test_a_much_worse_dish_does_not_become_the_first_answer() -> None:
    soup, fish = offer("Carrot Soup", 1.0, "carrot"), offer("Fried Cod", 0.6, "cod")

    assert first(soup, fish, have=("cod", "carrot")) == "Carrot Soup"


def test_the_first_answer_displaces_no_other_recipe() -> None:
    given = [offer("Carrot Soup", 0.85, "carrot"), offer("Fried Cod", 0.7, "cod"), offer("Boiled Cod", 0.6, "cod")]

    titles = [one.title for one in arrangement.led(given, ask("cod", "carrot", language="en"))]

    assert titles == ["Fried Cod", "Carrot Soup", "Boiled Cod"]
    assert list(arrangement.led([], ask("cod", "carrot", language="en"))) == []


def test_rice_is_cooked_first_for_recipes_with_cooked_rice() -> None:
    bowl = recipe("Rice Bowl", line("cooked rice"), line("egg"))

    assert "cook the rice first" in fitted(bowl, "rice", "egg").why
    assert "cook the" not in fitted(bowl, "leftover rice", "egg").why


def test_a_plain_composed_dish_is_not_offered_beside_catalogue_recipes() -> None:
    plain = next(one for one in composed("clam", "lemon", language="en") if one.archetype == "steamed-seafood")
    authored = replace(offer("Garlic Steamed Clams", 0.9, "clam", "garlic"), method="steam")
    by_rule = Offer(authored.fit, 0.8, plain.title, plain.method, plain.main, composed=plain)

    assert [one.title for one in arrangement.varied([authored, by_rule], 5)] == ["Garlic Steamed Clams"]
    assert len(list(arrangement.varied([authored, replace(by_rule, method="soup", title="Clear broth")], 5))) == 2


def test_what_only_seasons_other_food_is_no_meal() -> None:
    assert promises.is_only_seasoning({id_of("garlic"), id_of("lime")})
    assert not promises.is_only_seasoning({id_of("garlic"), id_of("carrot")})
    assert not promises.is_only_seasoning(set())


def test_no_meal_is_planned_around_cold_cuts_while_there_is_something_else() -> None:
    ham, cakes = offer("Ham with pepper", 0.7, "ham"), offer("Fried rice cakes", 0.9, "bánh chưng")

    assert first(cakes, ham, have=("bánh chưng", "ham")) == "Fried rice cakes"
    assert first(ham, have=("bánh chưng", "ham")) == "Ham with pepper"


def test_a_can_of_tuna_is_canned_tuna() -> None:
    assert {one.key for one in ask("1 hộp cá ngừ", "bánh mì").ingredients} == {"ca-ngu-hop", "banh-mi"}
    assert {one.key for one in ask("200g cá ngừ", "bánh mì").ingredients} == {"ca-ngu", "banh-mi"}


@pytest.mark.parametrize(("have", "need"), [("lươn", "cá"), ("bột mì", "bột semolina"), ("đường bột", "đường")])
def test_a_form_that_is_not_meant_is_not_at_hand_for_the_general_name(have: str, need: str) -> None:
    found = ingredients.resolve(have)

    assert found is not None
    assert id_of(need) not in satisfied(found)


@pytest.mark.parametrize(
    ("need", "by", "kept"),
    [
        ("blueberry", "cranberry", False),
        ("blueberry", "raspberry", True),
        ("milk", "condensed milk", False),
        ("chicken egg", "salted duck egg", False),
    ],
)
def test_what_is_far_more_sour_sweet_or_salty_does_not_stand_by_weight(need: str, by: str, *, kept: bool) -> None:
    weighed = IngredientLine(need, id_of(need), quantity=250, unit="g")
    spooned = IngredientLine(need, id_of(need), quantity=1, unit="tbsp")
    stands = {id_of(need): id_of(by)}

    assert promises.keeps_taste(recipe("Compote", weighed), {}, stands) is kept
    assert promises.keeps_taste(recipe("Compote", spooned), {}, stands)


@pytest.mark.parametrize(
    ("used", "method", "kept"),
    [
        ("egg", Method.SOUP, False),
        ("chicken", Method.SOUP, True),
        ("mushroom", Method.SOUP, True),
        ("egg", Method.STIR_FRY, True),
    ],
)
def test_a_clear_soup_keeps_its_stock(used: str, method: Method, *, kept: bool) -> None:
    content = recipe("Soup", line(used), line("chicken stock cube"), method=method)

    assert promises.keeps_broth(content, {id_of(used)}, [id_of("chicken stock cube")]) is kept
    assert promises.keeps_broth(content, {id_of(used)}, [])


def test_where_a_stock_cube_is_missing_salt_is_added() -> None:
    content = recipe("Chicken soup", line("chicken"), line("chicken stock cube"))

    assert "Season with salt" in fitted(content, "chicken", "carrot").why
