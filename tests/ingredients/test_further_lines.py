"""Kinds of lines that people write and nobody had thought of: counters, sums, lists of what is left out."""

from functools import cache

import pytest

from apps.ingredients import carrier_table, carriers
from apps.ingredients.lines import Language
from apps.ingredients.matching import LineFood
from apps.ingredients.scanning import Scanner
from tests.support.ingredients import matcher

Read = list[tuple[str | None, float | None, str | None]]


@cache
def scanner() -> Scanner:
    return Scanner(matcher(), carrier_table.table())


def line(text: str, language: Language = "en") -> list[LineFood]:
    return matcher().read_line(text, language)


def names(text: str, language: Language = "en") -> list[str | None]:
    return [food.ingredient.en if food.ingredient else None for food in line(text, language)]


def amounts(text: str, language: Language = "en") -> Read:
    return [
        (food.ingredient.en if food.ingredient else None, food.amount.quantity, food.amount.unit)
        for food in line(text, language)
    ]


def allergens(text: str) -> set[str]:
    return {allergen for mention in scanner().mentions(text) for allergen in mention.allergens}


@pytest.mark.parametrize(
    ("name", "food"),
    [
        ("củ cải trắng", "daikon"),
        ("bắp cải", "cabbage"),
        ("bắp chuối", "banana blossom"),
        ("tai heo", "pig's ear"),
    ],
)
@pytest.mark.parametrize("before", ["cà rốt, ", "cà rốt và ", "cà rốt, 2 ", "Rau: cà rốt, "])
def test_a_counter_that_belongs_to_a_name_stays_with_it_behind_other_foods(before: str, name: str, food: str) -> None:
    assert names(f"{before}{name}", "vi") == ["carrot", food]


@pytest.mark.parametrize(
    ("counted", "food"), [("2 củ hành tím", "shallot"), ("1 quả trứng gà", "chicken egg"), ("3 quả cam", "orange")]
)
def test_a_counter_that_only_counts_is_the_unit_behind_other_foods(counted: str, food: str) -> None:
    assert amounts(f"sả, {counted}", "vi")[1] == (food, float(counted[0]), "piece")


@pytest.mark.parametrize("fruit", ["quả quýt", "trái quýt", "quýt"])
def test_a_classifier_within_a_name_says_nothing(fruit: str) -> None:
    assert names(f"vỏ {fruit}", "vi") == ["mandarin peel"]


@pytest.mark.parametrize("sign", ["+", "plus", "and"])
def test_amounts_that_no_unit_adds_up_are_both_kept(sign: str) -> None:
    assert amounts(f"1 can {sign} 2 tbsp coconut milk") == [("coconut milk", 1, "can"), ("coconut milk", 2, "tbsp")]


def test_adjectives_joined_by_or_keep_the_unit_and_each_its_food() -> None:
    assert amounts("6 oz dark or bittersweet chocolate chips") == [("chocolate chip", 170.1, "g")]
    assert [other.en for food in line("2 red or green chillies") for other in food.alternatives] == ["green chilli"]


def test_a_staple_is_no_adjective_of_the_next_food() -> None:
    [sugar] = line("2 tablespoons sugar or maple syrup")

    assert (sugar.ingredient and sugar.ingredient.en, sugar.amount.unit) == ("sugar", "tbsp")
    assert [other.en for other in sugar.alternatives] == ["maple syrup"]


@pytest.mark.parametrize("fruit", ["a lemon", "2 lemons", "3 unwaxed lemons", "3 large lemons"])
def test_zest_and_juice_are_of_one_fruit_however_many(fruit: str) -> None:
    assert names(f"zest and juice of {fruit}") == ["lemon zest", "lemon juice"]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("8/10 biscuits", 8, 10), ("4/6 eggs", 4, 6), ("2/4 cup milk", 0.5, None), ("3/8 cup oil", 0.375, None)],
)
def test_a_slash_is_a_range_where_nobody_writes_such_a_fraction(text: str, low: float, high: float | None) -> None:
    [food] = line(text)

    assert (food.amount.quantity, food.amount.quantity_max) == (low, high)


@pytest.mark.parametrize(
    ("text", "language", "grams"),
    [
        ("hai trăm năm gam đường", "vi", 250),
        ("một trăm hai gam đường", "vi", 120),
        ("hai trăm linh năm gam đường", "vi", 205),
        ("two hundred five grams sugar", "en", 205),
    ],
)
def test_a_figure_behind_hundreds_counts_tens_in_vietnamese(text: str, language: Language, grams: float) -> None:
    assert amounts(text, language) == [("sugar", grams, "g")]


@pytest.mark.parametrize("text", ["1 ít muối", "1 chút muối", "muối: 1 ít"])
def test_a_little_is_no_number_though_it_begins_with_one(text: str) -> None:
    assert amounts(text, "vi") == [("salt", None, None)]


@pytest.mark.parametrize("text", ["i tsp salt", "l tsp salt"])
def test_a_letter_typed_for_a_one_is_read_as_one(text: str) -> None:
    assert amounts(text) == [("salt", 1, "tsp")]


def test_a_condition_that_goes_on_makes_nothing_optional() -> None:
    assert [food.is_optional for food in line("½ cup water (or more if you want watery curry)")] == [False]
    assert [food.is_optional for food in line("300g thịt bò (nếu thích nhiều thịt thì 500g)", "vi")] == [False]
    assert [food.is_optional for food in line("parsley, if desired")] == [True]
    assert [food.is_optional for food in line("ngò rí (nếu thích)", "vi")] == [True]


def test_what_is_done_with_a_food_is_no_food() -> None:
    assert names("1/2 cup tomato sauce (or use 1 fresh tomato and mash it if you prefer)") == ["tomato sauce"]


@pytest.mark.parametrize(
    ("text", "food"),
    [
        ("1 tbsp gluten-free baking powder", "baking powder"),
        ("1 tsp gluten free vanilla extract", "vanilla extract"),
        ("1 cup vegan sugar", "sugar"),
    ],
)
def test_a_food_that_never_has_what_it_is_said_to_lack_is_that_food(text: str, food: str) -> None:
    assert names(text) == [food]


def test_a_canned_soup_is_of_what_it_is_named_after() -> None:
    [soup] = line("1 can cream of celery soup")

    assert soup.ingredient is not None
    assert "celery" in soup.ingredient.allergens
    assert "vegetarian" not in soup.ingredient.breaks


@pytest.mark.parametrize("text", ["1 tbsp vegan worcestershire sauce", "dairy-free ghee"])
def test_a_food_that_usually_has_what_it_is_said_to_lack_is_not_taken_for_it(text: str) -> None:
    assert names(text) == [None]


@pytest.mark.parametrize("text", ["Khuôn ép giò xào", "khuôn tròn 20cm"])
def test_a_vietnamese_line_that_begins_with_a_tool_is_a_tool(text: str) -> None:
    assert line(text, "vi") == []


@pytest.mark.parametrize(
    "listed", ["gluten, egg, dairy & sugar free", "gluten, egg and dairy free", "egg and gluten free"]
)
def test_a_list_that_ends_in_free_denies_all_of_it(listed: str) -> None:
    assert allergens(f"Lemon squares ({listed})") & {"gluten", "eggs", "milk"} == allergens("Lemon squares") & {
        "gluten"
    }
    assert {"eggs", "gluten"} <= carriers.claims(f"Lemon squares ({listed})")[0]


@pytest.mark.parametrize("text", ["made with egg, gluten and dairy free", "contains egg, nut and dairy free"])
def test_a_list_that_begins_in_the_middle_of_a_phrase_denies_nothing_before_its_last(text: str) -> None:
    assert "eggs" in allergens(text)


def test_an_english_word_in_vietnamese_text_may_be_a_slip_of_a_syllable() -> None:
    assert "eggs" in allergens("cho trug ga vào đánh đều")
    assert "eggs" not in allergens("a trug of apples")


@pytest.mark.parametrize(
    ("text", "food"),
    [
        ("thit ga con lai hom qua", "chicken"),
        ("thịt gà còn lại từ hôm qua", "chicken"),
        ("cơm nguội tối qua", "leftover rice"),
        ("mi trung", "egg noodle"),
        ("mì trứng", "egg noodle"),
    ],
)
def test_leftovers_and_noodles_are_read_with_and_without_accents(text: str, food: str) -> None:
    assert names(text, "vi") == [food]
