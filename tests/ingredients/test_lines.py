"""Lines as people write them, in both languages: the food, how much of it, and what is said besides."""

import pytest

from apps.ingredients.lines import Language, name_of, parse_line
from apps.ingredients.matching import LineFood, Match
from tests.support.ingredients import matcher


def match(text: str, language: Language | None = None) -> Match:
    return matcher().match(text, language)


def meant(text: str, language: Language | None = None) -> str | None:
    ingredient = match(text, language).ingredient
    return ingredient.en if ingredient else None


def foods(text: str, language: Language | None = None) -> list[str]:
    return [one.en for one in match(text, language).foods]


def read(text: str, language: Language = "en") -> list[LineFood]:
    return matcher().read_line(text, language)


@pytest.mark.parametrize(
    ("text", "quantity", "unit", "name"),
    [
        ("300g thịt bò", 300, "g", "thịt bò"),
        ("300 g thit bo", 300, "g", "thit bo"),
        ("1,5 kg gạo", 1.5, "kg", "gạo"),
        ("2 quả cà chua", 2, "piece", "cà chua"),
        ("2 muỗng canh nước mắm", 2, "tbsp", "nước mắm"),
        ("1M nước mắm", 1, "tbsp", "nước mắm"),
        ("1/2m tiêu sọ", 0.5, "tsp", "tiêu sọ"),
        ("1/2 thìa cà phê tiêu", 0.5, "tsp", "tiêu"),
        ("3 tép tỏi", 3, "clove", "tỏi"),
        ("1 củ nhỏ gừng", 1, "piece", "gừng"),
        ("1 tbsp fish sauce", 1, "tbsp", "fish sauce"),
        ("1 tsp. salt", 1, "tsp", "salt"),
        ("2 T sugar", 2, "tbsp", "sugar"),
        ("3 cloves of garlic", 3, "clove", "garlic"),
        ("2 large cloves of garlic", 2, "clove", "garlic"),
        ("a generous ½ teaspoon salt", 0.5, "tsp", "salt"),
        ("1/3rd cup honey", 0.333, "cup", "honey"),
        ("2/3rds cup sugar", 0.667, "cup", "sugar"),
        ("2 tomatoes", 2, None, "tomatoes"),
        ("2 x 400g can tomatoes", 800, "g", "tomatoes"),
        ("2 14-oz cans tomatoes", 793.8, "g", "tomatoes"),
        ("1 (14-ounce) can tomatoes", 1, "can", "tomatoes"),
        ("200g/7oz butter", 200, "g", "butter"),
        ("3 - 4 x 15ml tablespoons oil", 45, "ml", "oil"),
    ],
)
def test_an_amount_in_front_is_taken_off(text: str, quantity: float | None, unit: str | None, name: str) -> None:
    amount = parse_line(text).amount

    assert (amount.quantity, amount.unit, name_of(text)) == (quantity, unit, name)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("1/2 kg gạo", 0.5),
        ("1 1/2 kg gạo", 1.5),
        ("1½ kg gạo", 1.5),
        ("1-1/2 kg gạo", 1.5),
        ("1kg5 gạo", 1.5),
        ("1 kg rưỡi gạo", 1.5),
        ("nửa kg gạo", 0.5),
        ("một ký gạo", 1),
        ("half a kg rice", 0.5),
        ("a kilo of rice", 1),
        ("one and a half kg rice", 1.5),
        ("khoảng 2 kg gạo", 2),
        ("~2kg gạo", 2),
        ("1.250 kg gạo", 1.25),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, quantity: float) -> None:
    amount = parse_line(text).amount

    assert (amount.quantity, amount.unit) == (quantity, "kg")


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("3 lạng thịt", 300, "g"),
        ("1 lb thịt", 453.6, "g"),
        ("1.500 g thịt", 1500, "g"),
        ("ba trăm gam thịt", 300, "g"),
        ("2 dl thịt", 200, "ml"),
        ("1 chục thịt", 10, "piece"),
    ],
)
def test_units_become_canonical(text: str, quantity: float, unit: str) -> None:
    assert (parse_line(text).amount.quantity, parse_line(text).amount.unit) == (quantity, unit)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2-3 quả trứng", 2, 3),
        ("2 – 3 quả trứng", 2, 3),
        ("2 đến 3 quả trứng", 2, 3),
        ("12 to 18 medium to large shrimp", 12, 18),
        ("1-2.5 onions", 1, 2.5),
        ("1 to 1½ cups milk", 1, 1.5),
    ],
)
def test_both_ends_of_a_range_are_kept(text: str, low: float, high: float) -> None:
    assert (parse_line(text).amount.quantity, parse_line(text).amount.quantity_max) == (low, high)


@pytest.mark.parametrize("text", ["một ít muối", "chút muối", "vài muối", "some muối", "a little muối"])
def test_a_vague_amount_has_no_number(text: str) -> None:
    assert parse_line(text).amount.quantity is None
    assert meant(text) == "salt"


def test_a_unit_needs_no_number() -> None:
    assert (match("pinch salt").unit, meant("pinch salt")) == ("pinch", "salt")


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("thịt bò 300g", 300, "g"),
        ("cà chua (2 quả)", 2, "piece"),
        ("cà chua: 2 quả", 2, "piece"),
        ("muối, 1 nhúm", 1, "pinch"),
        ("tóc tiên 2 nhúm nhỏ", 2, "pinch"),
        ("trứng gà 2 trứng", 2, None),
    ],
)
def test_an_amount_behind_is_taken_off(text: str, quantity: float, unit: str | None) -> None:
    assert match(text).status == "exact"
    assert (parse_line(text).amount.quantity, parse_line(text).amount.unit) == (quantity, unit)


def test_number_words_without_marks_count_only_with_a_unit() -> None:
    assert name_of("nam rom") == "nam rom"
    assert parse_line("nam qua trung").amount.quantity == 5


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2 cups all-purpose flour, sifted", "all-purpose flour"),
        ("1 small onion (finely chopped)", "onion"),
        ("butter, at room temperature", "butter"),
        ("4 boneless, skinless chicken breasts", "chicken breast"),
        ("4 long, mild red chillies", "chilli"),
        ("3 pounds crisp, tart apples", "apple"),
        ("½ cup fruity, dark green olive oil", "olive oil"),
        ("juice of 2 limes", "lime juice"),
        ("zest of 1 lemon", "lemon zest"),
        ("3 eggs, yolks only", "egg yolk"),
        ("2 cups sugar, brown", "brown sugar"),
        ("feta cheese", "feta"),
        ("1 can of chickpeas", "chickpea"),
        ("oil for frying", "oil"),
        ("thịt bò xay đông lạnh", "ground beef"),
        ("nước mắm Phú Quốc", "fish sauce"),
        ("tỏi băm nhuyễn", "garlic"),
        ("vừa đủ muối", "salt"),
        ("lá thyme", "thyme"),
        ("nấm hương ngâm nở", "shiitake"),
        ("cá lóc phi lê", "snakehead fish"),
    ],
)
def test_the_head_noun_is_the_food(text: str, name: str) -> None:
    found = match(text)

    assert found.status == "exact"
    assert name in {meant(text), *found.ingredient.aliases.get("en", ())} if found.ingredient else False


def test_what_is_said_beyond_the_name_is_the_preparation() -> None:
    assert match("2 cups flour, sifted").preparation == "sifted"
    assert match("1 củ hành tây, thái lát").preparation == "thái lát"
    assert match("frozen green beans, thawed").preparation == "frozen, thawed"


@pytest.mark.parametrize(
    "text", ["vegan butter", "leather flour", "margarine-free butter cookies dough", "bột cam", "nước đỏ"]
)
def test_a_word_that_may_make_another_food_of_it_is_not_left_out(text: str) -> None:
    assert meant(text) not in {"butter", "all-purpose flour", "wheat flour", "water"}


def test_dried_fruit_is_not_read_as_fresh_fruit() -> None:
    few = match("dried kumquats")

    assert few.ingredient is None or "sulphites" in few.ingredient.allergens | few.ingredient.may_contain


@pytest.mark.parametrize(
    ("text", "names", "is_choice"),
    [
        ("salt and sugar", ["salt", "sugar"], False),
        ("butter or margarine", ["butter", "margarine"], True),
        ("beef or chicken stock", ["beef stock", "chicken stock"], True),
        ("thì là, rau răm", ["dill", "vietnamese coriander"], False),
        ("1 onion, 2 carrots", ["onion", "carrot"], False),
        ("gừng, sả băm", ["ginger", "lemongrass"], False),
    ],
)
def test_every_food_of_a_line_is_kept(text: str, names: list[str], *, is_choice: bool) -> None:
    found = match(text)

    assert (found.status, foods(text), found.is_choice) == ("ambiguous", names, is_choice)
    assert matcher().resolve(text) is None


def test_alternatives_that_are_the_same_food_are_that_food() -> None:
    assert meant("all-purpose or plain flour") == "all-purpose flour"


def test_a_heading_is_no_food_and_what_follows_it_is() -> None:
    assert match("GIA VỊ:").status == "invalid"
    assert match("For the frosting:").status == "invalid"
    assert foods("Gia vị: muối, đường") == ["salt", "sugar"]


@pytest.mark.parametrize("text", ["que xiên", "bamboo skewers", "giấy bạc", "kitchen twine", "Lon", "dao"])
def test_tools_and_containers_are_no_food(text: str) -> None:
    assert match(text).status == "invalid"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1 tsp coriander", "coriander seed"),
        ("1 tsp turmeric", "turmeric powder"),
        ("1 tsp fresh turmeric, grated", "fresh turmeric"),
        ("1 tsp dill", "dried dill"),
    ],
)
def test_the_measure_says_which_form_is_meant(text: str, name: str) -> None:
    assert meant(text, "en") == name


@pytest.mark.parametrize(
    "text", ["trầu", "bitters", "sloes", "cháo trắng", "cà ốt", "bột bánh", "crushed orzos", "matzo flour"]
)
def test_another_word_is_offered_not_corrected(text: str) -> None:
    assert match(text).status != "corrected"


def test_words_of_one_language_are_not_read_as_the_other() -> None:
    assert meant("long red chillies", "en") != "pork intestine"
    assert meant("2 tbsp nuoc mam", "en") == "fish sauce"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("thit5 bo2", "beef"),
        ("thitj bof", "beef"),
        ("thit bof", "beef"),
        ("caf chua", "tomato"),
        ("caø chua", "tomato"),
        ("nöôùc maém", "fish sauce"),
        ("n­íc m¾m", "fish sauce"),
        ("thÞt bß", "beef"),
        ("d9a65u phu5", "tofu"),
        ("ddaauj phuj", "tofu"),
        ("ｔｏｍａｔｏ", "tomato"),
        ("cà\u200b chua", "tomato"),
        ("2 🍅", "tomato"),
        ("🥚", "egg"),
    ],
)
def test_input_methods_and_old_fonts_are_undone(typed: str, name: str) -> None:
    assert (match(typed).status, meant(typed)) == ("exact", name)


def test_the_pan_of_a_cook_is_no_egg() -> None:
    assert match("🧑‍🍳").ingredient is None


def test_a_line_of_a_recipe_is_name_amount_and_preparation() -> None:
    [flour] = read("1-2 cups flour, sifted")

    assert (flour.name, flour.preparation) == ("flour", "sifted")
    assert (flour.amount.quantity, flour.amount.quantity_max, flour.amount.unit) == (1, 2, "cup")


def test_a_plain_name_stays_as_it_was_written() -> None:
    [rice] = read("gạo", "vi")

    assert rice.is_whole


def test_alternatives_are_one_food_of_a_recipe() -> None:
    [fat] = read("2 tbsp butter or lard (optional)")

    assert (fat.name, [one.en for one in fat.alternatives], fat.is_optional) == ("butter or lard", ["lard"], True)


def test_several_foods_are_several_lines_of_a_recipe_and_headings_none() -> None:
    assert [one.name for one in read("salt and sugar")] == ["salt", "sugar"]
    assert read("For the sauce:") == []
    assert [one.ingredient for one in read("3 cups moon dust")] == [None]


@pytest.mark.parametrize("text", ["300g", "2 kg", "1 1/2 tbsp", "2 muỗng canh", "12,5", "nửa kg"])
def test_an_amount_alone_leaves_no_name(text: str) -> None:
    assert name_of(text) == ""


@pytest.mark.parametrize(
    "text", ["", " ", "1/0 kg", "99999999999 kg gạo", "((", "-", "1/2/3", "x", "٣ gạo", "½½", ",,,", "a or", "or or or"]
)
def test_odd_text_is_read_without_an_error(text: str) -> None:
    quantity = parse_line(text).amount.quantity

    assert quantity is None or 0 < quantity <= 1_000_000
    assert match(text).status in {"exact", "ambiguous", "unknown", "invalid"}
    assert isinstance(read(text), list)
