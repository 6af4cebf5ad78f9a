"""Auto-approval: recipes that several cooks rate highly enter the catalogue by themselves, and others do not."""

import pytest

from e2e.people import Person, Tidy, eventually, refused
from e2e.recipes import recipe


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
