"""Cooking over HTTP: states of a session, a fixed snapshot of the recipe, exact counters."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from apps.cooking import repositories
from apps.core import clock
from apps.core.transactions import Transaction
from apps.recipes import repositories as recipe_rows
from tests.support import recipes

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.fixture
def recipe(api: Any, ana: Any) -> Any:
    """A recipe of ana's in the catalogue."""
    made = recipes.create(api, ana)
    recipes.publish(made["id"])
    return made


def begin(api: Any, person: Any, recipe_id: str, **more: Any) -> Any:
    answer = api.post("/v1/cooking/sessions", json={"recipe_id": recipe_id, **more}, token=person.token)
    assert answer.status_code == 201, answer.content
    return answer.json()


def act(api: Any, person: Any, session_id: str, what: str, **body: Any) -> Any:
    return api.post(f"/v1/cooking/sessions/{session_id}/{what}", json=body or None, token=person.token)


def test_a_session_keeps_the_recipe_as_it_was_for_the_servings_cooked(
    api: Any, ana: Any, ben: Any, recipe: Any
) -> None:
    session = begin(api, ben, recipe["id"], servings=4)
    api.patch(f"/v1/recipes/{recipe['id']}", json={"title": "Anders"}, token=ana.token)

    found = api.get(f"/v1/cooking/sessions/{session['id']}", token=ben.token).json()

    assert found["recipe"]["title"] == recipe["title"]
    assert [line["quantity"] for line in found["recipe"]["ingredients"]] == [600, 4, 2]
    assert (found["status"], found["current_step"], found["ended_at"]) == ("cooking", 0, None)


def test_cooking_step_by_step_to_the_end_counts_and_rates(api: Any, ben: Any, recipe: Any) -> None:
    session = begin(api, ben, recipe["id"])
    path = f"/v1/cooking/sessions/{session['id']}"

    assert api.patch(path, json={"current_step": 1, "notes": "ít muối"}, token=ben.token).json()["current_step"] == 1
    done = act(api, ben, session["id"], "complete", stars=5, comment="Ngon").json()

    assert (done["status"], done["notes"]) == ("completed", "ít muối")
    found = api.get(f"/v1/recipes/{recipe['id']}", token=ben.token).json()
    assert (found["cook_count"], found["rating"]) == (1, {"average": 5.0, "count": 1})
    rating = api.get(f"/v1/recipes/{recipe['id']}/ratings", token=ben.token).json()["items"][0]
    assert (rating["stars"], rating["comment"], rating["verified_cook"]) == (5, "Ngon", True)
    stats = api.get("/v1/cooking/stats", token=ben.token).json()
    assert (stats["completed"], stats["recipes"], stats["minutes"], stats["methods"]) == (1, 1, 20, {"stir_fry": 1})


def test_completing_again_with_other_stars_rates_again(api: Any, ben: Any, recipe: Any) -> None:
    session = begin(api, ben, recipe["id"])

    for stars, comment in ((5, "Ngon"), (5, "Ngon"), (2, "Hơi mặn"), (2, None)):
        assert act(api, ben, session["id"], "complete", stars=stars, comment=comment).status_code == 200
        (rating,) = api.get(f"/v1/recipes/{recipe['id']}/ratings", token=ben.token).json()["items"]
        assert (rating["stars"], rating["comment"], rating["verified_cook"]) == (stars, comment, True)
    assert api.get("/v1/cooking/stats", token=ben.token).json()["completed"] == 1


def test_a_comment_without_stars_is_refused_and_ends_nothing(api: Any, ben: Any, recipe: Any) -> None:
    session = begin(api, ben, recipe["id"])

    answer = act(api, ben, session["id"], "complete", comment="Ngon")

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "stars")
    assert api.get(f"/v1/cooking/sessions/{session['id']}", token=ben.token).json()["status"] == "cooking"


@pytest.mark.parametrize("first", ["complete", "abandon"])
@pytest.mark.parametrize("then", ["complete", "abandon"])
def test_what_has_ended_cannot_end_again(api: Any, ben: Any, recipe: Any, first: str, then: str) -> None:
    session = begin(api, ben, recipe["id"])

    ended = act(api, ben, session["id"], first)
    again = act(api, ben, session["id"], then)

    assert ended.status_code == 200
    if first == then:
        assert (again.status_code, again.json()["status"]) == (200, ended.json()["status"])
    else:
        assert (again.status_code, again.json()["code"]) == (409, "session_ended")
    assert api.get("/v1/cooking/stats", token=ben.token).json()["completed"] == (first == "complete")
    assert (
        api.patch(f"/v1/cooking/sessions/{session['id']}", json={"current_step": 1}, token=ben.token).status_code == 409
    )


def test_ten_completions_at_once_count_once(ben: Any, recipe: Any, server: Any) -> None:
    session = begin(server.api, ben, recipe["id"])

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda _: act(server.api, ben, session["id"], "complete").status_code, range(10)))

    assert answers == [200] * 10
    assert server.api.get("/v1/cooking/stats", token=ben.token).json()["completed"] == 1


def test_a_session_left_open_for_a_day_is_over_without_anybody_doing_anything(api: Any, ben: Any, recipe: Any) -> None:
    session = begin(api, ben, recipe["id"])
    row = repositories.find_session(ben.id, session["id"])
    assert row is not None
    row.started_at = clock.now() - timedelta(hours=24, seconds=1)
    row.save()

    assert api.get(f"/v1/cooking/sessions/{session['id']}", token=ben.token).json()["status"] == "abandoned"
    assert act(api, ben, session["id"], "complete").status_code == 409
    assert api.get("/v1/cooking/sessions?status=cooking", token=ben.token).json()["items"] == []
    assert len(api.get("/v1/cooking/sessions?status=abandoned", token=ben.token).json()["items"]) == 1


def test_pages_of_a_filtered_history_are_never_short(api: Any, ben: Any, recipe: Any) -> None:
    sessions = [begin(api, ben, recipe["id"])["id"] for _ in range(7)]
    for number, session_id in enumerate(sessions):
        act(api, ben, session_id, "complete" if number % 2 == 0 else "abandon")

    first = api.get("/v1/cooking/sessions?status=completed&limit=3", token=ben.token).json()
    rest = api.get(f"/v1/cooking/sessions?status=completed&limit=3&cursor={first['next']}", token=ben.token).json()

    assert [one["id"] for one in first["items"] + rest["items"]] == [sessions[n] for n in (6, 4, 2, 0)]
    assert (len(first["items"]), rest["next"]) == (3, None)


@pytest.mark.parametrize(("method", "path"), [
    ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/complete"), ("POST", "/abandon"),
])  # fmt: skip
def test_anothers_session_does_not_exist(api: Any, ben: Any, cyd: Any, recipe: Any, method: str, path: str) -> None:
    session = begin(api, ben, recipe["id"])
    body = {"notes": "x"} if method == "PATCH" else None

    answer = api.request(method, f"/v1/cooking/sessions/{session['id']}{path}", json=body, token=cyd.token)

    assert answer.status_code == 404
    assert api.get(f"/v1/cooking/sessions/{session['id']}", token=ben.token).json()["status"] == "cooking"


def test_a_private_recipe_of_somebody_else_cannot_be_cooked(api: Any, ana: Any, ben: Any) -> None:
    pending = recipes.create(api, ana)

    answer = api.post("/v1/cooking/sessions", json={"recipe_id": pending["id"]}, token=ben.token)

    assert answer.status_code == 404


def test_a_step_is_one_of_the_recipe(api: Any, ben: Any, recipe: Any) -> None:
    session = begin(api, ben, recipe["id"])
    path, last = f"/v1/cooking/sessions/{session['id']}", len(session["recipe"]["steps"])

    assert api.patch(path, json={"current_step": last}, token=ben.token).status_code == 200
    beyond = api.patch(path, json={"current_step": last + 1}, token=ben.token)

    assert (beyond.status_code, beyond.json()["errors"][0]["field"]) == (400, "current_step")


def test_deleting_a_session_again_is_204_for_its_cook(api: Any, ana: Any, ben: Any, recipe: Any) -> None:
    path = f"/v1/cooking/sessions/{begin(api, ben, recipe['id'])['id']}"

    assert [api.delete(path, token=one.token).status_code for one in (ana, ben, ben, ana)] == [404, 204, 204, 404]


def test_stars_for_ones_own_recipe_are_refused_and_cooking_it_is_not(api: Any, ana: Any, recipe: Any) -> None:
    session = begin(api, ana, recipe["id"])

    refused = act(api, ana, session["id"], "complete", stars=5)
    assert (refused.status_code, refused.json()["code"]) == (409, "own_recipe")
    assert act(api, ana, session["id"], "complete").status_code == 200
    assert api.get(f"/v1/recipes/{recipe['id']}", token=ana.token).json()["rating"]["count"] == 0


def test_a_deleted_recipe_can_be_cooked_to_the_end(api: Any, ana: Any, ben: Any, recipe: Any) -> None:
    session = begin(api, ben, recipe["id"])
    api.delete(f"/v1/recipes/{recipe['id']}", token=ana.token)

    assert act(api, ben, session["id"], "complete", stars=4).status_code == 200


def test_others_see_what_was_cooked_only_where_privacy_allows_and_never_notes(
    api: Any, ben: Any, cyd: Any, recipe: Any
) -> None:
    session = begin(api, ben, recipe["id"])
    act(api, ben, session["id"], "complete", notes="riêng tư")
    begin(api, ben, recipe["id"])
    path = f"/v1/users/{ben.id}/cooking"

    assert api.get(path, token=cyd.token).status_code == 404
    assert api.patch("/v1/users/me/privacy", json={"history": "public"}, token=ben.token).status_code == 200
    shown = api.get(path, token=cyd.token).json()["items"]

    assert [(one["recipe_id"], one["title"]) for one in shown] == [(recipe["id"], recipe["title"])]
    assert "notes" not in shown[0]


def test_a_session_is_deleted_from_the_history_and_stays_counted(api: Any, ben: Any, recipe: Any) -> None:
    session = begin(api, ben, recipe["id"])
    act(api, ben, session["id"], "complete")

    assert api.delete(f"/v1/cooking/sessions/{session['id']}", token=ben.token).status_code == 204

    assert api.get("/v1/cooking/sessions", token=ben.token).json()["items"] == []
    assert api.get("/v1/cooking/stats", token=ben.token).json()["completed"] == 1


def test_what_somebody_cooked_tells_of_no_recipe_that_is_not_for_the_reader(
    api: Any, ana: Any, ben: Any, cyd: Any, person: Any, recipe: Any
) -> None:
    """Ben cooked a recipe of the catalogue, his own, two that ana shared with him, and one that she has deleted."""
    own = recipes.create(api, ben)["id"]
    shown, for_cyd_too, deleted = (recipes.create(api, ana)["id"] for _ in range(3))
    for recipe_id, people in ((shown, [ben]), (for_cyd_too, [ben, cyd]), (deleted, [ben])):
        share(recipe_id, *people)
    cooked = [recipe["id"], own, shown, for_cyd_too, deleted]
    for recipe_id in cooked:
        assert act(api, ben, begin(api, ben, recipe_id)["id"], "complete").status_code == 200
    api.delete(f"/v1/recipes/{deleted}", token=ana.token)
    api.patch("/v1/users/me/privacy", json={"history": "public"}, token=ben.token)

    def told(reader: Any, query: str = "") -> list[str]:
        page = api.get(f"/v1/users/{ben.id}/cooking{query}", token=reader.token).json()
        return [one["recipe_id"] for one in page["items"]]

    assert told(ben) == cooked[::-1]
    assert told(cyd) == [for_cyd_too, own, recipe["id"]]
    assert told(person()) == [own, recipe["id"]]
    assert told(cyd, "?limit=2") == [for_cyd_too, own]


def share(recipe_id: str, *people: Any) -> None:
    transaction = Transaction()
    for one in people:
        recipe_rows.grant_access(transaction, recipe_id, one.id)
    transaction.commit()
