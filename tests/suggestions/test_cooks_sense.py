"""What a cook takes for granted: shapes and times, what leads, what is said, and amounts that a kitchen measures."""

import pytest

from apps.ingredients import services as ingredients
from apps.recipes.content import IngredientLine, Method, RecipeContent
from apps.suggestions import arrangement, offers
from apps.suggestions.arrangement import Offer
from apps.suggestions.at_hand import form_degree, satisfied
from apps.suggestions.composition.composing import Composed
from apps.suggestions.fits import fit
from tests.suggestions.kitchens import ask, composed

pytestmark = pytest.mark.usefixtures("seeded")


def id_of(name: str) -> str:
    found = ingredients.resolve(name)
    assert found is not None, name
    return found.id


def only(found: list[Composed], archetype: str) -> RecipeContent:
    return next(one.content for one in found if one.archetype == archetype)


def texts(content: RecipeContent) -> str:
    return " ".join(step.text for step in content.steps)


def offer(title: str, method: Method, *main: str, score: float) -> Offer:
    found = fit([IngredientLine(name, id_of(name)) for name in main], ask(*main, "muối"), servings=2)
    return Offer(found, score, title, method, frozenset(map(id_of, main)))


@pytest.mark.parametrize(
    ("have", "need"),
    [
        ("lasagna sheet", "spaghetti"),
        ("lasagna sheet", "pasta"),
        ("desiccated coconut", "coconut meat"),
        ("brown rice", "rice"),
        ("black rice", "rice"),
    ],
)
def test_another_shape_or_time_does_not_stand_for_a_food(have: str, need: str) -> None:
    known = ingredients.resolve(have)

    assert known is not None
    assert id_of(need) not in satisfied(known)


def test_a_form_of_a_whole_name_is_none_of_what_contains_it() -> None:
    general, kind = ingredients.resolve("rice vermicelli"), ingredients.resolve("brown rice vermicelli")

    assert general is not None
    assert kind is not None
    assert form_degree(general, kind) == 1.0


def test_brown_rice_is_cooked_longer_than_white() -> None:
    white = only(composed("rice", "eggs", language="en"), "fried-rice")
    brown = only(composed("brown rice", "eggs", language="en"), "fried-rice")

    assert (brown.total_minutes or 0) > (white.total_minutes or 0)


def test_rice_that_was_cooked_is_called_so() -> None:
    steps = only(composed("gạo", "thịt bò băm"), "fried-rice").steps

    assert sum("gạo" in step.text for step in steps) == 1


@pytest.mark.parametrize("have", [("bread", "boiled pork"), ("bread", "brie"), ("bread", "ham", "cheddar")])
def test_a_cold_sandwich_has_something_fresh_sour_or_spread(have: tuple[str, ...]) -> None:
    assert "sandwich" not in {one.archetype for one in composed(*have, language="en")}
    assert "sandwich" in {one.archetype for one in composed(*have, "tomato", language="en")}


def test_a_salad_of_grain_has_something_fresh_or_sour() -> None:
    assert "grain-salad" not in {one.archetype for one in composed("gạo lứt", "gà quay")}
    assert "grain-salad" in {one.archetype for one in composed("gạo lứt", "gà quay", "dưa leo")}


def test_stale_bread_is_toasted() -> None:
    found = only(composed("stale bread", "ham", "tomato", language="en"), "sandwich")

    assert "toast the bread" in texts(found).lower()


def test_cooked_meat_does_not_lead_beside_fresh() -> None:
    question = ask("thịt luộc", "bánh mì", "dưa leo", "thịt gà")

    assert arrangement.hearty(question) == {id_of("thịt gà")}
    assert arrangement.hearty(ask("thịt luộc", "bánh mì")) == {id_of("thịt luộc")}


def test_a_cold_dish_of_leftovers_comes_after_fresh_meat() -> None:
    have = ("thịt luộc", "bánh mì", "dưa leo")
    alone, beside = ask(*have), ask(*have, "thịt gà")
    sandwich = next(one for one in composed(*have) if one.archetype == "sandwich")

    assert offers._composed(sandwich, beside, 0.0).score < offers._composed(sandwich, alone, 0.0).score


def test_a_main_food_not_used_yet_comes_before_a_third_dish_of_another() -> None:
    pork = [
        offer(title, method, "ba rọi", score=score)
        for title, method, score in (
            ("Ba rọi luộc", Method.BOIL, 1.0),
            ("Thịt rang", Method.FRY, 0.95),
            ("Heo nướng", Method.GRILL, 0.93),
        )
    ]
    eggs = offer("Trứng hấp", Method.STEAM, "trứng vịt", score=0.6)

    found = list(arrangement.varied([*pork, eggs], 4, main=frozenset({id_of("ba rọi"), id_of("trứng vịt")})))

    assert [one.title for one in found] == ["Ba rọi luộc", "Thịt rang", "Trứng hấp", "Heo nướng"]


def test_what_is_not_named_takes_no_place_of_a_third_dish() -> None:
    dishes = [
        offer("Ba rọi luộc", Method.BOIL, "ba rọi", score=1.0),
        offer("Thịt rang", Method.FRY, "ba rọi", score=0.95),
        offer("Heo nướng", Method.GRILL, "ba rọi", score=0.93),
        offer("Trứng hấp", Method.STEAM, "trứng vịt", score=0.6),
    ]

    found = list(arrangement.varied(dishes, 3, main=frozenset({id_of("ba rọi")})))

    assert [one.title for one in found] == ["Ba rọi luộc", "Thịt rang", "Heo nướng"]


def test_what_stands_for_something_optional_is_not_said_to_be_used() -> None:
    lines = [
        IngredientLine("thịt gà", id_of("thịt gà")),
        IngredientLine("hành lá", id_of("hành lá"), optional=True, substitutes=(id_of("gừng"),)),
    ]

    assert id_of("gừng") not in fit(lines, ask("thịt gà", "gừng"), servings=2).used
    assert id_of("hành lá") in fit(lines, ask("thịt gà", "hành lá"), servings=2).used


def test_sugar_does_where_something_sweet_is_missing() -> None:
    lines = [IngredientLine(name, id_of(name)) for name in ("trứng", "sữa tươi", "sữa đặc")]

    found = fit(lines, ask("trứng", "sữa tươi"), servings=2)

    assert found.to_buy == ()
    assert "dùng đường" in found.why


def test_salt_and_pepper_are_seasoned_with_once() -> None:
    for one in composed("salt and pepper", "potatoes", "sour cream", language="en"):
        assert "salt and pepper" not in [line.name for line in one.content.ingredients]


def test_an_answer_that_uses_all_but_salt_uses_all() -> None:
    question = ask("muối tiêu", "tôm")
    lines = [IngredientLine("tôm", id_of("tôm"))]

    assert fit(lines, question, servings=2).why == "Dùng hết những gì bạn có."


@pytest.mark.parametrize(("name", "grated"), [("mascarpone", False), ("brie", False), ("cheddar", True)])
def test_only_hard_cheese_is_grated(name: str, *, grated: bool) -> None:
    found = composed("pasta", "spinach", name, language="en")

    assert found
    assert any(f"{name} grated" in texts(one.content) for one in found) is grated


@pytest.mark.parametrize("archetype", ["bean-stew", "congee"])
def test_mince_that_is_stirred_in_is_not_rolled(archetype: str) -> None:
    have = {"bean-stew": ("kidney beans", "tomatoes", "ground beef"), "congee": ("rice", "ground beef", "pumpkin")}
    found = only(composed(*have[archetype], language="en"), archetype)

    assert "rolled" not in texts(found)


def test_small_shrimp_are_not_peeled() -> None:
    assert all("tép bóc vỏ" not in texts(one.content) for one in composed("tép", "hành lá"))
    assert any("tôm bóc vỏ" in texts(one.content) for one in composed("tôm", "hành lá"))


def test_chicken_from_the_pan_is_no_fried_chicken() -> None:
    found = composed("chicken", "paprika", language="en", allergies=["gluten"])

    assert "pan-fried-alone" in {one.archetype for one in found}
    assert all("gluten" not in one.content.allergens for one in found)


def test_a_dish_names_fish_sauce_only_where_it_takes_some() -> None:
    found = composed("cải thảo", "dưa leo", "trứng", "đậu hũ", "bún", "bánh tráng", dietary_restrictions=["vegetarian"])

    made = {one.archetype for one in found}
    assert {"boiled-vegetables", "vegetables-and-egg", "noodle-bowl", "rice-paper-rolls"} <= made
    assert all("nước mắm" not in f"{one.content.description} {texts(one.content)}" for one in found)
