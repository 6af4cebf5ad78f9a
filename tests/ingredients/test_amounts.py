"""Amounts as people write them, in both languages: ranges, sums, products, numbers in words and words around them."""

from itertools import chain

import pytest

from apps.ingredients import grammar_table, numerals
from apps.ingredients.lines import name_of, parse_line
from apps.ingredients.matching import Match
from tests.support.ingredients import listed, matcher

# A food of each language with its name and units that are written before it.
FOODS = {"en": ("flour", "wheat flour", "cups", "cup"), "vi": ("nước mắm", "fish sauce", "muỗng canh", "tbsp")}
LOWS = {"1 1/2": 1.5, "1½": 1.5, "1-1/2": 1.5, "½": 0.5, "1": 1.0, "0.5": 0.5, "1/3": 0.333}
HIGHS = {"2": 2.0, "2 1/4": 2.25, "2¼": 2.25, "2.5": 2.5}
DASHES = ("-", " - ", "–", " – ", "~", " to ", " đến ", " or ")


def match(text: str) -> Match:
    return matcher().match(text)


def amount(text: str) -> tuple[float | None, float | None, str | None]:
    """Return the ends of the amount and its unit, of a line whose food is known and said to be nothing else."""
    found = match(text)
    assert (found.status, found.preparation) == ("exact", None), text
    assert (found.quantity, found.quantity_max) == _ends(text), text
    return found.quantity, found.quantity_max, found.unit


def _ends(text: str) -> tuple[float | None, float | None]:
    parsed = parse_line(text).amount
    return parsed.quantity, parsed.quantity_max


@pytest.mark.parametrize("language", FOODS)
@pytest.mark.parametrize("dash", DASHES)
@pytest.mark.parametrize("high", HIGHS)
@pytest.mark.parametrize("low", LOWS)
def test_a_range_has_both_ends_however_its_numbers_are_written(low: str, high: str, dash: str, language: str) -> None:
    name, meaning, typed, unit = FOODS[language]
    text = f"{low}{dash}{high} {typed} {name}"

    assert amount(text) == (LOWS[low], HIGHS[high], unit)
    assert getattr(match(text).ingredient, "en", None) == meaning


@pytest.mark.parametrize("dash", DASHES)
@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("200ml", "250ml", (200, 250, "ml")),
        ("500 g", "600 g", (500, 600, "g")),
        ("1kg", "1.5kg", (1, 1.5, "kg")),
        ("500g", "1kg", (500, 1000, "g")),
        ("2 cups", "3 cups", (2, 3, "cup")),
        ("1 1/2 cups", "2 cups", (1.5, 2, "cup")),
        ("2 tbsp", "3 tbsp", (2, 3, "tbsp")),
        ("1 tsp", "1 tbsp", (1, 3, "tsp")),
        ("1 lb", "2 lbs", (453.6, 907.2, "g")),
    ],
)
def test_both_ends_of_a_range_may_have_a_unit(
    low: str, high: str, dash: str, expected: tuple[float, float, str]
) -> None:
    assert amount(f"{low}{dash}{high} milk") == expected
    assert amount(f"sữa tươi {low}{dash}{high}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 muỗng canh - 3 muỗng canh nước mắm", (2, 3, "tbsp")),
        ("2 thìa cà phê đến 3 thìa cà phê đường", (2, 3, "tsp")),
        ("2 quả - 3 quả trứng", (2, 3, "piece")),
        ("từ 200g đến 300g thịt bò", (200, 300, "g")),
        ("between 1 cup and 2 cups milk", (1, 2, "cup")),
        ("chicken (1kg-1.5kg)", (1, 1.5, "kg")),
    ],
)
def test_units_of_several_words_stand_at_both_ends_too(text: str, expected: tuple[float, float, str]) -> None:
    found = match(text)

    assert (found.quantity, found.quantity_max, found.unit) == expected


@pytest.mark.parametrize("sign", [" + ", "+", " plus ", " and ", " & ", " và ", " cộng "])
@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1 cup", "2 tbsp", (1.125, "cup")),
        ("1 tbsp", "1 tsp", (1.333, "tbsp")),
        ("1 lb", "4 oz", (567, "g")),
        ("1 kg", "200 g", (1.2, "kg")),
        ("1 l", "250ml", (1.25, "l")),
        ("½ cup", "½ cup", (1, "cup")),
        ("200 g", "100 g", (300, "g")),
    ],
)
def test_amounts_that_are_measured_alike_add_up(one: str, other: str, sign: str, expected: tuple[float, str]) -> None:
    assert amount(f"{one}{sign}{other} milk") == (expected[0], None, expected[1])


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("1 lb 4 oz beef", 567, "g"),
        ("1 lb, 4 oz beef", 567, "g"),
        ("2 lb. 8 oz. beef", 1134, "g"),
        ("1 pound 8 ounces beef", 680.4, "g"),
        ("1 kg 200 g thịt bò", 1.2, "kg"),
        ("1 kg 2 lạng thịt bò", 1.2, "kg"),
        ("1 cup 2 tbsp milk", 1.125, "cup"),
        ("1 cup plus 2 tbsp plus 3 tsp milk", 1.188, "cup"),
        ("1 cup milk plus 2 tbsp", 1.125, "cup"),
        ("a cup and a half of milk", 1.5, "cup"),
    ],
)
def test_a_smaller_unit_is_added_without_a_sign_and_a_sum_behind_the_name(
    text: str, quantity: float, unit: str
) -> None:
    assert amount(text) == (quantity, None, unit)


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("200g/7oz butter", 200, "g"),
        ("200 g 7 oz butter", 200, "g"),
        ("7 oz or 200 g butter", 198.45, "g"),
        ("1 lb (450 g) butter", 453.6, "g"),
        ("7 oz ~ 200 g butter", 198.45, "g"),
    ],
)
def test_the_same_amount_in_other_units_is_not_added(text: str, quantity: float, unit: str) -> None:
    found = match(text)

    assert (found.quantity, found.quantity_max, found.unit) == (quantity, None, unit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 - 4 x 15ml tablespoons olive oil", (45, 60, "ml")),
        ("2-3 x 400g tins tomatoes", (800, 1200, "g")),
        ("4-6 x 50g eggs", (200, 300, "g")),
        ("2 x 400-500g tins tomatoes", (800, 1000, "g")),
        ("2-3 14 oz cans tomatoes", (793.8, 1190.7, "g")),
    ],
)
def test_a_product_keeps_both_ends(text: str, expected: tuple[float, float, str]) -> None:
    assert amount(text) == expected


@pytest.mark.parametrize(
    "before",
    [
        "từ", "khoảng", "tầm", "chừng", "cỡ", "xấp xỉ", "tối thiểu", "tối đa", "ít nhất", "không quá", "gần", "hơn",
        "trên", "dưới", "about", "at least", "at most", "up to", "no more than", "minimum", "around", "from", "over",
    ],
)  # fmt: skip
def test_what_limits_a_number_is_no_name(before: str) -> None:
    assert amount(f"{before} 2 quả trứng") == (2, None, "piece")
    assert amount(f"{before} 200 đến 300g thịt bò") == (200, 300, "g")
    assert amount(f"{before} 2 eggs") == (2, None, None)
    assert amount(f"{before} 2-3 quả cà chua") == (2, 3, "piece")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("two", 2), ("twelve", 12), ("twenty", 20), ("twenty-five", 25), ("one hundred", 100), ("a hundred", 100),
        ("one hundred and fifty", 150), ("two hundred", 200), ("two and a half", 2.5), ("2 and a half", 2.5),
        ("2 and 1/2", 2.5), ("one and one-half", 1.5), ("one thousand two hundred", 1200),
        ("hai", 2), ("mười", 10), ("mười hai", 12), ("mười lăm", 15), ("hai mươi", 20), ("hai mươi lăm", 25),
        ("hai mươi mốt", 21), ("một trăm", 100), ("một trăm năm mươi", 150), ("một trăm rưỡi", 150),
        ("một trăm linh năm", 105), ("hai trăm", 200), ("một ngàn hai trăm", 1200), ("hai rưỡi", 2.5), ("2 rưỡi", 2.5),
    ],
)  # fmt: skip
def test_numbers_in_words_are_read(written: str, value: float) -> None:
    assert amount(f"{written} gam thịt bò") == (value, None, "g")
    assert amount(f"khoảng {written} gam thịt bò") == (value, None, "g")


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("hai ba", 2, 3), ("một hai", 1, 2), ("bốn năm", 4, 5), ("năm bảy", 5, 7), ("hai đến ba", 2, 3),
        ("hai hoặc ba", 2, 3), ("hai-ba", 2, 3), ("hai - ba", 2, 3), ("hai ba trăm", 200, 300),
        ("hai trăm đến ba trăm", 200, 300), ("từ hai đến ba", 2, 3), ("two to three", 2, 3), ("two or three", 2, 3),
        ("two - three", 2, 3), ("between two and three", 2, 3), ("one and a half to two", 1.5, 2),
    ],
)  # fmt: skip
def test_ranges_in_words_keep_both_ends(written: str, low: float, high: float) -> None:
    assert amount(f"{written} quả trứng") == (low, high, "piece")


@pytest.mark.parametrize("text", ["vài ba quả trứng", "dăm ba quả trứng", "đôi ba quả trứng", "dăm quả trứng"])
def test_a_few_have_no_number(text: str) -> None:
    assert amount(text)[:2] == (None, None)


@pytest.mark.parametrize(
    "text", ["ba rọi", "ba chỉ", "nấm rơm", "nam rom", "ngũ vị hương", "five spice powder", "cá tầm"]
)
def test_a_number_in_a_name_is_no_amount(text: str) -> None:
    assert match(text).status == "exact"
    assert match(text).quantity is None


def test_the_end_of_a_name_is_not_read_as_about() -> None:
    about = grammar_table.units().about
    names = {name for entry in listed() for name in (entry.vi, entry.en, *chain.from_iterable(entry.aliases.values()))}
    ending = [name for name in names if about.end(name.split(), (count := len(name.split())) - 1) == count > 1]

    assert "cá tầm" in ending
    assert [name for name in ending if name_of(f"{name} 200g").split()[-1:] != name.split()[-1:]] == []


def test_a_type_of_flour_is_no_amount_of_it() -> None:
    assert match("00 flour").quantity is None
    assert match("2 cups 00 flour").quantity == 2
    assert match("02 quả trứng").quantity == 2


@pytest.mark.parametrize("text", ["0 eggs", "0 quả trứng", "0g thịt bò", "trứng: 0 quả", "trứng 0 quả"])
def test_none_is_a_quantity_of_0(text: str) -> None:
    assert match(text).quantity == 0


def test_units_that_follow_each_other_measure_the_same_and_get_smaller() -> None:
    table = grammar_table.units()

    assert table.smaller
    for (large, many), (small, few) in table.smaller:
        sizes = next(sizes for sizes in table.measures.values() if {large, small} <= sizes.keys())
        assert sizes[large] * many > sizes[small] * few


def test_every_word_of_a_number_is_read_alone() -> None:
    for value in range(1, 10):
        words = [word for word in grammar_table.units().number_words if numerals.number_at([word], 0)]
        assert any((found := numerals.number_at([word], 0)) and found.value == value for word in words), value
