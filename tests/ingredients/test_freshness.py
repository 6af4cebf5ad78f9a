"""What is said of how fresh a food is, or of how much is left of it, is no part of its name."""

import pytest

from tests.support.matching import match


def named(line: str) -> tuple[str, str | None]:
    found = match(line)
    return found.status, found.ingredient.en if found.ingredient else None


@pytest.mark.parametrize(
    "said",
    [
        "going limp", "past its best", "on the turn", "about to expire", "expiring tomorrow", "starting to wilt",
        "a bit soft", "that needs using up", "nearly gone", "close to its date",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("food", "name"), [("lettuce", "lettuce"), ("red peppers", "red bell pepper"), ("2 eggs", "egg")]
)
def test_how_fresh_a_food_is_stays_out_of_its_english_name(food: str, name: str, said: str) -> None:
    assert named(f"{food} {said}") == ("exact", name)
    assert named(f"{food}, {said}") == ("exact", name)


@pytest.mark.parametrize(
    "said",
    ["hơi héo", "sắp hỏng", "sắp hết hạn", "để lâu rồi", "cần dùng gấp", "ăn dở", "mở nắp", "hơi dập", "cận date"],
)
@pytest.mark.parametrize(
    ("food", "name"), [("rau muống", "water spinach"), ("3 quả cà chua", "tomato"), ("giò lụa", "vietnamese pork roll")]
)
def test_how_fresh_a_food_is_stays_out_of_its_vietnamese_name(food: str, name: str, said: str) -> None:
    assert named(f"{food} {said}") == ("exact", name)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("browning bananas", "banana"), ("sprouting potatoes", "potato"), ("last of the ham", "ham"),
        ("the rest of the cream", "cream"), ("odds and ends of cheese", "cheese"), ("heel of bread", "bread"),
    ],
)  # fmt: skip
def test_what_is_left_of_a_food_is_the_food(line: str, name: str) -> None:
    assert named(line) == ("exact", name)


@pytest.mark.parametrize("name", ["gravy browning", "stale bread", "leftover rice"])
def test_names_of_foods_that_say_how_they_are_stay_whole(name: str) -> None:
    assert named(name) == ("exact", name)


@pytest.mark.parametrize("line", ["can of salmon", "Tin of salmon", "a can of salmon", "1 can salmon"])
def test_a_can_of_a_food_is_one_can(line: str) -> None:
    found = match(line)

    assert (found.quantity, found.unit, found.ingredient and found.ingredient.en) == (1, "can", "salmon")
