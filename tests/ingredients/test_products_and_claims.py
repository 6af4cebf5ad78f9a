"""Names of products that hide an allergen, words around a food that say no more, and what a title claims."""

from functools import cache

import pytest

from apps.core.food import broken_diets
from apps.ingredients import carrier_table, carriers
from apps.ingredients.asides import Aside
from apps.ingredients.entry import Ingredient
from apps.ingredients.lines import Language
from apps.ingredients.matching import LineFood
from apps.ingredients.scanning import Scanner
from tests.support.ingredients import matcher


@cache
def foods(text: str, language: Language = "en") -> list[LineFood]:
    return matcher().read_line(text, language)


def food(text: str, language: Language = "en") -> Ingredient | None:
    found = foods(text, language)
    return found[0].ingredient if len(found) == 1 else None


def name(text: str, language: Language = "en") -> str | None:
    found = food(text, language)
    return found.en if found else None


@pytest.mark.parametrize(
    ("product", "allergens"),
    [
        ("1 can french fried onions", {"gluten"}),
        ("3 cups Rice Krispies", {"gluten"}),
        ("2 cups eggnog", {"eggs", "milk"}),
        ("1/4 cup egg substitute", {"eggs"}),
        ("peppercorn sauce", {"milk"}),
        ("Miracle Whip", {"eggs", "mustard"}),
        ("1 can chicken noodle soup", {"gluten"}),
        ("2 Butterfinger bars", {"peanuts", "milk", "soy"}),
        ("1 tsp suya spice", {"peanuts"}),
        ("1/4 cup PB2", {"peanuts"}),
        ("1 tub Cool Whip", {"milk"}),
        ("12 Hawaiian rolls", {"gluten", "eggs", "milk"}),
        ("1 oz niter kibbeh", {"milk"}),
        ("sa tế tôm", {"crustaceans"}),
        ("bột canh tôm", {"crustaceans"}),
        ("tôm viên chiên", {"crustaceans"}),
        ("6 sesame seed buns", {"gluten", "sesame"}),
        ("1 box pistachio pudding mix", {"nuts"}),
        ("malted milk powder", {"gluten", "milk"}),
        ("butter chicken sauce", {"milk"}),
        ("clam base", {"molluscs"}),
    ],
)
def test_a_product_contains_what_its_label_says(product: str, allergens: set[str]) -> None:
    found = food(product)

    assert found
    assert allergens <= found.allergens


@pytest.mark.parametrize("product", ["strawberry jello", "1 box lime Jello", "collagen peptides", "meat stock"])
def test_a_product_of_gelatin_or_meat_is_not_vegetarian(product: str) -> None:
    found = food(product)

    assert found
    assert "vegetarian" in found.breaks


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dr pepper", "black pepper"),
        ("cooked ground beef", "meat ragù"),
        ("anchovy paste", "gentleman's relish"),
        ("strawberry ice cream", "mango ice cream"),
        ("chicken tikka", "chicken tikka masala"),
        ("red pepper paste", "ajvar"),
        ("yams", "purple yam"),
        ("bottled lemon juice", "bottled lime juice"),
        ("lasagna pasta", "lasagna"),
        ("turkey sausage", "chicken sausage"),
        ("garden eggs", "egg"),
        ("apple crisp", "apple"),
        ("1/8 cup coconut threads or flakes", "shark"),
        ("1 teaspoon kewra water", "water"),
        ("1 large can (53 oz) pork and beans", "bean"),
    ],
)
def test_a_name_is_not_taken_for_another_food(one: str, other: str) -> None:
    assert name(other) == other
    assert name(one) != other


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1 tsp cumin powder", "cumin"),
        ("a pinch of hing powder", "asafoetida"),
        ("4 star anise pods", "star anise"),
        ("4 pods cardamom", "green cardamom"),
        ("3 ea. eggs", "egg"),
        ("2 or so tablespoons of duck fat", "duck fat"),
        ("2 parts lime juice", "lime juice"),
        ("1 soupspoon honey", "honey"),
        ("2 very large onions", "onion"),
        ("2 cups scalded milk", "milk"),
        ("1 cup filtered water", "water"),
        ("1 large can (53 oz) pork and beans", "pork and beans"),
        ("6 slices bacon, crisp cooked", "bacon"),
        ("2 cubes of maggi", "stock cube"),
        ("1 Maggi cube, crushed", "stock cube"),
    ],
)
def test_words_of_measure_and_form_leave_a_food_what_it_is(line: str, expected: str) -> None:
    assert name(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("còn nửa trái bí xanh", "winter melon"),
        ("thịt heo quay còn dư", "roast pork"),
        ("cá kho thừa", "braised fish"),
        ("cơm còn thừa", "cooked rice"),
        ("xúc xích Đức Việt", "sausage"),
    ],
)
def test_what_is_left_over_and_whose_brand_it_is_leave_a_food_what_it_is(line: str, expected: str) -> None:
    assert name(line, "vi") == expected


@pytest.mark.parametrize("text", ["nồi cơm điện", "nồi chiên không dầu", "máy xay sinh tố", "rice cooker", "air fryer"])
def test_a_device_is_no_food(text: str) -> None:
    assert matcher().match(text).status == "invalid"


@pytest.mark.parametrize(
    "line", ["hickory wood chips", "2 cups mesquite wood chips", "1 cedar plank", "charcoal briquettes"]
)
def test_wood_and_coal_of_a_barbecue_are_no_food(line: str) -> None:
    assert foods(line) == []


@pytest.mark.parametrize(
    ("line", "language", "quantity"),
    [("half a chicken", "en", 0.5), ("2 chickens, jointed", "en", 2.0), ("nửa con gà", "vi", 0.5)],
)
def test_a_counted_bird_is_a_whole_one(line: str, language: Language, quantity: float) -> None:
    (found,) = foods(line, language)

    assert found.ingredient
    assert found.ingredient.key == "ga-nguyen-con"
    assert found.amount.quantity == quantity


@pytest.mark.parametrize("line", ["chicken", "500 g chicken", "2 cups shredded chicken", "3 chicken pieces"])
def test_chicken_that_is_not_counted_is_any_of_it(line: str) -> None:
    found = food(line)

    assert found
    assert found.key != "ga-nguyen-con"


@pytest.mark.parametrize("line", ["boneless chicken thighs", "boneless fish fillets", "boneless pork loin roast"])
def test_boneless_is_said_back_as_preparation(line: str) -> None:
    found = matcher().match(line)

    assert found.status == "exact"
    assert found.preparation == "boneless"


@pytest.mark.parametrize("title", ["Vegan chili", "Chili (vegan)", "Vegan-friendly chili", "Ớt nhồi thuần chay, vegan"])
def test_a_title_claims_a_diet(title: str) -> None:
    assert "vegan" in carriers.claims(title)[1]


@pytest.mark.parametrize(
    "title",
    ["Chili (non-vegan)", "Not vegan chili", "Chili, vegan option", "Chili (vegan or beef)", "Almost vegan chili"],
)
def test_a_claim_that_is_denied_or_only_offered_is_none(title: str) -> None:
    assert "vegan" not in carriers.claims(title)[1]


@cache
def scanner() -> Scanner:
    return Scanner(matcher(), carrier_table.table())


@pytest.mark.parametrize(
    "text",
    [
        "Cream together the sugar and shortening.",
        "Mix. Cream the shortening.",
        "Stir into the creamed mixture.",
        "Strain through a nut milk bag.",
        "Press it through a noodle machine.",
    ],
)
def test_verbs_and_tools_named_like_foods_are_none(text: str) -> None:
    assert [mention.term for mention in scanner().mentions(text, "en") if mention.allergens] == []


@pytest.mark.parametrize(
    "text", ["Whip the cream together with the sugar.", "Beat the eggs and cream together.", "Cream, sugar and eggs."]
)
def test_cream_that_is_no_verb_is_milk(text: str) -> None:
    assert any("milk" in mention.allergens for mention in scanner().mentions(text, "en"))


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("The oil is hot when a 1-inch square of bread takes a minute to brown.", Aside.TEST),
        ("Heat the oil until a cube of bread sizzles.", Aside.TEST),
        ("Stir to the consistency of thick mayonnaise.", Aside.LIKENESS),
        ("Form balls no larger than a walnut.", Aside.LIKENESS),
        ("Cook to a custard-like consistency.", Aside.LIKENESS),
    ],
)
def test_what_tests_the_oil_or_says_what_something_is_like_is_named_in_passing(text: str, aside: Aside) -> None:
    asides = [mention.aside for mention in scanner().mentions(text, "en") if mention.allergens]

    assert asides == [aside]


@pytest.mark.parametrize(
    "text", ["Fry a piece of bread in oil and rub it with garlic.", "Dip each cube of bread into the egg."]
)
def test_bread_that_is_eaten_is_no_test(text: str) -> None:
    breads = [mention for mention in scanner().mentions(text, "en") if "gluten" in mention.allergens]

    assert breads
    assert all(mention.aside != Aside.TEST for mention in breads)


@pytest.mark.parametrize("food_name", ["stock", "stock cube"])
def test_a_general_stock_breaks_diets_by_no_allergen(food_name: str) -> None:
    """So that a title that claims the diet may keep it: see `derivation`."""
    found = food(food_name)

    assert found
    assert "vegetarian" in found.breaks - broken_diets(found.allergens)


def test_a_text_has_the_same_mentions_whatever_was_done_with_those_of_before() -> None:
    first = scanner().mentions("Rub it with butter.", "en")
    kept = list(first)
    first.clear()

    assert kept
    assert scanner().mentions("Rub it with butter.", "en") == kept
