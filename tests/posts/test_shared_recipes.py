"""Recipes that not all readers of a post may open: the author is told before and after posting, and can share them."""

from typing import Any

import pytest

from apps.feed import fan_out
from apps.moderation.content import Target
from apps.recipes import repositories
from tests.support import friends, recipes, society

pytestmark = pytest.mark.usefixtures("seeded")


def read(api: Any, person: Any, post_id: str) -> Any:
    answer = api.get(f"/v1/posts/{post_id}", token=person.token)
    assert answer.status_code == 200, answer.content
    return answer.json()


def open_recipe(api: Any, person: Any, post_id: str) -> Any:
    return api.post(f"/v1/posts/{post_id}/recipe", token=person.token)


def foreseen(api: Any, person: Any, recipe_id: str) -> dict[str, str | None]:
    """Return which readers couldn't open a recipe, by the visibility of the post."""
    found = api.get(f"/v1/recipes/{recipe_id}/audience", token=person.token).json()
    return {visibility: hint and hint["hidden_from"] for visibility, hint in found.items()}


def hint(api: Any, person: Any, post_id: str) -> Any:
    found = read(api, person, post_id)["recipe_hint"]
    return found and (found["hidden_from"], found["can_share"])


def test_an_author_knows_before_and_after_posting_who_cannot_open_the_recipe(api: Any, ana: Any, ben: Any) -> None:
    recipe_id = recipes.create(api, ana)["id"]

    assert foreseen(api, ana, recipe_id) == {"public": "strangers", "friends": None, "private": None}
    posts = {
        visibility: society.post(api, ana, recipe_id=recipe_id, visibility=visibility)["id"]
        for visibility in ("public", "friends", "private")
    }
    assert [hint(api, ana, posts[one]) for one in ("public", "friends", "private")] == [("strangers", True), None, None]
    assert hint(api, ben, posts["public"]) is None
    said = [
        api.get(f"/v1/posts/{posts['public']}", token=ana.token, headers={"Accept-Language": one}).json()
        for one in ("vi", "en")
    ]
    assert "chưa công khai" in said[0]["recipe_hint"]["message"]
    assert "isn't public" in said[1]["recipe_hint"]["message"]


def test_a_recipe_of_the_catalogue_needs_no_hint(api: Any, ana: Any) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    post_id = society.post(api, ana, recipe_id=recipe_id)["id"]

    recipes.publish(recipe_id)

    assert foreseen(api, ana, recipe_id) == {"public": None, "friends": None, "private": None}
    assert hint(api, ana, post_id) is None


def test_nobody_can_open_a_hidden_recipe(api: Any, ana: Any, ben: Any, person: Any) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id)
    post_id = society.post(api, ana, recipe_id=recipe_id)["id"]

    for one in [person() for _ in range(3)]:
        body = {"target_type": Target.RECIPE.value, "target_id": recipe_id, "reason": "spam"}
        assert api.post("/v1/reports", json=body, token=one.token).status_code == 201

    assert foreseen(api, ana, recipe_id) == {"public": "everybody", "friends": "everybody", "private": None}
    assert hint(api, ana, post_id) == ("everybody", False)
    assert open_recipe(api, ben, post_id).status_code == 404


def test_a_recipe_that_is_shared_with_the_readers_can_be_opened_cooked_and_rated(
    api: Any, ana: Any, ben: Any, cyd: Any
) -> None:
    recipe = recipes.create(api, ana)
    post_id = society.post(api, ana, recipe_id=recipe["id"])["id"]
    assert (read(api, ben, post_id)["recipe"], open_recipe(api, ben, post_id).status_code) == (None, 404)

    shared = api.patch(f"/v1/posts/{post_id}", json={"share_recipe": True}, token=ana.token).json()

    assert (shared["recipe_shared"], shared["recipe_hint"]) == (True, None)
    assert read(api, ben, post_id)["recipe"]["title"] == recipe["title"]
    assert open_recipe(api, ben, post_id).json()["ingredients"] == recipe["ingredients"]
    path = f"/v1/recipes/{recipe['id']}"
    assert [api.get(path, token=one.token).status_code for one in (ben, cyd)] == [200, 404]
    assert api.put(f"{path}/rating", json={"stars": 5}, token=ben.token).status_code == 200


def test_a_friend_opens_what_a_post_shows_them_before_it_has_reached_their_feed(api: Any, ana: Any, ben: Any) -> None:
    society.befriend(ana, ben)
    recipe = recipes.create(api, ana)
    post_id = society.post(api, ana, recipe_id=recipe["id"], visibility="friends")["id"]
    assert read(api, ben, post_id)["recipe"]["title"] == recipe["title"]

    assert open_recipe(api, ben, post_id).json()["title"] == recipe["title"]

    assert api.get(f"/v1/recipes/{recipe['id']}", token=ben.token).status_code == 200


@pytest.mark.parametrize("change", [{"visibility": "private"}, {"share_recipe": False}, {"recipe_id": None}])
def test_a_recipe_no_longer_shared_opens_for_nobody_else(api: Any, ana: Any, ben: Any, change: Any) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    post_id = society.post(api, ana, recipe_id=recipe_id, share_recipe=True)["id"]

    assert api.patch(f"/v1/posts/{post_id}", json=change, token=ana.token).status_code == 200

    assert open_recipe(api, ben, post_id).status_code == 404
    assert not repositories.has_access(recipe_id, ben.id)


def test_a_block_ends_access_to_an_opened_recipe(api: Any, ana: Any, ben: Any) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    post_id = society.post(api, ana, recipe_id=recipe_id, share_recipe=True)["id"]
    assert open_recipe(api, ben, post_id).status_code == 200

    friends.block(api, ana, ben)

    assert open_recipe(api, ben, post_id).status_code == 404
    assert api.get(f"/v1/recipes/{recipe_id}", token=ben.token).status_code == 404


def test_nobody_shows_or_shares_a_recipe_that_was_shown_to_them_in_private(
    api: Any, ana: Any, ben: Any, cyd: Any
) -> None:
    """Ana's recipe, which ben sees as her friend, in a post of ben's that his friend cyd reads."""
    society.befriend(ana, ben)
    society.befriend(ben, cyd)
    recipe = recipes.create(api, ana)
    first = society.post(api, ana, recipe_id=recipe["id"], visibility="friends")["id"]
    fan_out.fan_out_post(first, ana.id)
    assert api.get(f"/v1/recipes/{recipe['id']}", token=ben.token).status_code == 200

    second = society.post(api, ben, recipe_id=recipe["id"], visibility="friends", share_recipe=True)["id"]
    fan_out.fan_out_post(second, ben.id)

    assert foreseen(api, ben, recipe["id"]) == {"public": "everybody", "friends": "everybody", "private": None}
    assert hint(api, ben, second) == ("everybody", False)
    assert read(api, ben, second)["recipe"]["title"] == recipe["title"]
    assert read(api, ana, second)["recipe"]["title"] == recipe["title"]
    assert read(api, cyd, second)["recipe"] is None
    assert open_recipe(api, cyd, second).status_code == 404
