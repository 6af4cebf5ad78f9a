"""Amounts are taken off names, in both languages, and units stay where they are part of a name."""

import pytest

from apps.ingredients.quantities import Parsed, parse, readings


@pytest.mark.parametrize(
    ("text", "quantity", "unit", "rest"),
    [
        ("300g thịt bò", 300, "g", "thịt bò"),
        ("300 g thit bo", 300, "g", "thit bo"),
        ("1,5 kg gạo", 1.5, "kg", "gạo"),
        ("2 quả cà chua", 2, "piece", "cà chua"),
        ("2 qua ca chua", 2, "piece", "ca chua"),
        ("2 muỗng canh nước mắm", 2, "tbsp", "nước mắm"),
        ("1/2 thìa cà phê tiêu", 0.5, "tsp", "tiêu"),
        ("3 tép tỏi", 3, "clove", "tỏi"),
        ("1 bó rau muống", 1, "bunch", "rau muống"),
        ("1 tbsp fish sauce", 1, "tbsp", "fish sauce"),
        ("1 tsp. salt", 1, "tsp", "salt"),
        ("3 cloves of garlic", 3, "clove", "garlic"),
        ("2 large cloves of garlic", 2, "clove", "garlic"),
        ("2 tomatoes", 2, None, "tomatoes"),
        ("2 large eggs", 2, None, "eggs"),
    ],
)
def test_a_number_and_its_unit_in_front_are_taken_off(text: str, quantity: float, unit: str | None, rest: str) -> None:
    assert parse(text) == Parsed(quantity, unit, rest)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("1/2 kg gạo", 0.5),
        ("½ kg gạo", 0.5),
        ("1 1/2 kg gạo", 1.5),
        ("1½ kg gạo", 1.5),
        ("1-1/2 kg gạo", 1.5),
        ("1kg5 gạo", 1.5),
        ("1 kg rưỡi gạo", 1.5),
        ("nửa kg gạo", 0.5),
        ("nua kg gao", 0.5),
        ("một ký gạo", 1),
        ("hai cân gạo", 2),
        ("half a kg rice", 0.5),
        ("a kilo of rice", 1),
        ("one and a half kg rice", 1.5),
        ("khoảng 2 kg gạo", 2),
        ("~2kg gạo", 2),
        ("1.250 kg gạo", 1.25),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, quantity: float) -> None:
    parsed = parse(text)

    assert (parsed.quantity, parsed.unit) == (quantity, "kg")
    assert parsed.rest in {"gạo", "gao", "rice"}


@pytest.mark.parametrize(
    ("text", "quantity", "unit"),
    [
        ("3 lạng thịt", 300, "g"),
        ("1 lb thịt", 453.6, "g"),
        ("2 oz thịt", 56.7, "g"),
        ("1.500 g thịt", 1500, "g"),
        ("ba trăm gam thịt", 300, "g"),
        ("2 dl thịt", 200, "ml"),
        ("1 chục thịt", 10, "piece"),
        ("half a dozen thịt", 6, "piece"),
    ],
)
def test_units_become_canonical(text: str, quantity: float, unit: str) -> None:
    assert parse(text) == Parsed(quantity, unit, "thịt")


def test_of_a_range_the_smaller_number_counts() -> None:
    assert {parse(text).quantity for text in ("2-3 quả trứng", "2 – 3 quả trứng", "2 đến 3 quả trứng")} == {2}


def test_packs_of_a_weight_are_multiplied() -> None:
    assert parse("2 x 400g can tomatoes") == Parsed(800, "g", "tomatoes")
    assert parse("2x400g cans of tomatoes") == Parsed(800, "g", "tomatoes")


@pytest.mark.parametrize("text", ["một ít muối", "chút muối", "vài muối", "some muối", "a little muối"])
def test_a_vague_amount_has_no_number(text: str) -> None:
    assert parse(text) == Parsed(None, None, "muối")


@pytest.mark.parametrize(
    ("text", "quantity", "unit", "rest"),
    [
        ("thịt bò 300g", 300, "g", "thịt bò"),
        ("cà chua (2 quả)", 2, "piece", "cà chua"),
        ("cà chua: 2 quả", 2, "piece", "cà chua"),
        ("muối, 1 nhúm", 1, "pinch", "muối"),
        ("eggs x3", 3, None, "eggs"),
        ("3 garlic cloves", 3, "clove", "garlic"),
    ],
)
def test_an_amount_behind_is_taken_off(text: str, quantity: float, unit: str | None, rest: str) -> None:
    assert parse(text) == Parsed(quantity, unit, rest)


def test_number_words_behind_need_their_marks() -> None:
    assert parse("muối một nhúm") == Parsed(1, "pinch", "muối")
    assert parse("nuoc sau bo").rest == "nuoc sau bo"


def test_preparations_behind_a_comma_or_in_brackets_are_put_aside() -> None:
    assert parse("2 cà chua, thái lát") == Parsed(2, None, "cà chua", ("thái lát",))
    assert parse("onion (finely chopped)") == Parsed(None, None, "onion", ("finely chopped",))


@pytest.mark.parametrize("text", ["củ cải", "lá lốt", "bó xôi", "hạt sen", "nam rom", "ba chỉ", "bơ 034"])
def test_without_a_number_and_its_unit_a_name_stays_whole_at_first(text: str) -> None:
    assert readings(text)[0].rest == text


def test_a_unit_that_may_be_part_of_the_name_is_read_both_ways() -> None:
    rests = [reading.rest for reading in readings("2 lá dứa")]

    assert rests.index("lá dứa") < rests.index("dứa")


def test_number_words_without_marks_count_only_with_a_unit() -> None:
    assert parse("nam rom") == Parsed(None, None, "nam rom")
    assert parse("nam qua trung") == Parsed(5, "piece", "trung")


@pytest.mark.parametrize("text", ["300g", "2 kg", "1 1/2 tbsp", "2 muỗng canh", "12,5", "nửa kg"])
def test_an_amount_alone_leaves_no_name(text: str) -> None:
    assert parse(text).rest == ""


@pytest.mark.parametrize("text", ["", " ", "1/0 kg", "99999999999 kg gạo", "((", "-", "1/2/3", "x", "٣ gạo", "½½"])
def test_odd_text_is_read_without_an_error(text: str) -> None:
    parsed = parse(text)

    assert parsed.quantity is None or 0 < parsed.quantity <= 1_000_000
    assert readings(text)
