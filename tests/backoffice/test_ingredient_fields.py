"""Ingredient fields autocomplete names, lines of recipes are chosen from a list, and effects are described in words."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest

from apps.backoffice.forms import IngredientName, effect_lines
from apps.core import audit, language
from apps.ingredients import services as ingredients
from apps.recipes.rederivation import Effect
from tests.support import recipes
from tests.support.admin_screens import path, waiting_name
from tests.support.moderators import Browser, Staff

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.mark.parametrize(("language", "name"), [("vi", "cà chua"), ("en", "tomato")])
def test_ingredients_are_offered_while_a_name_is_typed_and_each_is_taken(mod: Staff, language: str, name: str) -> None:
    browser = Browser(language)
    browser.sign_in(mod)

    offered = {
        one["name"]: one["hint"]
        for typed in ("cà ch", "tomat", "thịt", "chicken", "rau")
        for one in browser.get("/admin/backoffice/ingredient/names/", term=typed).json()["results"]
    }

    assert offered[name] == "cà chua / tomato"
    taken = {one: ingredients.get(IngredientName().clean(one)) for one in offered}
    assert {one: f"{entry.vi} / {entry.en}" for one, entry in taken.items()} == offered


def test_nothing_is_offered_for_nothing_and_for_what_nobody_knows(browser: Browser) -> None:
    for typed in ("", " ", "zzzzqqq", "x" * 5000):
        assert browser.get("/admin/backoffice/ingredient/names/", term=typed).json() == {"results": []}, typed


def test_every_field_for_an_ingredient_offers_names(
    api: Any, ana: Any, person: Callable[..., Any], browser: Browser
) -> None:
    fields = {
        path("recipe", recipes.create(api, ana)["id"], "correct"): "ingredient_id",
        path("unknownname", waiting_name(api, person, "quả mơ màng"), "map"): "ingredient_id",
        "/admin/backoffice/ingredient/add/": "kind_of",
    }

    for page, field in fields.items():
        shown = browser.get(page).content.decode()
        (tag,) = (one for one in re.findall(r"<input[^>]*>", shown) if f'name="{field}"' in one)
        assert 'data-names-url="/admin/backoffice/ingredient/names/"' in tag, page
        assert "backoffice/ingredient-names" in shown, page


def test_the_line_whose_meaning_is_corrected_is_chosen_among_those_of_the_recipe(
    api: Any, ana: Any, browser: Browser
) -> None:
    lines = [{"name": "nước mắm"}, {"name": "cà chua"}, {"name": "lá zzkhông ai biết"}]
    recipe = recipes.create(api, ana, ingredients=lines)["id"]
    page, tomato = path("recipe", recipe, "correct"), ingredients.resolve("cà chua")
    assert tomato is not None
    shown = html.unescape(browser.get(page).content.decode())

    refused = browser.post(page, {"line": "3", "ingredient_id": "cà chua"})
    done = browser.post(page, {"line": "1", "ingredient_id": "cà chua"})

    offered = ("1. nước mắm → fish sauce", "2. cà chua → tomato", "3. lá zzkhông ai biết → ?")
    assert [line in shown for line in offered] == [True] * 3
    assert (refused.status_code, done.status_code) == (200, 302)
    entry = audit.last("recipe", recipe)
    assert entry is not None
    assert (entry.act, entry.after["line"], entry.after["ingredient_id"]) == ("correct_meaning", 1, tomato.id)


SAID = {
    ("en", 1): ("1 recipe gains the allergen fish", "1 recipe loses the allergen soy", "1 recipe is no longer vegan"),
    ("en", 2): ("2 recipes gain the allergen fish", "2 recipes lose the allergen soy", "2 recipes are no longer vegan"),
    ("vi", 1): (
        "1 công thức thêm chất gây dị ứng: cá", "1 công thức không còn chất gây dị ứng: đậu nành",
        "1 công thức không còn hợp chế độ: thuần chay",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("spoken", "count"), SAID)
def test_how_many_recipes_a_change_concerns_is_said_as_people_say_it(spoken: str, count: int) -> None:
    effect = Effect(recipes=count, gained={"fish": count}, lost={"soy": count}, diets_lost={"vegan": count})
    token = language.current.set(spoken)

    lines = tuple(effect_lines(effect))

    language.current.reset(token)
    assert lines == SAID[spoken, count]


def test_what_was_entered_stays_where_another_ingredient_has_the_name(browser: Browser) -> None:
    entered = {"vi": "hoa zz thử", "en": "zz blossom", "category": "vegetable", "aliases_en": "tomato", "_save": "1"}

    shown = browser.post("/admin/backoffice/ingredient/add/", entered)

    assert shown.status_code == 200
    text = html.unescape(shown.content.decode())
    assert "tomato: cà chua / tomato" in text
    assert 'value="hoa zz thử"' in text
    assert ingredients.resolve("hoa zz thử") is None
