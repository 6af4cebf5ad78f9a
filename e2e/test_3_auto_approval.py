"""Auto-approval: recipes that several cooks rate highly enter the catalogue by themselves, and others do not."""

from typing import Any

import pytest

from e2e.people import Person, Tidy, eventually, refused, share
from e2e.recipes import recipe
from smartcooking.probes.http import Api


@pytest.fixture
def offered(ana: Person, ben: Person, tidy: Tidy) -> str:
    """A recipe that was suggested to ana, which everybody who cooks it may rate."""
    return f"/v1/recipes/{ana.get('/v1/recipes?limit=1')['items'][0]['id']}"


def cook(person: Person, path: str, tidy: Tidy) -> None:
    session = person.post("/v1/cooking/sessions", {"recipe_id": path.rpartition("/")[2]})
    place = tidy.remove(person, f"/v1/cooking/sessions/{session['id']}")
    person.post(f"{place}/complete")


def test_a_recipe_begins_as_pending(ana: Person, own_recipe: str) -> None:
    assert ana.get(own_recipe)["approval"] == "pending"


def test_nobody_approves_a_recipe_by_writing_so(ana: Person, own_recipe: str) -> None:
    ana.api.ask("PATCH", own_recipe, expect=(200, 400, 422), body={"approval": "approved"})

    assert ana.get(own_recipe)["approval"] == "pending"


def test_a_pending_recipe_is_not_in_the_catalogue(ana: Person, ben: Person, tidy: Tidy) -> None:
    title = "Kiểm thử zuzuzu"
    tidy.remove(ana, f"/v1/recipes/{ana.post('/v1/recipes', recipe(title))['id']}")

    assert title not in {one["title"] for one in ben.get("/v1/recipes?q=zuzuzu")["items"]}


def test_nobody_rates_a_recipe_of_their_own(ana: Person, own_recipe: str, tidy: Tidy) -> None:
    cook(ana, own_recipe, tidy)

    assert "own_recipe" in refused(lambda: ana.put(f"{own_recipe}/rating", {"stars": 5}), 409)
    assert ana.get(own_recipe)["approval"] == "pending"


@pytest.mark.parametrize("stars", [0, 6, 2.5])
def test_a_rating_is_one_to_five_stars(ana: Person, offered: str, stars: float) -> None:
    ana.api.ask("PUT", f"{offered}/rating", expect=(400, 422), body={"stars": stars})


def test_a_rating_is_counted_and_taken_back(ben: Person, offered: str, tidy: Tidy) -> None:
    before = ben.get(offered)["rating"]["count"]
    path = tidy.remove(ben, f"{offered}/rating")

    assert ben.put(path, {"stars": 4})["stars"] == 4
    assert ben.get(offered)["rating"]["count"] >= before

    ben.delete(path)
    assert ben.get(offered)["rating"]["count"] == before


def test_rating_twice_counts_once(ben: Person, offered: str, tidy: Tidy) -> None:
    path = tidy.remove(ben, f"{offered}/rating")

    first = ben.put(path, {"stars": 3})["rating"]["count"]
    second = ben.put(path, {"stars": 5})

    assert (second["stars"], second["rating"]["count"]) == (5, first)


def test_whoever_has_cooked_it_is_marked_as_such(cyd: Person, offered: str, tidy: Tidy) -> None:
    cook(cyd, offered, tidy)
    path = tidy.remove(cyd, f"{offered}/rating")

    assert cyd.put(path, {"stars": 4})["verified_cook"] is True


def test_ratings_are_listed_with_their_authors(ben: Person, offered: str, tidy: Tidy) -> None:
    path = tidy.remove(ben, f"{offered}/rating")
    ben.put(path, {"stars": 5, "comment": "Ngon"})

    listed = eventually(
        lambda: ben.get(f"{offered}/ratings"),
        lambda found: ben.name in {one["user"]["username"] for one in found["items"]},
        "the rating in the list",
    )
    assert "Ngon" in {one["comment"] for one in listed["items"]}


def test_a_draft_cannot_be_rated_by_others(ben: Person, own_recipe: str) -> None:
    refused(lambda: ben.put(f"{own_recipe}/rating", {"stars": 5}), 404)


def rate(person: Person, path: str, stars: int, tidy: Tidy) -> dict[str, Any]:
    rated: dict[str, Any] = person.put(tidy.remove(person, f"{path}/rating"), {"stars": stars})
    return rated


def test_friends_see_the_pending_recipe_of_a_post(ben: Person, cyd: Person, shared_recipe: str) -> None:
    assert {person.get(shared_recipe)["approval"] for person in (ben, cyd)} == {"pending"}


def test_accounts_of_today_are_one_voice_and_approve_nothing(
    ana: Person, ben: Person, cyd: Person, dan: Person, shared_recipe: str, tidy: Tidy
) -> None:
    """Three of them, behind one address: whoever makes accounts to rate is heard once."""
    for person in (ben, cyd, dan):
        rate(person, shared_recipe, 5, tidy)

    found = ana.get(shared_recipe)
    assert (found["rating"]["count"], found["approval"]) == (1, "pending")


def test_a_voice_that_is_taken_back_leaves_the_next_one(
    ana: Person, ben: Person, cyd: Person, shared_recipe: str, tidy: Tidy
) -> None:
    rate(ben, shared_recipe, 5, tidy)
    rate(cyd, shared_recipe, 3, tidy)

    ben.delete(f"{shared_recipe}/rating")
    assert ana.get(shared_recipe)["rating"] == {"average": 3.0, "count": 1}

    cyd.delete(f"{shared_recipe}/rating")
    assert ana.get(shared_recipe)["rating"]["count"] == 0


@pytest.fixture
def rated_recipe(ana: Person, raters: list[Person], own_recipe: str, tidy: Tidy) -> str:
    """The path of a pending recipe that three people see whose ratings count."""
    share(ana, raters, own_recipe, tidy)
    return own_recipe


@pytest.mark.raters
def test_three_cooks_approve_a_recipe_by_the_third_rating(
    ana: Person, raters: list[Person], rated_recipe: str, tidy: Tidy
) -> None:
    approvals = []
    for person, stars in zip(raters, (5, 4, 4), strict=True):
        rate(person, rated_recipe, stars, tidy)
        approvals.append(ana.get(rated_recipe)["approval"])

    assert approvals == ["pending", "pending", "approved"]
    assert ana.get(rated_recipe)["rating"] == {"average": 4.33, "count": 3}


@pytest.mark.raters
def test_three_low_ratings_approve_nothing(ana: Person, raters: list[Person], rated_recipe: str, tidy: Tidy) -> None:
    for person, stars in zip(raters, (5, 3, 3), strict=True):
        rate(person, rated_recipe, stars, tidy)

    found = ana.get(rated_recipe)
    assert (found["rating"]["count"], found["approval"]) == (3, "pending")


@pytest.mark.raters
def test_an_approved_recipe_is_everybodys_until_its_owner_removes_it(
    ana: Person, dan: Person, stranger: Api, raters: list[Person], rated_recipe: str, tidy: Tidy
) -> None:
    """In the catalogue, on its public page, and told to its owner; then gone from all of it."""
    number = rated_recipe.rpartition("/")[2]
    for person in raters:
        rate(person, rated_recipe, 5, tidy)

    eventually(
        lambda: dan.get(rated_recipe, (200, 404)), lambda found: "approval" in found, "the recipe, for a stranger"
    )
    shown = eventually(
        lambda: stranger.ask("GET", f"/r/{number}", expect=(200, 404)), lambda answer: answer.status == 200, "its page"
    )
    told = eventually(
        lambda: ana.get("/v1/notifications")["items"],
        lambda items: any(one["kind"] == "recipe_approved" and one["target"]["id"] == number for one in items),
        "the notification of the approval",
    )
    assert (shown.media_type, bool(told)) == ("text/html", True)

    ana.delete(rated_recipe)

    dan.get(rated_recipe, (404,))
    eventually(
        lambda: stranger.ask("GET", f"/r/{number}", expect=(200, 404)), lambda answer: answer.status == 404, "its end"
    )
