"""Lines that name several foods: each is kept, with the amount that it has."""

import pytest

from apps.ingredients.lines import Language
from tests.support.ingredients import matcher

Foods = list[tuple[str, float | None, str | None]]
Counts = list[tuple[str, float | None]]


def read(text: str, language: Language) -> Foods:
    return [
        (food.ingredient.en if food.ingredient else "?", food.amount.quantity, food.amount.unit)
        for food in matcher().read_line(text, language)
    ]


@pytest.mark.parametrize(
    ("text", "foods"),
    [
        ("2 tsp EACH paprika, ancho chili powder", [("paprika", 2, "tsp"), ("ancho chilli", 2, "tsp")]),
        ("1 cup each diced turnip, leek & potato", [("turnip", 1, "cup"), ("leek", 1, "cup"), ("potato", 1, "cup")]),
        (
            "3 tbsp each of fish sauce, rice vinegar and sesame oil",
            [("fish sauce", 3, "tbsp"), ("rice vinegar", 3, "tbsp"), ("sesame oil", 3, "tbsp")],
        ),
        ("salt, pepper, cumin (2 tsp each)", [("salt", 2, "tsp"), ("black pepper", 2, "tsp"), ("cumin", 2, "tsp")]),
        (
            "1 tsp each salt and pepper, 2 cups rice",
            [("salt", 1, "tsp"), ("black pepper", 1, "tsp"), ("rice", 2, "cup")],
        ),
    ],
)
def test_an_english_amount_of_each_is_that_of_every_food(text: str, foods: Foods) -> None:
    assert read(text, "en") == foods


@pytest.mark.parametrize(
    ("text", "foods"),
    [
        ("tiêu, đường, hạt nêm mỗi thứ 2 thìa", [("black pepper", 2), ("sugar", 2), ("seasoning powder", 2)]),
        ("tôm, mực mỗi loại 300g", [("shrimp", 300), ("squid", 300)]),
        ("Mỗi thứ 1 muỗng cà phê: muối, tiêu, đường", [("salt", 1), ("black pepper", 1), ("sugar", 1)]),
        ("Gừng, ớt, tỏi băm nhuyễn (mỗi loại 1 thìa)", [("ginger", 1), ("chilli", 1), ("garlic", 1)]),
        ("muối đường bột ngọt mỗi thứ 1 muỗng", [("salt", 1), ("sugar", 1), ("msg", 1)]),
        ("500g sườn, muối, đường mỗi thứ 1 thìa", [("pork rib", 500), ("salt", 1), ("sugar", 1)]),
    ],
)
def test_a_vietnamese_amount_of_each_is_that_of_every_food_without_one(text: str, foods: Counts) -> None:
    assert [(name, quantity) for name, quantity, _ in read(text, "vi")] == foods


@pytest.mark.parametrize(
    ("text", "language", "foods"),
    [
        ("1 chopped shallot, 2 cups sliced leeks", "en", [("shallot", 1), ("leek", 2)]),
        ("1 carrot 2 onions 3 stalks celery", "en", [("carrot", 1), ("onion", 2), ("celery", 3)]),
        ("2 onions - 3 carrots", "en", [("onion", 2), ("carrot", 3)]),
        ("2 eggs plus 1 yolk", "en", [("egg", 2), ("egg yolk", 1)]),
        ("1/2 c. butter, melted, and 3/4 c. sugar", "en", [("butter", 0.5), ("sugar", 0.75)]),
        ("200g tôm 100g mực", "vi", [("shrimp", 200), ("squid", 100)]),
        ("2 củ cà rốt 3 tép tỏi", "vi", [("carrot", 2), ("garlic", 3)]),
    ],
)
def test_an_amount_in_the_middle_begins_another_food(text: str, language: Language, foods: Counts) -> None:
    assert [(name, quantity) for name, quantity, _ in read(text, language)] == foods


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Juice of 1 lime", "lime juice"),
        ("chicken thighs, cut into 2 cm pieces", "chicken thigh"),
        ("1 can tuna, oil drained", "tuna"),
        ("2 leeks, white part only", "leek"),
        ("3 spring onions, whites and greens separated", "scallion"),
        ("1 onion, 2 cups chopped", "onion"),
    ],
)
def test_what_is_said_of_a_food_is_no_other_food(text: str, name: str) -> None:
    assert [found for found, _, _ in read(text, "en")] == [name]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("salt, peanuts and oil to taste", ["salt", "peanut", "vegetable oil"]),
        ("Salt, freshly ground black pepper, olive oil", ["salt", "black pepper", "olive oil"]),
        ("crumbled feta, sliced cucumbers, hot sauce", ["feta", "cucumber", "hot sauce"]),
        ("naan, pickled shallots and Greek yoghurt, to serve", ["naan", "pickled shallot", "greek yogurt"]),
    ],
)
def test_foods_behind_a_comma_are_kept_with_what_is_done_to_them(text: str, names: list[str]) -> None:
    assert [found for found, _, _ in read(text, "en")] == names


@pytest.mark.parametrize(
    "text", ["1 onion, 1 cup zorbleberries", "1 cup zorbleberries, 1 onion", "onion, zorbleberries and salt"]
)
def test_a_measured_food_that_nobody_knows_is_kept_beside_those_known(text: str) -> None:
    found = [name for name, _, _ in read(text, "en")]

    assert {"?", "onion"} <= set(found)


@pytest.mark.parametrize(
    ("text", "name"),
    [("thai chili jam", "thai chilli jam"), ("chile oil", "chilli oil"), ("vegan yoghurt", "plant yogurt")],
)
def test_a_word_is_the_same_in_every_country_that_spells_it(text: str, name: str) -> None:
    spelt, meant = matcher().match(text, "en").ingredient, matcher().match(name, "en").ingredient

    assert spelt is not None
    assert spelt == meant or meant is None


@pytest.mark.parametrize(
    ("text", "name", "quantity", "unit"),
    [
        ("Ngao tươi: 2kg", "clam", 2, "kg"),
        ("Bánh phở - 200gr", "flat rice noodle", 200, "g"),
        ("Cá lóc: 1 con khoảng 800g", "snakehead fish", 1, "piece"),
        ("Hành tím: 2 củ to", "shallot", 2, "piece"),
        ("Bánh phở-200g", "flat rice noodle", 200, "g"),
        ("Nạc vai lợn: 100 g, băm nhuyễn", "pork shoulder", 100, "g"),
    ],
)
def test_an_amount_behind_a_colon_or_a_dash_is_that_of_the_food(
    text: str, name: str, quantity: float, unit: str
) -> None:
    assert read(text, "vi") == [(name, quantity, unit)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bạc hà (dọc mùng): 200g", "taro stem"),
        ("3 củ hành khô", "shallot"),
        ("500ml nước dùng xương", "stock"),
        ("2 muỗng canh bơ", "butter"),
    ],
)
def test_what_stands_beside_a_name_of_several_foods_says_which_is_meant(text: str, name: str) -> None:
    assert [found for found, _, _ in read(text, "vi")] == [name]


@pytest.mark.parametrize(
    ("text", "first", "other"),
    [
        ("Dầu ăn hoặc mỡ lợn", "vegetable oil", "pork fat"),
        ("2 muỗng sốt mayonnaise hoặc sữa chua", "mayonnaise", "yogurt"),
    ],
)
def test_a_vietnamese_alternative_is_kept(text: str, first: str, other: str) -> None:
    (food,) = matcher().read_line(text, "vi")

    assert (food.ingredient and food.ingredient.en, [each.en for each in food.alternatives]) == (first, [other])


def test_an_alternative_to_a_substitute_keeps_its_allergens() -> None:
    (food,) = matcher().read_line("vegan fish sauce or fish sauce 1 tbsp", "vi")

    assert "fish" in {allergen for each in food.alternatives for allergen in each.allergens}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("3 cloves minced garlic", "garlic"),
        ("5 to 6 cloves", "clove"),
        ("Sourdough Bread-2 cups cubed", "sourdough bread"),
        ("2 tall cans 7-Up", "lemon-lime soda"),
    ],
)
def test_a_unit_is_not_taken_for_the_food_that_it_counts(text: str, name: str) -> None:
    assert [found for found, _, _ in read(text, "en")] == [name]


@pytest.mark.parametrize(
    ("text", "foods"),
    [
        ("1-15 ounce can black beans", [("black bean", 425.25, "g")]),
        ("2-14.5 oz cans diced tomatoes", [("canned tomato", 822.15, "g")]),
        ("1 - 8 oz block cream cheese", [("cream cheese", 226.8, "g")]),
        ("1-2 lb ground turkey", [("ground turkey", 453.6, "g")]),
        ("10-12 oz pack bacon", [("bacon", 283.5, "g")]),
        ("11/2 cups rice", [("rice", 1.5, "cup")]),
        ("3/4 cup rice", [("rice", 0.75, "cup")]),
        ("1 No. 2 can crushed tomatoes", [("canned tomato", 1, "can")]),
    ],
)
def test_a_hyphen_before_the_weight_of_a_package_is_no_range(text: str, foods: Foods) -> None:
    assert read(text, "en") == foods


@pytest.mark.parametrize(
    ("text", "foods"),
    [
        ("Garlic, oil, pepper", ["garlic", "vegetable oil", "black pepper"]),
        ("onion, water, salt", ["onion", "water", "salt"]),
        ("2 tbsp fried onions a pinch of salt", ["fried onion", "salt"]),
    ],
)
def test_foods_of_their_own_are_not_drawn_together_into_another(text: str, foods: list[str]) -> None:
    assert [name for name, _, _ in read(text, "en")] == foods


def test_an_alternative_with_a_head_of_its_own_keeps_it_and_the_unit() -> None:
    [juice] = matcher().read_line("1 tablespoon lemon or orange juice", "en")

    assert juice.ingredient is not None
    assert juice.ingredient.en == "lemon juice"
    assert [other.en for other in juice.alternatives] == ["orange juice"]
    assert (juice.amount.quantity, juice.amount.unit) == (1, "tbsp")


@pytest.mark.parametrize(
    ("text", "food"),
    [
        ("2 tablespoons Cajun seasoning spice", "cajun seasoning"),
        ("1 package (2 teaspoons) taco seasoning packet", "taco seasoning"),
        ("⅓ cup Simply Nature Organic Extra-Virgin Olive Oil", "extra virgin olive oil"),
        ("1 stick butter room temp.", "butter"),
        ("2 ripe but firm bananas, peeled", "banana"),
        ("3.5 oz 70% cocoa dark chocolate", "dark chocolate"),
        ("1 cup vanilla almond milk", "almond milk"),
        ("1 tsp soda", "baking soda"),
    ],
)
def test_flavours_brands_states_and_what_mixtures_are_called_leave_a_food_what_it_is(text: str, food: str) -> None:
    assert [name for name, _, _ in read(text, "en")] == [food]


def test_what_pages_escape_is_read_as_it_is_shown() -> None:
    for text in ("salt &amp; black pepper", "Salt u0026 black pepper"):
        assert read(text, "en") == read("salt & black pepper", "en")


@pytest.mark.parametrize("text", ["vermicelli", "8 oz vermicelli"])
def test_vermicelli_may_be_of_wheat(text: str) -> None:
    match = matcher().match(text, "en")

    assert match.status == "ambiguous"
    assert {frozenset(food.allergens) for food in match.suggestions} == {frozenset(), frozenset({"gluten"})}
