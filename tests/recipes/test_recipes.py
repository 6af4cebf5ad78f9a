"""Recipes over HTTP: private until approved, derived allergens, no lost edits, scaled quantities."""

from typing import Any

import pytest

from apps.ingredients import services as ingredients
from apps.recipes import derivation, repositories
from apps.recipes.models import from_body
from tests.support import recipes
from tests.support.words import fresh_word

pytestmark = pytest.mark.usefixtures("seeded")


def known(name: str) -> str:
    """Return the id of an ingredient in the master list."""
    ingredient = ingredients.resolve(name)
    assert ingredient is not None
    return ingredient.id


def test_a_recipe_comes_back_as_it_was_written_with_ids_allergens_and_diets(api: Any, ana: Any) -> None:
    lines = [
        {"name": "thịt bò", "quantity": 300, "unit": "g"},
        {"name": "nước mắm", "quantity": 1, "unit": "muỗng canh"},
    ]

    answer = api.post("/v1/recipes", json=recipes.body(ingredients=lines), token=ana.token)

    recipe = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/recipes/{recipe['id']}"
    assert recipe["owner"] == {"id": ana.id, "username": ana.username}
    assert [line["ingredient_id"] for line in recipe["ingredients"]] == [
        known("thịt bò"),
        known("nước mắm"),
    ]
    assert recipe["allergens"] == ["fish"]
    assert recipe["allergens_complete"] is True
    assert {"no_pork"} <= set(recipe["diets"])
    assert not {"vegetarian", "vegan", "no_beef"} & set(recipe["diets"])
    assert (recipe["approval"], recipe["rating"], recipe["cook_count"]) == ("pending", {"average": None, "count": 0}, 0)
    assert api.get(f"/v1/recipes/{recipe['id']}", token=ana.token).json() == recipe


def test_a_zero_is_stored_as_a_zero(api: Any, ana: Any) -> None:
    written = recipes.body(
        title="Đậu phộng rang", cook_minutes=0, prep_minutes=0, steps=[{"text": "Dọn ra.", "minutes": 0}]
    )

    recipe = api.post("/v1/recipes", json=written, token=ana.token).json()

    assert (recipe["cook_minutes"], recipe["prep_minutes"], recipe["steps"][0]["minutes"]) == (0, 0, 0)
    stored = repositories.find_recipe(recipe["id"])
    assert stored is not None
    content = from_body(stored.row.body)
    assert [(one.place, one.start) for one in content.reasons if one.allergen == "peanuts"] == [("title", 0)]
    assert derivation.derive(content) == content


def test_a_recipe_with_an_unknown_ingredient_promises_nothing(api: Any, ana: Any) -> None:
    recipe = recipes.create(api, ana, ingredients=[{"name": "cà chua"}, {"name": "rễ cây mặt trăng"}])

    assert recipe["ingredients"][1]["ingredient_id"] is None
    assert recipe["allergens_complete"] is False
    assert recipe["diets"] == []


def test_an_id_may_choose_between_the_meanings_of_a_name_but_not_hide_what_it_says(api: Any, ana: Any) -> None:
    water = known("nước")

    answer = api.post(
        "/v1/recipes",
        json=recipes.body(ingredients=[{"name": "đậu phộng", "ingredient_id": water}, {"name": "cà chua"}]),
        token=ana.token,
    )

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "ingredient_mismatch"


@pytest.mark.parametrize(("method", "path"), [
    ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("PUT", "/favorite"), ("PUT", "/rating"), ("GET", "/ratings"),
])  # fmt: skip
def test_a_pending_recipe_does_not_exist_for_strangers(api: Any, ana: Any, ben: Any, method: str, path: str) -> None:
    recipe = recipes.create(api, ana)
    bodies = {"PATCH": {"title": "Của tôi"}, "PUT": {"stars": 5} if path == "/rating" else None}

    answer = api.request(method, f"/v1/recipes/{recipe['id']}{path}", json=bodies.get(method), token=ben.token)

    assert answer.status_code == 404
    assert api.get(f"/v1/recipes/{recipe['id']}", token=ana.token).json() == recipe


def test_an_approved_recipe_is_everybodys_to_read_and_its_owners_to_change(api: Any, ana: Any, ben: Any) -> None:
    recipe = recipes.create(api, ana)
    recipes.publish(recipe["id"])

    assert api.get(f"/v1/recipes/{recipe['id']}", token=ben.token).json()["approval"] == "approved"
    assert api.patch(f"/v1/recipes/{recipe['id']}", json={"title": "x"}, token=ben.token).status_code == 404
    assert api.delete(f"/v1/recipes/{recipe['id']}", token=ben.token).status_code == 404


def test_an_edit_changes_what_it_names_and_derives_again(api: Any, ana: Any) -> None:
    recipe = recipes.create(api, ana)

    changed = api.patch(
        f"/v1/recipes/{recipe['id']}",
        json={"ingredients": [{"name": "tôm"}, {"name": "cà chua"}], "meal": None, "servings": 3},
        token=ana.token,
    ).json()

    assert changed["allergens"] == ["crustaceans"] or "crustaceans" in changed["allergens"]
    assert (changed["meal"], changed["servings"], changed["title"]) == (None, 3, recipe["title"])


def test_an_edit_of_what_was_not_read_is_refused(api: Any, ana: Any) -> None:
    recipe = recipes.create(api, ana)
    path = f"/v1/recipes/{recipe['id']}"
    tag = api.get(path, token=ana.token).headers["ETag"]

    first = api.patch(path, json={"title": "Một"}, token=ana.token, headers={"If-Match": tag})
    second = api.patch(path, json={"title": "Hai"}, token=ana.token, headers={"If-Match": tag})

    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["code"] == "precondition_failed"
    assert api.get(path, token=ana.token).json()["title"] == "Một"
    assert first.headers["ETag"] != tag


def test_an_edit_of_an_approved_recipe_is_seen_and_found_at_once(api: Any, ana: Any, ben: Any) -> None:
    word = fresh_word()
    recipe = recipes.create(api, ana, title=f"Món {word}")
    recipes.publish(recipe["id"])

    def found(query: str) -> list[str]:
        return [one["id"] for one in api.get(f"/v1/recipes?q={word}&{query}", token=ben.token).json()["items"]]

    api.patch(f"/v1/recipes/{recipe['id']}", json={"meal": "breakfast"}, token=ana.token)

    assert api.get(f"/v1/recipes/{recipe['id']}", token=ben.token).json()["meal"] == "breakfast"
    assert (found("meal=breakfast"), found("meal=dinner")) == ([recipe["id"]], [])


def test_deleting_a_recipe_again_is_204_for_its_owner(api: Any, ana: Any, ben: Any) -> None:
    path = f"/v1/recipes/{recipes.create(api, ana)['id']}"

    assert [api.delete(path, token=one.token).status_code for one in (ben, ana, ana, ben)] == [404, 204, 204, 404]


def test_a_deleted_recipe_is_gone_for_everybody_and_from_the_catalogue(api: Any, ana: Any, ben: Any) -> None:
    recipe = recipes.create(api, ana)
    recipes.publish(recipe["id"])
    api.put(f"/v1/recipes/{recipe['id']}/favorite", token=ben.token)

    assert api.delete(f"/v1/recipes/{recipe['id']}", token=ana.token).status_code == 204

    for person in (ana, ben):
        assert api.get(f"/v1/recipes/{recipe['id']}", token=person.token).status_code == 404
    assert api.get("/v1/favorites", token=ben.token).json()["items"] == []
    assert api.get("/v1/users/me/recipes", token=ana.token).json()["items"] == []
    assert api.delete(f"/v1/recipes/{recipe['id']}", token=ben.token).status_code == 404


def test_quantities_follow_the_servings(api: Any, ana: Any) -> None:
    recipe = recipes.create(api, ana, servings=2)

    scaled = api.get(f"/v1/recipes/{recipe['id']}?servings=6", token=ana.token).json()

    assert [line["quantity"] for line in scaled["ingredients"]] == [900, 6, 3]
    assert scaled["servings"] == 6
    assert api.get(f"/v1/recipes/{recipe['id']}", token=ana.token).json()["servings"] == 2


def test_pages_of_ones_own_recipes_are_whole_and_newest_first(api: Any, ana: Any) -> None:
    made = [recipes.create(api, ana)["id"] for _ in range(5)]

    seen, cursor = [], ""
    while True:
        page = api.get(f"/v1/users/me/recipes?limit=2{cursor}", token=ana.token).json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        assert len(page["items"]) == 2
        cursor = f"&cursor={page['next']}"

    assert seen == sorted(made, reverse=True)


def test_a_cursor_of_somebody_else_is_refused(api: Any, ana: Any, ben: Any) -> None:
    for _ in range(2):
        recipes.create(api, ana)
    cursor = api.get("/v1/users/me/recipes?limit=1", token=ana.token).json()["next"]

    answer = api.get(f"/v1/users/me/recipes?limit=1&cursor={cursor}", token=ben.token)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


def test_favorites_are_kept_once_and_let_go(api: Any, ana: Any, ben: Any) -> None:
    recipe = recipes.create(api, ana)
    recipes.publish(recipe["id"])
    path = f"/v1/recipes/{recipe['id']}/favorite"

    for _ in range(2):
        assert api.put(path, token=ben.token).status_code == 204
    kept = api.get("/v1/favorites", token=ben.token).json()["items"]
    for _ in range(2):
        assert api.delete(path, token=ben.token).status_code == 204

    assert [one["id"] for one in kept] == [recipe["id"]]
    assert api.get("/v1/favorites", token=ben.token).json()["items"] == []


def test_favorites_are_listed_among_the_recipes_that_were_asked_about(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    first, second, third = (recipes.create(api, ana)["id"] for _ in range(3))
    for recipe_id in (first, second, third):
        recipes.publish(recipe_id)
    for recipe_id in (first, third):
        api.put(f"/v1/recipes/{recipe_id}/favorite", token=ben.token)
    asked = f"/v1/favorites?recipe={first},{second}"

    assert [one["id"] for one in api.get(asked, token=ben.token).json()["items"]] == [first]
    assert [one["id"] for one in api.get(f"{asked}&sort=added", token=ben.token).json()["items"]] == [first]
    assert api.get(asked, token=cyd.token).json()["items"] == []


def test_favorites_among_some_recipes_are_paged(api: Any, ana: Any, ben: Any) -> None:
    kept = [recipes.create(api, ana)["id"] for _ in range(3)]
    for recipe_id in kept:
        recipes.publish(recipe_id)
        api.put(f"/v1/recipes/{recipe_id}/favorite", token=ben.token)
    path = f"/v1/favorites?limit=2&recipe={','.join(kept)}"

    page = api.get(path, token=ben.token).json()
    rest = api.get(f"{path}&cursor={page['next']}", token=ben.token).json()

    assert {one["id"] for one in page["items"] + rest["items"]} == set(kept)
    assert (len(page["items"]), rest["next"]) == (2, None)
