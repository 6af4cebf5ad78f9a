"""Searching the catalogue over HTTP."""

from typing import Any
from urllib.parse import quote

import pytest

from apps.core import ids
from apps.ingredients import services as ingredients
from tests.support import recipes
from tests.support.words import fresh_word

pytestmark = pytest.mark.usefixtures("seeded")


def found(api: Any, person: Any, **query: Any) -> list[str]:
    parameters = "&".join(f"{name}={quote(str(value))}" for name, value in query.items())
    answer = api.get(f"/v1/recipes?{parameters}", token=person.token)
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()["items"]]


@pytest.fixture
def dish(api: Any, ana: Any) -> Any:
    """A recipe of the catalogue under a title that nobody else has."""
    word = fresh_word()
    recipe = recipes.create(
        api, ana, title=f"Lẩu {word} chua cay", method="soup", meal="lunch", difficulty="hard",
        ingredients=[{"name": "cá lóc"}, {"name": "cà chua"}], tags=["đám giỗ"],
        steps=[{"text": "Nấu cá lóc với cà chua."}],
    )  # fmt: skip
    recipes.publish(recipe["id"])
    return recipe, word


def test_words_are_found_with_and_without_marks_and_with_one_typo(api: Any, ben: Any, dish: Any) -> None:
    recipe, word = dish

    for q in (
        f"lẩu {word}",
        f"lau {word}",
        f"LAU {word.upper()}",
        f"{word} chua",
        word[:-1],
        f"{word} ca loc",
        f"{word} đám giỗ",
    ):
        assert recipe["id"] in found(api, ben, q=q), q
    assert found(api, ben, q="khongcotutgi hoantoankhongco") == []


def test_filters_hold_together(api: Any, ben: Any, dish: Any) -> None:
    recipe, word = dish
    fish = ingredients.resolve("cá lóc")
    assert fish is not None
    right = {
        "cuisine": "vietnamese", "method": "soup", "meal": "lunch", "difficulty": "hard", "max_minutes": 20,
        "ingredient": fish.id, "diet": "no_pork,no_beef", "without_allergen": "milk,soy",
    }  # fmt: skip
    wrong = {
        "cuisine": "thai", "method": "fry", "meal": "dinner", "difficulty": "easy", "max_minutes": 19,
        "ingredient": ids.new_id(), "diet": "vegan", "without_allergen": "fish",
    }  # fmt: skip

    assert found(api, ben, q=word, **right) == [recipe["id"]]
    for name, value in wrong.items():
        assert found(api, ben, q=word, **{**right, name: value}) == [], name


def test_nothing_found_offers_another_spelling(api: Any, ben: Any, dish: Any) -> None:
    recipe, word = dish
    # Two letters that aren't adjacent: swapped neighbors would count as one typo.
    wrong = word[0] + chr(219 - ord(word[1])) + word[2] + chr(219 - ord(word[3])) + word[4:]

    answer = api.get(f"/v1/recipes?q={wrong}", token=ben.token).json()

    assert answer["items"] == []
    assert answer["did_you_mean"] is None or recipe["id"] in found(api, ben, q=answer["did_you_mean"])


@pytest.mark.parametrize("sort", ["newest", "rating", "popular"])
def test_pages_hold_everything_once_in_every_order(api: Any, ana: Any, ben: Any, sort: str) -> None:
    made = {recipes.create(api, ana, cuisine="pagetest")["id"] for _ in range(7)}
    for recipe_id in made:
        recipes.publish(recipe_id)
    seen: list[str] = []
    path = f"/v1/recipes?cuisine=pagetest&limit=3&sort={sort}"
    page = api.get(path, token=ben.token).json()
    while True:
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        assert len(page["items"]) == 3
        page = api.get(f"{path}&cursor={page['next']}", token=ben.token).json()

    assert made <= set(seen)
    assert len(seen) == len(set(seen))


def test_ratings_and_cooking_decide_the_order_asked_for(api: Any, ana: Any, ben: Any) -> None:
    low, high = (recipes.create(api, ana, cuisine="ordertest")["id"] for _ in range(2))
    for recipe_id, stars in ((low, 2), (high, 5)):
        recipes.publish(recipe_id)
        api.put(f"/v1/recipes/{recipe_id}/rating", json={"stars": stars}, token=ben.token)
    session = api.post("/v1/cooking/sessions", json={"recipe_id": low}, token=ben.token).json()
    api.post(f"/v1/cooking/sessions/{session['id']}/complete", token=ben.token)

    assert found(api, ben, cuisine="ordertest", sort="rating", limit=2) == [high, low]
    assert found(api, ben, cuisine="ordertest", sort="popular", limit=2) == [low, high]
    assert found(api, ben, cuisine="ordertest", sort="newest", limit=2) == [high, low]


def test_own_recipes_are_found_by_words_of_their_titles(api: Any, ana: Any) -> None:
    recipes.create(api, ana, title="Canh bí đỏ của mẹ")
    recipes.create(api, ana, title="Gà kho sả")

    def titles(q: str) -> list[str]:
        page = api.get(f"/v1/users/me/recipes?q={quote(q)}", token=ana.token).json()
        return [card["title"] for card in page["items"]]

    assert titles("bi do") == ["Canh bí đỏ của mẹ"]
    assert titles("kho") == ["Gà kho sả"]
    assert titles("canh kho") == []
    assert titles("canh b") == ["Canh bí đỏ của mẹ"]
    assert titles("can bi") == []


@pytest.mark.parametrize("path", ["/v1/users/me/recipes", "/v1/favorites", "/v1/favorites?sort=added"])
def test_ones_own_lists_are_filtered_by_language(api: Any, ana: Any, path: str) -> None:
    for title, language in (("Canh bí", "vi"), ("Pumpkin soup", "en")):
        recipe = recipes.create(api, ana, title=title, language=language)
        api.put(f"/v1/recipes/{recipe['id']}/favorite", token=ana.token)

    def titles(language: str) -> list[str]:
        url = f"{path}{'&' if '?' in path else '?'}language={language}"
        return [card["title"] for card in api.get(url, token=ana.token).json()["items"]]

    assert (titles("vi"), titles("en")) == (["Canh bí"], ["Pumpkin soup"])


def test_favorites_come_in_the_order_of_their_adding(api: Any, ana: Any) -> None:
    older, newer = recipes.create(api, ana, title="Cũ"), recipes.create(api, ana, title="Mới")
    for recipe in (newer, older):
        api.put(f"/v1/recipes/{recipe['id']}/favorite", token=ana.token)

    def pages(sort: str) -> list[str]:
        first = api.get(f"/v1/favorites?sort={sort}&limit=1", token=ana.token).json()
        second = api.get(f"/v1/favorites?sort={sort}&limit=1&cursor={first['next']}", token=ana.token).json()
        return [card["title"] for page in (first, second) for card in page["items"]]

    assert pages("added") == ["Cũ", "Mới"]
    assert pages("newest") == ["Mới", "Cũ"]
