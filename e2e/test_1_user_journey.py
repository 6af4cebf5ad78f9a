"""User journey: from registering to a cooked meal, and what may not happen on the way."""

import pytest

from e2e.people import Cast, Person, Tidy, eventually, refused
from e2e.recipes import recipe
from smartcooking.probes.checks import sign_in
from smartcooking.probes.http import Api


def test_the_service_lives_and_all_that_it_stands_on_is_up(stranger: Api) -> None:
    assert stranger.ask("GET", "/livez").body["status"] == "alive"
    assert stranger.ask("GET", "/health").body["status"] == "ok"


@pytest.mark.parametrize("path", ["/v1/users/me", "/v1/pantry", "/v1/feed", "/v1/suggestions", "/v1/notifications"])
def test_nobody_is_let_in_without_a_token(stranger: Api, path: str) -> None:
    stranger.ask("GET", path, expect=(401,))


def test_whoever_registers_and_confirms_can_sign_in(ana: Person) -> None:
    profile = ana.get("/v1/users/me")

    assert (profile["id"], profile["username"], profile["email"]) == (ana.id, ana.name, ana.email)


def test_a_wrong_password_is_refused(ana: Person, stranger: Api) -> None:
    body = {"username": ana.name, "password": "Wrong-password-1"}

    stranger.ask("POST", "/v1/auth/login", expect=(401,), body=body)


def test_a_name_is_taken_once(ana: Person, stranger: Api) -> None:
    body = {"username": ana.name, "email": f"other+{ana.email}", "full_name": "X", "password": ana.login.password}

    stranger.ask("POST", "/v1/auth/register", expect=(409, 422, 400), body=body)


def test_a_session_is_renewed_with_its_refresh_token(ana: Person, stranger: Api) -> None:
    tokens = stranger.ask("POST", "/v1/auth/refresh", body={"refresh_token": ana.refresh_token}).body

    renewed = Api(ana.api.url, token=tokens["access_token"])
    assert renewed.ask("GET", "/v1/users/me").body["id"] == ana.id


def test_signing_out_ends_the_session(ana: Person, cast: Cast) -> None:
    api = Api(cast.url)
    token = sign_in(api, ana.login).refresh_token

    api.ask("POST", "/v1/auth/logout", expect=(204,), body={"refresh_token": token})

    Api(cast.url).ask("POST", "/v1/auth/refresh", expect=(401,), body={"refresh_token": token})


def test_a_profile_says_what_its_owner_wrote(ana: Person, tidy: Tidy) -> None:
    tidy.callback(ana.patch, "/v1/users/me", {"bio": None})

    ana.patch("/v1/users/me", {"bio": "Thích nấu canh"})

    assert ana.get("/v1/users/me")["bio"] == "Thích nấu canh"


def test_preferences_are_kept(ana: Person, tidy: Tidy) -> None:
    before = ana.get("/v1/users/me/preferences")
    tidy.callback(ana.put, "/v1/users/me/preferences", before)

    ana.put("/v1/users/me/preferences", before | {"max_minutes": 30, "cooking_methods": ["soup"]})

    kept = ana.get("/v1/users/me/preferences")
    assert (kept["max_minutes"], kept["cooking_methods"]) == (30, ["soup"])


def test_an_ingredient_is_known_with_and_without_diacritics(ana: Person) -> None:
    results = ana.post("/v1/ingredients/validate", {"ingredients": ["cà chua", "ca chua"]})["results"]

    assert results[0]["status"] == "exact"
    assert results[0]["ingredient"]["id"] == results[1]["ingredient"]["id"]


def test_what_is_put_into_the_pantry_is_there_and_can_be_taken_out(ana: Person, tidy: Tidy) -> None:
    found = ana.post("/v1/ingredients/validate", {"ingredients": ["trứng"]})["results"][0]["ingredient"]["id"]
    path = tidy.remove(ana, f"/v1/pantry/{found}")

    ana.put(path, {"quantity": 6, "unit": "piece"})
    assert found in {item["ingredient"]["id"] for item in ana.get("/v1/pantry")["items"]}

    ana.delete(path)
    assert found not in {item["ingredient"]["id"] for item in ana.get("/v1/pantry")["items"]}


def test_the_catalogue_is_searched_by_words(ana: Person) -> None:
    assert "items" in ana.get("/v1/recipes?q=canh&limit=5")


def test_lists_go_on_where_they_stopped(ana: Person) -> None:
    first = ana.get("/v1/ingredients?limit=5")
    second = ana.get(f"/v1/ingredients?limit=5&cursor={first['next']}")

    assert not {one["id"] for one in first["items"]} & {one["id"] for one in second["items"]}


def test_a_recipe_is_written_changed_and_removed(ana: Person, own_recipe: str) -> None:
    ana.patch(own_recipe, {"title": "Kiểm thử: đã sửa"})
    assert ana.get(own_recipe)["title"] == "Kiểm thử: đã sửa"

    ana.delete(own_recipe)
    ana.get(own_recipe, expect=(404,))


def test_a_recipe_without_steps_is_refused(ana: Person) -> None:
    said = refused(lambda: ana.post("/v1/recipes", recipe(steps=[])), 422 if _is_422(ana) else 400)

    assert "steps" in said


def _is_422(ana: Person) -> bool:
    return ana.api.ask("POST", "/v1/recipes", expect=(400, 422), body={}).status == 422


def test_a_meal_is_cooked_step_by_step_to_its_end(ana: Person, own_recipe: str, tidy: Tidy) -> None:
    session = ana.post("/v1/cooking/sessions", {"recipe_id": own_recipe.rpartition("/")[2]})
    path = tidy.remove(ana, f"/v1/cooking/sessions/{session['id']}")

    ana.patch(path, {"current_step": 1})
    done = ana.post(f"{path}/complete", {"notes": "Ngon"})

    assert (done["status"], done["notes"]) == ("completed", "Ngon")


def test_a_meal_that_is_given_up_counts_as_nothing(ana: Person, own_recipe: str, tidy: Tidy) -> None:
    before = ana.get("/v1/cooking/stats")["completed"]
    session = ana.post("/v1/cooking/sessions", {"recipe_id": own_recipe.rpartition("/")[2]})
    path = tidy.remove(ana, f"/v1/cooking/sessions/{session['id']}")

    ana.post(f"{path}/abandon")

    assert ana.get(path)["status"] == "abandoned"
    assert ana.get("/v1/cooking/stats")["completed"] == before


def test_a_favorite_is_kept_until_it_is_dropped(ana: Person, own_recipe: str, tidy: Tidy) -> None:
    path = tidy.remove(ana, f"{own_recipe}/favorite")
    ana.put(path)
    recipe_id = own_recipe.rpartition("/")[2]
    kept = eventually(
        lambda: ana.get("/v1/favorites"),
        lambda found: recipe_id in {one["id"] for one in found["items"]},
        "the favorite",
    )
    assert kept["items"]

    ana.delete(path)
    assert recipe_id not in {one["id"] for one in ana.get("/v1/favorites")["items"]}


def test_a_draft_is_nobody_elses_business(own_recipe: str, ben: Person) -> None:
    ben.get(own_recipe, expect=(404,))


def test_another_persons_recipe_cannot_be_changed(own_recipe: str, ben: Person) -> None:
    refused(lambda: ben.patch(own_recipe, {"title": "Của tôi"}), 404)
