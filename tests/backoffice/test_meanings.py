"""Moderators assign meanings to lines of recipes, also beyond their names: shown, confirmed, kept and undone."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.core import audit
from apps.core.errors import DomainError
from apps.ingredients import services as ingredients
from apps.moderation import meanings, reviews, undoing
from apps.moderation.authority import OPERATOR
from apps.moderation.errors import CannotBeUndone, DecidedAlready
from apps.recipes import catalogue, rederivation, reviewing
from apps.recipes import services as recipe_services
from apps.search.index import SearchQuery
from tests.support import recipes
from tests.support.admin_screens import path
from tests.support.moderators import Browser, Staff

pytestmark = pytest.mark.usefixtures("seeded")

UNKNOWN = "zzkhông ai biết"


@pytest.fixture
def recipe(api: Any, ana: Any) -> str:
    """Return a recipe whose second line is unresolved."""
    return str(recipes.create(api, ana, ingredients=[{"name": "cà chua"}, {"name": UNKNOWN}])["id"])


def known(name: str) -> str:
    found = ingredients.resolve(name)
    assert found is not None
    return found.id


def content(recipe_id: str) -> Any:
    return reviewing.content_of(recipe_services.get_stored_recipe(recipe_id))


def act(api: Any, mod: Staff, recipe_id: str, **body: Any) -> Any:
    return api.post(f"/v1/moderation/recipes/{recipe_id}/correct_meaning", json=body, token=mod.token)


def test_an_unknown_line_is_given_a_meaning_once_its_effect_is_confirmed(api: Any, mod: Staff, recipe: str) -> None:
    body = {"line": 1, "ingredient_id": known("nước mắm")}

    asked = act(api, mod, recipe, **body)
    before = content(recipe)
    done = act(api, mod, recipe, **body, confirmed=True)

    assert (asked.status_code, asked.json()["code"]) == (409, "meaning_not_confirmed")
    effect = asked.json()["effect"]
    assert (effect["allergens_gained"], effect["allergens_complete"]) == (["fish"], True)
    assert (before.ingredients[1].ingredient_id, before.allergens_complete) == (None, False)
    assert done.status_code == 200
    after = content(recipe)
    assert (after.ingredients[1].ingredient_id, after.allergens_complete) == (known("nước mắm"), True)
    assert set(after.allergens) - set(before.allergens) == {"fish"}
    assert "vegan" not in after.diets


def test_what_the_name_can_mean_needs_no_confirmation(api: Any, mod: Staff, ana: Any) -> None:
    recipe = recipes.create(api, ana, ingredients=[{"name": "dua"}, {"name": "cà chua"}])["id"]

    done = act(api, mod, recipe, line=0, ingredient_id=known("dứa"))

    assert done.status_code == 200
    assert content(recipe).ingredients[0].ingredient_id == known("dứa")


def test_the_search_index_follows_a_meaning_and_its_undoing(recipe: str) -> None:
    reviews.approve(recipe, actor=OPERATOR)
    fish_sauce = known("nước mắm")

    def found(query: SearchQuery) -> bool:
        return any(hit.recipe_id == recipe for hit in catalogue.current().search(query, limit=5000, after=None).hits)

    with_it = SearchQuery(ingredient_ids=frozenset({fish_sauce}))
    without_fish = SearchQuery(without_allergens=frozenset({"fish"}), ingredient_ids=frozenset({known("cà chua")}))
    assert not found(with_it)
    done = meanings.correct(recipe, line=1, ingredient_id=fish_sauce, actor=OPERATOR, confirmed=True)
    assert (found(with_it), found(without_fish)) == (True, False)

    entry = audit.last("recipe", recipe)
    assert entry is not None
    assert entry.id == done
    undoing.undo(entry, actor=OPERATOR, reason="Nhầm")

    assert not found(with_it)
    assert content(recipe).ingredients[1].ingredient_id is None


def test_a_meaning_outlives_the_owners_edits_and_changes_of_the_master_list(
    api: Any, mod: Staff, ana: Any, recipe: str
) -> None:
    act(api, mod, recipe, line=1, ingredient_id=known("nước mắm"), confirmed=True)
    shown = api.get(f"/v1/recipes/{recipe}", token=ana.token).json()

    given_back = {"ingredients": shown["ingredients"][::-1], "description": "Ngon"}
    edited = api.patch(f"/v1/recipes/{recipe}", json=given_back, token=ana.token)
    typed = api.patch(f"/v1/recipes/{recipe}", json={"ingredients": ["cà chua", f"2 thìa {UNKNOWN}"]}, token=ana.token)
    rederivation.rederive(known("nước mắm"), "")

    assert (edited.status_code, typed.status_code) == (200, 200), (edited.content, typed.content)
    assert content(recipe).ingredients[1].ingredient_id == known("nước mắm")
    assert "fish" in content(recipe).allergens


def test_owners_cannot_say_what_a_name_does_not_mean(api: Any, ana: Any, recipe: str) -> None:
    for line in ({"name": UNKNOWN, "ingredient_id": known("muối")}, {"name": "x", "meanings": {}}):
        refused = api.patch(f"/v1/recipes/{recipe}", json={"ingredients": [line]}, token=ana.token)
        assert refused.status_code == 400, line
    assert api.patch(f"/v1/recipes/{recipe}", json={"meanings": {}}, token=ana.token).status_code == 400


def test_a_second_moderator_meets_the_first_and_undoing_what_was_corrected_since_is_refused(recipe: str) -> None:
    first = meanings.correct(recipe, line=1, ingredient_id=known("muối"), actor=OPERATOR, confirmed=True)
    with pytest.raises(DecidedAlready):
        meanings.correct(recipe, line=1, ingredient_id=known("muối"), actor=OPERATOR, confirmed=True)
    meanings.correct(recipe, line=1, ingredient_id=known("nước mắm"), actor=OPERATOR, confirmed=True)

    entries = {entry.id: entry for entry in audit.history("recipe", recipe, limit=20).items}
    with pytest.raises(DecidedAlready):
        undoing.undo(entries[first], actor=OPERATOR, reason="Nhầm")


def test_undoing_finds_the_line_where_it_stands_now(api: Any, ana: Any, recipe: str) -> None:
    meanings.correct(recipe, line=1, ingredient_id=known("muối"), actor=OPERATOR, confirmed=True)
    entry = audit.last("recipe", recipe)
    assert entry is not None
    moved = api.patch(f"/v1/recipes/{recipe}", json={"ingredients": [UNKNOWN, "cà chua"]}, token=ana.token)

    undoing.undo(entry, actor=OPERATOR, reason="Nhầm")

    assert moved.status_code == 200
    assert [line.ingredient_id for line in content(recipe).ingredients] == [None, known("cà chua")]
    gone = audit.last("recipe", recipe)
    assert gone is not None
    api.patch(f"/v1/recipes/{recipe}", json={"ingredients": ["cà chua"]}, token=ana.token)
    with pytest.raises(CannotBeUndone):
        undoing.undo(gone, actor=OPERATOR, reason="Nhầm")


def test_the_page_asks_once_more_where_the_name_says_something_else(browser: Browser, recipe: str) -> None:
    page = path("recipe", recipe, "correct")
    answers = {"line": "1", "ingredient_id": "nước mắm", "reason": "Người viết nói là nước mắm"}

    asked = browser.post(page, answers)
    unchanged = content(recipe).ingredients[1].ingredient_id
    token = asked.content.decode().split('name="effect" value="')[1].split('"')[0]
    done = browser.post(page, {**answers, "effect": token})

    assert (asked.status_code, unchanged) == (200, None)
    assert "Gains the allergen: fish" in asked.content.decode()
    assert done.status_code == 302
    assert content(recipe).ingredients[1].ingredient_id == known("nước mắm")
    entry = audit.last("recipe", recipe)
    assert entry is not None
    assert (entry.reason, entry.before["name"]) == (answers["reason"], UNKNOWN)


def test_a_confirmation_counts_only_for_the_effect_that_was_shown(browser: Browser, recipe: str) -> None:
    page = path("recipe", recipe, "correct")
    asked = browser.post(page, {"line": "1", "ingredient_id": "muối"}).content.decode()
    token = asked.split('name="effect" value="')[1].split('"')[0]

    other = browser.post(page, {"line": "1", "ingredient_id": "nước mắm", "effect": token})

    assert other.status_code == 200
    assert content(recipe).ingredients[1].ingredient_id is None


def test_the_command_shows_the_effect_and_corrects_when_told_to(recipe: str) -> None:
    order = ("moderate", "correct_meaning", recipe, "--line", "2", "--ingredient", "nước mắm")
    with pytest.raises(CommandError, match="fish"):
        call_command(*order)

    out = StringIO()
    call_command(*order, "--confirm", stdout=out)

    assert "fish" in content(recipe).allergens
    call_command(*out.getvalue().split("manage.py ")[1].split())
    assert content(recipe).ingredients[1].ingredient_id is None


@pytest.mark.parametrize("wrong", [{}, {"line": 7}, {"line": 1, "ingredient_id": "0" * 26}, {"line": -1}])
def test_what_makes_no_sense_is_refused(api: Any, mod: Staff, recipe: str, wrong: dict[str, Any]) -> None:
    assert act(api, mod, recipe, **wrong).status_code in {400, 404}
    with pytest.raises(DomainError):
        meanings.correct(recipe, line=-1, ingredient_id=None, actor=OPERATOR)
