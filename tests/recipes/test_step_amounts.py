"""Amounts in the text of steps scale with the servings; times, temperatures and sizes of cuts don't."""

from typing import Any

import pytest

from apps.recipes.step_amounts import MOST_IN_RECIPE, MOST_IN_STEP, find_amounts, find_in_steps
from tests.support import recipes

pytestmark = pytest.mark.usefixtures("seeded")
NAMES = ("egg", "minced beef", "trứng gà", "cà chua", "nước mắm", "soy sauce", "carrots")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mix 2 eggs with 466 g beef.", ["2", "466"]),
        ("Add ½ cup soy sauce, 1 1/2 tbsp sugar and 2½ tsp salt.", ["½", "1 1/2", "2½"]),
        ("Đập 3 quả trứng, thêm 1,5 thìa canh nước mắm.", ["3", "1,5"]),
        ("Cho 200g cà chua và 2-3 quả trứng vào.", ["200", "2-3"]),
        ("Dice 2 large carrots.", ["2"]),
        ("Add 2 to 3 eggs, then 2 đến 3 quả trứng.", ["2 to 3", "2 đến 3"]),
        ("Mix two eggs, then twenty-five grams of sugar.", ["two", "twenty-five"]),
        ("Two to three eggs go in.", ["Two to three"]),
        ("Add one and a half cups of milk and a cup of water.", ["one and a half", "a"]),
        ("Đập ba quả trứng, thêm hai muỗng canh nước mắm.", ["ba", "hai"]),
        ("Cho hai ba quả trứng và một trăm rưỡi gam cà chua.", ["hai ba", "một trăm rưỡi"]),
    ],
)
def test_an_amount_of_an_ingredient_is_found_where_it_stands(text: str, expected: list[str]) -> None:
    found = [text[one.start : one.end] for one in find_amounts(text, NAMES)]

    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "Simmer for 20 minutes at 180 °C.",
        "Nấu 15 phút ở lửa nhỏ, lật 2 mặt, hấp thêm 1 giờ.",
        "Bake at 200°C until 80% of the water is gone.",
        "Cut into 4 pieces of 3 cm.",
        "Cắt thành 3 miếng dài 5 cm rồi xếp 2 lớp.",
        "See step 2, then step 3.",
        "Bake for two hours, then cut into four pieces of one inch.",
        "Cắt thịt ba rọi làm bốn miếng, chiên hai mặt trong năm phút.",
        "Cut into 5 cm egg noodles.",
        "Add half the beef, half of the eggs and one of the carrots, one egg at a time.",
        "Cho một nửa cà chua, một phần trứng, rồi quả trứng thứ hai.",
        "Whisk an egg in a bowl, step two: eggs.",
    ],
)
def test_times_temperatures_lengths_and_cuts_are_no_amounts(text: str) -> None:
    assert list(find_amounts(text, NAMES)) == []


def test_the_amounts_of_a_step_and_of_a_recipe_are_limited() -> None:
    in_digits = " ".join(f"{number} g" for number in range(1, 400))
    in_words = "two eggs, " * 200

    for step in (in_digits, in_words, in_digits + in_words):
        found = find_in_steps([step] * 50, NAMES)
        assert len(found) == 50
        assert [len(each) for each in found[:5]] == [MOST_IN_STEP] * 5
        assert sum(map(len, found)) == MOST_IN_RECIPE


def test_an_answer_stays_small_whatever_the_steps_say(api: Any, ana: Any) -> None:
    steps = [{"text": " ".join(f"{number} g" for number in range(1, 300))}] * 25
    recipe = recipes.create(api, ana, language="en", servings=2, ingredients=["2 eggs"], steps=steps)

    answer = api.get(f"/v1/recipes/{recipe['id']}?servings=4", token=ana.token)

    assert sum(len(step["amounts"]) for step in answer.json()["steps"]) == MOST_IN_RECIPE
    assert len(answer.content) < 2 * sum(len(step["text"]) for step in steps)


def test_amounts_in_steps_follow_the_servings_and_the_text_stays(api: Any, ana: Any, ben: Any) -> None:
    text = "Mix 2 eggs with 300 g beef, fry for 10 minutes."
    lines = ["2 eggs", "300 g beef"]
    recipe = recipes.create(api, ana, language="en", servings=3, ingredients=lines, steps=[{"text": text}])
    path = f"/v1/recipes/{recipe['id']}"

    def shown(person: Any, query: str = "") -> list[tuple[str, float]]:
        step = api.get(f"{path}{query}", token=person.token).json()["steps"][0]
        assert step["text"] == text
        return [(text[one["start"] : one["end"]], one["quantity"]) for one in step["amounts"]]

    assert shown(ana) == [("2", 2.0), ("300", 300.0)]
    assert shown(ana, "?servings=6") == [("2", 4.0), ("300", 600.0)]
    recipes.publish(recipe["id"])
    assert shown(ben) == [("2", 2.0), ("300", 300.0)]
    assert shown(ben, "?servings=6") == [("2", 4.0), ("300", 600.0)]
    cooked = api.post("/v1/cooking/sessions", json={"recipe_id": recipe["id"], "servings": 6}, token=ben.token).json()
    assert [one["quantity"] for one in cooked["recipe"]["steps"][0]["amounts"]] == [4.0, 600.0]
