"""Ratings: one per person, exact under races, and the approval that follows from them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from apps.recipes import repositories
from tests.support import recipes

pytestmark = pytest.mark.usefixtures("seeded")


def rate(api: Any, recipe_id: str, person: Any, stars: int) -> Any:
    answer = api.put(f"/v1/recipes/{recipe_id}/rating", json={"stars": stars}, token=person.token)
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.fixture
def shared(api: Any, ana: Any, person: Any) -> Any:
    """A pending recipe of ana's, and a function that creates people who may see it."""
    from apps.core.transactions import Transaction  # noqa: PLC0415

    recipe = recipes.create(api, ana)

    def guest() -> Any:
        somebody = person()
        transaction = Transaction()
        repositories.grant_access(transaction, recipe["id"], somebody.id)
        transaction.commit()
        return somebody

    return recipe["id"], guest


def test_a_rating_is_replaced_and_taken_back(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id)

    assert rate(api, recipe_id, ben, 5)["rating"] == {"average": 5.0, "count": 1}
    assert rate(api, recipe_id, ben, 2)["rating"] == {"average": 2.0, "count": 1}
    assert api.get(f"/v1/recipes/{recipe_id}", token=ana.token).json()["rating"] == {"average": 2.0, "count": 1}
    path = f"/v1/recipes/{recipe_id}/rating"
    assert [api.delete(path, token=one.token).status_code for one in (cyd, ben, ben)] == [404, 204, 204]
    assert api.get(f"/v1/recipes/{recipe_id}", token=ana.token).json()["rating"] == {"average": None, "count": 0}


def test_nobody_rates_their_own_recipe(api: Any, ana: Any) -> None:
    recipe_id = recipes.create(api, ana)["id"]

    answer = api.put(f"/v1/recipes/{recipe_id}/rating", json={"stars": 5}, token=ana.token)

    assert (answer.status_code, answer.json()["code"]) == (409, "own_recipe")


@pytest.mark.parametrize("stars", [0, 6, 4.5, "5", True, None])
def test_stars_are_whole_and_one_to_five(api: Any, ana: Any, ben: Any, stars: Any) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id)

    assert api.put(f"/v1/recipes/{recipe_id}/rating", json={"stars": stars}, token=ben.token).status_code == 400


def test_three_ratings_of_four_on_average_approve_and_publish(api: Any, ana: Any, cyd: Any, shared: Any) -> None:
    recipe_id, guest = shared

    assert [rate(api, recipe_id, guest(), stars)["approval"] for stars in (5, 3)] == ["pending", "pending"]
    assert api.get(f"/v1/recipes/{recipe_id}", token=cyd.token).status_code == 404
    assert rate(api, recipe_id, guest(), 4)["approval"] == "approved"

    found = api.get(f"/v1/recipes/{recipe_id}", token=cyd.token).json()
    assert (found["approval"], found["rating"]) == ("approved", {"average": 4.0, "count": 3})
    assert recipe_id in [one["id"] for one in api.get("/v1/recipes?limit=5", token=cyd.token).json()["items"]]


def test_an_average_just_below_four_does_not_approve(api: Any, shared: Any) -> None:
    recipe_id, guest = shared

    assert [rate(api, recipe_id, guest(), stars)["approval"] for stars in (5, 4, 2)][-1] == "pending"


def test_an_average_below_three_and_a_half_of_five_ratings_takes_it_out_again(
    api: Any, ana: Any, cyd: Any, person: Any
) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id, by_ratings=True)

    approvals = [rate(api, recipe_id, person(), stars)["approval"] for stars in (4, 3, 3, 3, 4)]

    assert approvals == ["approved"] * 4 + ["pending"]
    assert api.get(f"/v1/recipes/{recipe_id}", token=cyd.token).status_code == 404
    assert recipe_id not in [one["id"] for one in api.get("/v1/recipes?limit=100", token=cyd.token).json()["items"]]
    stored = repositories.find_recipe(recipe_id)
    assert stored is not None
    assert stored.state.gsi4pk == "PENDING"


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Một món khác hẳn"},
        {"ingredients": [{"name": "đậu phộng", "quantity": 1, "unit": "kg"}]},
        {"steps": [{"text": "Làm khác đi."}]},
        {"description": "Trộn thuốc tẩy với giấm."},
        {"tags": ["thuốc tẩy"]},
    ],
)
def test_another_text_of_a_pending_recipe_is_judged_anew(api: Any, ana: Any, shared: Any, change: Any) -> None:
    recipe_id, guest = shared
    raters = [guest() for _ in range(2)]
    assert [rate(api, recipe_id, one, 5)["rating"]["count"] for one in raters] == [1, 2]
    path = f"/v1/recipes/{recipe_id}"

    edited = api.patch(path, json=change, token=ana.token).json()

    assert (edited["approval"], edited["rating"]) == ("pending", {"average": None, "count": 0})
    assert rate(api, recipe_id, raters[0], 4)["rating"] == {"average": 4.0, "count": 1}
    assert api.delete(f"{path}/rating", token=raters[1].token).status_code == 204
    assert api.get(path, token=ana.token).json()["rating"] == {"average": 4.0, "count": 1}


def test_other_edits_leave_approval_and_ratings(api: Any, ana: Any, shared: Any) -> None:
    recipe_id, guest = shared
    for _ in range(3):
        rate(api, recipe_id, guest(), 5)

    edited = api.patch(f"/v1/recipes/{recipe_id}", json={"cook_minutes": 25}, token=ana.token).json()

    assert (edited["approval"], edited["rating"]["count"]) == ("approved", 3)


def test_fifty_people_who_rate_at_once_all_count(ana: Any, person: Any, server: Any) -> None:
    recipe_id = recipes.create(server.api, ana)["id"]
    recipes.publish(recipe_id)
    with ThreadPoolExecutor(8) as threads:
        people = list(threads.map(lambda _: person(), range(50)))
    # The average never falls so low that the recipe would leave the catalogue in between.
    stars = [4 + number % 2 for number in range(50)]

    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(lambda pair: rate(server.api, recipe_id, *pair), zip(people, stars, strict=True)))

    stored = repositories.find_recipe(recipe_id)
    assert stored is not None
    assert len(answers) == 50
    assert (stored.state.rating_count, stored.state.rating_sum) == (50, sum(stars))


def test_ratings_are_listed_latest_first_and_page(api: Any, ana: Any, person: Any) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id)
    people = [person() for _ in range(3)]
    for stars, somebody in enumerate(people, start=3):
        rate(api, recipe_id, somebody, stars)

    first = api.get(f"/v1/recipes/{recipe_id}/ratings?limit=2", token=ana.token).json()
    second = api.get(f"/v1/recipes/{recipe_id}/ratings?limit=2&cursor={first['next']}", token=ana.token).json()

    assert [one["stars"] for one in first["items"] + second["items"]] == [5, 4, 3]
    assert [one["user"]["username"] for one in second["items"]] == [people[0].username]
    assert second["next"] is None


def test_somebody_finds_their_own_rating_and_nobody_elses(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id)
    rate(api, recipe_id, ben, 4)
    path = f"/v1/recipes/{recipe_id}/ratings?mine=true"

    own = api.get(path, token=ben.token).json()

    assert [(one["user"]["id"], one["stars"]) for one in own["items"]] == [(ben.id, 4)]
    assert own["next"] is None
    assert api.get(path, token=cyd.token).json()["items"] == []


def test_ones_own_rating_of_a_recipe_that_one_cannot_see_is_not_found(api: Any, ana: Any, ben: Any) -> None:
    recipe_id = recipes.create(api, ana)["id"]

    assert api.get(f"/v1/recipes/{recipe_id}/ratings?mine=true", token=ben.token).status_code == 404
