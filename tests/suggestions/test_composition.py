"""Recipes composed by rules: only dishes that a cook would recognise, with instructions that can be followed."""

import random
from dataclasses import replace
from typing import Any

import pytest

from apps.core.ids import derived_id
from apps.ingredients import services as ingredients
from apps.recipes.content import Method
from apps.suggestions import offers, safety
from apps.suggestions.at_hand import AtHand
from apps.suggestions.composition import archetypes, dishes, foods, pairings, texts
from apps.suggestions.composition.checks import problems_of
from apps.suggestions.composition.composing import Composed
from apps.suggestions.composition.kitchen import Food, staples
from apps.suggestions.composition.measuring import rounded
from apps.suggestions.errors import NotEnoughIngredients
from apps.suggestions.safety import Limits
from tests.suggestions.kitchens import ask, composed, written

pytestmark = pytest.mark.usefixtures("seeded")


def named(found: list[Composed], archetype: str) -> Composed:
    return next(one for one in found if one.archetype == archetype)


@pytest.mark.parametrize(
    ("language", "have", "archetype", "title"),
    [
        ("vi", ("cơm nguội", "trứng", "lạp xưởng"), "fried-rice", "Cơm chiên trứng lạp xưởng"),
        ("vi", ("bí đỏ", "tôm"), "canh", "Canh bí đỏ tôm"),
        ("vi", ("thịt bò", "hành tây"), "stir-fry", "Bò xào hành tây"),
        ("vi", ("cá", "gừng"), "kho", "Cá kho gừng"),
        ("en", ("spaghetti", "ground beef", "canned tomato"), "pasta-tomato", "Spaghetti with tomato and beef sauce"),
        ("en", ("egg", "mushroom"), "omelette", "Mushroom omelette"),
        ("en", ("yogurt", "mango"), "yogurt-bowl", "Yogurt bowl with mango"),
        ("vi", ("cháo trắng", "thịt bằm", "cà rốt"), "congee-from-porridge", "Cháo thịt xay cà rốt"),
        ("vi", ("cá basa", "cà chua", "dứa"), "canh-chua", "Canh chua cá basa nấu dứa"),
        ("vi", ("mì ý", "tôm", "kem tươi"), "pasta-cream", "Mì Ý sốt kem tôm"),
        ("vi", ("nui", "thịt bò"), "stir-fried-macaroni", "Nui xào bò"),
        ("en", ("couscous", "halloumi", "zucchini"), "grain-bowl", "Couscous with halloumi and zucchini"),
        ("en", ("black beans", "corn", "lime"), "bean-salad", "Black bean and corn salad"),
        ("en", ("cooked rice", "parmesan", "butter"), "cheesy-rice", "Creamy rice with parmesan"),
        ("vi", ("xương heo", "khoai môn"), "bone-soup", "Canh khoai môn hầm xương heo"),
        ("vi", ("xương heo", "củ sen"), "bone-soup", "Canh củ sen hầm xương heo"),
        ("vi", ("xương ống", "bí đỏ"), "bone-soup", "Canh bí đỏ hầm xương hầm"),
        ("vi", ("bánh tráng", "tôm", "bún", "xà lách"), "rice-paper-rolls", "Gỏi cuốn tôm"),
        ("en", ("rice paper", "shrimp", "mango"), "rice-paper-rolls", "Rice paper rolls with shrimp"),
        ("en", ("tortilla wraps", "canned tuna", "sweetcorn", "mayo"), "wrap", "Tuna and corn wraps"),
        ("en", ("tortillas", "chicken", "bell pepper"), "fajitas", "Chicken and bell pepper fajitas"),
        ("en", ("wraps", "eggs", "spinach"), "egg-wrap", "Egg and spinach wraps"),
        ("vi", ("bánh gạo tteokbokki", "kim chi", "phô mai"), "rice-cakes", "Bánh gạo xào kim chi phô mai"),
        ("vi", ("hột vịt lộn", "rau răm"), "boiled-balut", "Trứng vịt lộn luộc rau răm"),
        ("en", ("pasta", "parsley"), "herb-pasta", "Pasta with parsley"),
        ("en", ("lasagna sheets", "ground beef", "canned tomato"), "lasagne", "Beef lasagne"),
        ("vi", ("bánh mì cũ", "thịt luộc"), "hot-sandwich", "Bánh mì cũ nướng kẹp thịt luộc áp chảo"),
    ],
)
def test_a_dish_has_its_common_name(language: str, have: tuple[str, ...], archetype: str, title: str) -> None:
    assert named(composed(*have, language=language), archetype).title == title


def test_porridge_is_no_rice_to_fry() -> None:
    found = {one.archetype for one in composed("cháo trắng", "thịt bằm", "cà rốt")}

    assert "congee-from-porridge" in found
    assert not found & {"fried-rice", "congee"}


def test_a_dish_that_is_seasoned_already_is_not_simmered_in_fish_sauce() -> None:
    assert "ready-meat-in-fish-sauce" in {one.archetype for one in composed("thịt luộc", "tỏi")}
    assert "ready-meat-in-fish-sauce" not in {one.archetype for one in composed("bò xào", "tỏi")}


@pytest.mark.parametrize(
    ("language", "have", "archetype"),
    [
        ("vi", ("mì gói", "xúc xích", "trứng"), "instant-noodle-soup"),
        ("en", ("pasta", "tuna", "sweetcorn", "mayonnaise"), "pasta-salad"),
        ("en", ("leftover rice", "peas", "ham", "eggs"), "fried-rice"),
    ],
)
def test_what_people_cook_in_a_quarter_of_an_hour_takes_no_longer(
    language: str, have: tuple[str, ...], archetype: str
) -> None:
    assert (named(composed(*have, language=language), archetype).content.total_minutes or 0) <= 15


@pytest.mark.parametrize(
    ("language", "have"),
    [
        ("vi", ("kem", "mắm tôm")),
        ("en", ("marshmallow", "canned sardine", "pickle")),
        ("en", ("ice cream", "mustard", "caviar")),
    ],
)
def test_nothing_is_composed_without_a_matching_archetype(language: str, have: tuple[str, ...]) -> None:
    try:
        assert composed(*have, language=language) == []
    except NotEnoughIngredients:
        assert language == "vi"


def test_foods_that_do_not_go_together_share_no_dish() -> None:
    dishes = composed("cá khô", "sầu riêng", language="vi")

    assert [dish.title for dish in dishes] == ["Cá khô chiên"]
    durian = ingredients.resolve("sầu riêng")
    assert durian is not None
    assert durian.id not in {line.ingredient_id for line in dishes[0].content.ingredients}


@pytest.mark.parametrize(
    ("language", "have", "archetype", "title"),
    [
        ("vi", ("cua", "chanh"), "steamed-seafood", "Cua hấp"),
        ("vi", ("vịt quay", "tỏi"), "ready-meat-in-fish-sauce", "Vịt quay rim mắm tỏi"),
        ("vi", ("cá mòi hộp", "hành tây"), "canned-fish-with-aromatics", "Cá mòi hộp rim hành tây"),
        ("vi", ("khô cá sặc", "dưa chuột"), "fried-dried-fish", "Khô cá sặc chiên"),
        ("vi", ("lưỡi heo", "chanh"), "boiled-meat", "Lưỡi heo luộc"),
        ("en", ("chicken breast", "lemon"), "pan-fried-alone", "Pan-fried chicken breast"),
        ("en", ("ground beef", "parsley"), "mince-patties", "Beef patties"),
        ("en", ("asparagus", "cheddar", "breadcrumb"), "gratin", "Asparagus gratin with cheddar"),
        ("en", ("strawberry", "sour cream"), "fruit-with-cream", "Strawberries with sour cream"),
        ("en", ("wheat flour", "egg", "raspberry"), "pancakes", "Raspberry pancakes"),
    ],
)
def test_one_ingredient_and_staples_make_a_simple_dish(
    language: str, have: tuple[str, ...], archetype: str, title: str
) -> None:
    assert named(composed(*have, language=language), archetype).title == title


def test_sweet_dishes_contain_nothing_savoury() -> None:
    for one in composed("chuối", "sữa chua", "thịt heo", "nước tương", "yến mạch"):
        roles = {kind.role for line in one.content.ingredients if (kind := kind_of(line))}
        assert not (one.is_sweet and roles & {"protein", "sauce", "aromatic"})


def kind_of(line: Any) -> Any:
    found = ingredients.find(line.ingredient_id)
    return foods.class_of(found) if found and not found.staple else None


def test_one_egg_stays_one_egg_in_every_dish() -> None:
    for one in composed("1 quả trứng", "cơm nguội", "cà chua", household_size=3):
        eggs = [line.quantity for line in one.content.ingredients if "trứng" in line.name]
        assert eggs in ([], [1.0])


def test_servings_are_limited_by_the_amounts_at_hand() -> None:
    plenty = named(composed("500g thịt bò", "hành tây", household_size=4), "stir-fry")
    little = named(composed("100g thịt bò", "hành tây", household_size=4), "stir-fry")

    assert (plenty.content.servings, little.content.servings) == (4, 1)


def test_salt_replaces_fish_sauce_for_people_who_must_not_eat_it() -> None:
    vegan = named(composed("đậu phụ", "nấm", dietary_restrictions=["vegan"]), "stir-fry")
    anybody = named(composed("đậu phụ", "nấm"), "stir-fry")

    assert "muối" in [line.name for line in vegan.content.ingredients]
    assert "nước mắm" in [line.name for line in anybody.content.ingredients]


def test_a_caramel_braise_needs_fish_sauce() -> None:
    found = composed("thịt heo", "gừng", allergies=["fish"])

    assert "kho" not in [one.archetype for one in found]


def test_composing_is_deterministic() -> None:
    once, again = composed("thịt gà", "cà rốt", "gạo"), composed("thịt gà", "cà rốt", "gạo")

    assert [one.content for one in once] == [one.content for one in again]


def test_a_requested_cooking_time_is_kept() -> None:
    question = ask("thịt gà", "khoai tây", "cà rốt", max_minutes=30)

    assert all((one.content.total_minutes or 0) <= 30 for one in offers.compose(question))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("seed", range(12))
def test_a_recipe_composed_of_anything_is_valid_and_safe(language: str, seed: int) -> None:
    chance = random.Random(seed)
    usable = [one for one in ingredients.master_list().values() if foods.class_of(one)]
    names = [one.name(language) for one in chance.sample(usable, 14)]
    limits: dict[str, Any] = {"allergies": chance.sample(["fish", "milk", "eggs", "soy", "gluten", "peanuts"], 1)}

    for one in composed(*names, language=language, **limits):
        assert list(problems_of(one.content)) == []
        assert one.content.allergens_complete
        assert safety.violations_of(ask(*names, language=language, **limits).limits, one.content) == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_whatever_is_fried_has_a_fat_that_a_step_uses(language: str) -> None:
    fats = {one.id for one in ingredients.master_list().values() if foods.role_of(one.id) == "fat"}
    fats |= {derived_id("ingredient", staples()["oil"].key)}
    fried = [one for one in archetypes.archetypes() if one.method in {Method.FRY, Method.STIR_FRY}]

    for one in fried:
        if language in one.languages:
            for content in written(one, language):
                names = [line.name for line in content.ingredients if line.ingredient_id in fats]
                assert names, (one.key, content.title)
                assert all(any(name in step.text for step in content.steps) for name in names), content.title
                assert "fried without fat" not in problems_of(content)


def test_what_is_fried_without_fat_is_a_problem() -> None:
    found = named(composed("cơm nguội", "ớt chuông"), "fried-rice").content
    dry = replace(found, ingredients=tuple(line for line in found.ingredients if line.name != "dầu ăn"))

    assert list(problems_of(found)) == []
    assert "fried without fat" in problems_of(dry)


def safe_without(found: list[Composed], allergen: str) -> set[str]:
    limits = Limits(frozenset({allergen}))
    return {
        one.title for one in found if not safety.violations(limits, [i.ingredient_id for i in one.content.ingredients])
    }


@pytest.mark.parametrize(
    ("language", "have", "allergen"),
    [
        ("vi", ("bí đao", "thịt nạc xay", "hành lá"), "crustaceans"),
        ("vi", ("rau ngót", "thịt xay"), "crustaceans"),
        ("vi", ("cải bẹ xanh", "thịt xay"), "crustaceans"),
        ("vi", ("cơm nguội", "cà rốt", "trứng"), "crustaceans"),
        ("vi", ("miến", "thịt gà", "cà rốt"), "crustaceans"),
        ("vi", ("cà ri", "thịt gà", "nước cốt dừa", "khoai tây"), "gluten"),
        ("vi", ("bí đỏ", "hành tây"), "gluten"),
        ("en", ("chickpeas", "onion"), "gluten"),
        ("en", ("carrot", "onion"), "milk"),
        ("en", ("cooked rice", "carrot", "peas", "egg"), "crustaceans"),
    ],
)
def test_an_allergy_removes_only_dishes_that_need_the_allergen(
    language: str, have: tuple[str, ...], allergen: str
) -> None:
    anybody = composed(*have, language=language)
    careful = composed(*have, language=language, allergies=[allergen])

    assert safe_without(anybody, allergen) == {one.title for one in careful} != set()


def test_what_is_boiled_beside_meat_or_fish_is_no_salad_and_starts_by_its_time() -> None:
    raw = {"tomato", "cherry_tomato", "cucumber", "salad_leaf", "herb"}
    for one in archetypes.archetypes():
        for slot in one.slots:
            if slot.name == "side":
                assert not slot.classes & raw, one.key
                assert any("{side.stages}" in step.text["en"] for step in one.steps), one.key

    fish = named(composed("cá basa", "cà chua"), "pan-fried-fish").content
    assert not any("Luộc" in step.text for step in fish.steps)
    assert any("cà chua" in step.text for step in fish.steps)


def test_a_herb_is_weighed_as_a_herb_wherever_it_is_used() -> None:
    usable = [
        one for one in ingredients.master_list().values() if (kind := foods.class_of(one)) and kind.role == "herb"
    ]

    for herb in usable:
        kind = foods.class_of(herb)
        for one in archetypes.archetypes():
            for slot in one.slots:
                food = Food(AtHand(herb), kind) if kind else None
                if food and dishes.fills(slot, food) and dishes.unit_of(slot, food, "en") == "g":
                    assert dishes.amount_of(slot, food) <= 7.5, (one.key, herb.en)


def test_every_archetype_loads_and_names_existing_foods() -> None:
    keys = {one.key for one in ingredients.master_list().values()}
    classes = {kind.key for kind in foods.all_classes()}

    for one in archetypes.archetypes():
        slots = {slot.name for slot in one.slots}
        assert {name for slot in one.slots for name in slot.classes} <= classes, one.key
        assert {key for slot in one.slots for key in slot.keys} <= keys, one.key
        assert set(one.mains) <= slots, one.key
        assert {name for names in one.any_of for name in names} <= slots, one.key
        assert set(one.staples) <= set(staples()), one.key
        for language in one.languages:
            assert all(titles[language] for _, titles in one.titles), one.key
            assert all(step.text[language] for step in one.steps), one.key


def test_placeholders_in_texts_are_slots_or_staples_of_the_archetype() -> None:
    for one in archetypes.archetypes():
        known = {slot.name for slot in one.slots} | set(one.staples) | {"season", "prep", "mains", "list", "oven"}
        written = [step.text for step in one.steps] + [both for _, both in one.titles] + [one.descriptions]
        for language in one.languages:
            for both in written:
                for expression in texts._SLOT.findall(both.get(language, "")):
                    for name in expression.replace("|", "+").split("+"):
                        bare = name.partition(".")[0]
                        stem, _, form = bare.rpartition("_")
                        plain = stem if form in {"t", "with", "plain", "1", "2"} else bare
                        assert plain.partition("_but_")[0] in known, (one.key, language, expression)


def test_food_pairings_come_from_the_authored_recipes() -> None:
    kinds = {kind.key: kind for kind in foods.all_classes()}

    assert pairings.goes_together(kinds["egg"], kinds["tomato"])
    assert pairings.goes_together(kinds["cabbage"], kinds["noodle"])
    assert not pairings.goes_together(kinds["dried_fish"], kinds["sweet_topping"])


@pytest.mark.parametrize(
    ("amount", "unit", "whole", "expected"),
    [(1.5, "piece", True, 2.0), (0.2, "piece", True, 1.0), (0.3, "piece", False, 0.5), (123, "g", False, 120.0),
     (23, "g", False, 25.0), (0.33, "tsp", False, 0.25), (0.8, "tbsp", False, 1.0), (437, "ml", False, 450.0)],
)  # fmt: skip
def test_amounts_can_be_measured_in_a_kitchen(amount: float, unit: str, *, whole: bool, expected: float) -> None:
    assert rounded(amount, unit, whole=whole) == expected
