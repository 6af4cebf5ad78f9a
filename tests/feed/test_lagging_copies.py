"""Content withdrawn a moment ago is not shown, even if copies and indexes still contain it."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.core import clock
from apps.feed import fan_out
from tests.support import friends, recipes, society
from tests.support.lagging import lagging

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.fixture
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock, so that a page requested twice makes the same requests."""
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)


def report(api: Any, person: Callable[..., Any], kind: str, target_id: str) -> None:
    for one in [person() for _ in range(3)]:
        body = {"target_type": kind, "target_id": target_id, "reason": "spam"}
        assert api.post("/v1/reports", json=body, token=one.token).status_code == 201


def cook(api: Any, person: Any, recipe_id: str) -> None:
    session = api.post("/v1/cooking/sessions", json={"recipe_id": recipe_id}, token=person.token).json()["id"]
    assert api.post(f"/v1/cooking/sessions/{session}/complete", json={}, token=person.token).status_code == 200
    set_privacy(api, person, history="public")


def set_privacy(api: Any, person: Any, **parts: str) -> None:
    assert api.patch("/v1/users/me/privacy", json=parts, token=person.token).status_code == 200


# Changes of a public or friends' post of ana's that is in ben's feed.
CHANGES: dict[str, Callable[..., Any]] = {
    "deleted": lambda api, ana, _ben, post, _person: api.delete(f"/v1/posts/{post}", token=ana.token),
    "made private": lambda api, ana, _ben, post, _person: api.patch(
        f"/v1/posts/{post}", json={"visibility": "private"}, token=ana.token
    ),
    "blocked by its author": lambda api, ana, ben, _post, _person: friends.block(api, ana, ben),
    "blocked by its reader": lambda api, ana, ben, _post, _person: friends.block(api, ben, ana),
    "hidden": lambda api, _ana, _ben, post, person: report(api, person, "post", post),
    "author hidden": lambda api, ana, _ben, _post, person: report(api, person, "user", ana.id),
    "no friends any more": lambda api, ana, ben, _post, _person: friends.unfriend(api, ana, ben),
}
PUBLIC = [name for name in CHANGES if name != "no friends any more"]
CASES = [("friends", "", name) for name in CHANGES if name != "hidden"]
CASES += [("friends", "scope=friends", name) for name in CHANGES if name != "hidden"]
CASES += [("public", scope, name) for scope in ("", "scope=public") for name in PUBLIC]


@pytest.mark.usefixtures("_still")
@pytest.mark.parametrize(("visibility", "scope", "change"), CASES)
def test_a_page_of_the_feed_leaves_out_what_was_just_taken_away(
    api: Any, ana: Any, ben: Any, person: Callable[..., Any], visibility: str, scope: str, change: str
) -> None:
    friends.befriend(api, ana, ben)
    post, kept = (society.post(api, ana, visibility=visibility)["id"] for _ in range(2))
    for one in (post, kept):
        fan_out.fan_out_post(one, ana.id)
    society.forget_changes()

    def feed() -> dict[str, str]:
        items = api.get(f"/v1/feed?limit=30&{scope}", token=ben.token).json()["items"]
        return {one["id"]: one["content"] for one in items}

    with lagging() as copies:
        assert post in feed()
        copies.freeze()
        # Visible content is shown in its old state, which proves that the copies are stale.
        api.patch(f"/v1/posts/{kept}", json={"content": "mới"}, token=ana.token)
        assert feed()[kept] != "mới"
        CHANGES[change](api, ana, ben, post, person)
        assert post not in feed()
        assert copies.replayed > 3


@pytest.mark.usefixtures("_still")
@pytest.mark.parametrize("change", list(CHANGES))
def test_the_list_of_a_person_leaves_out_what_was_just_taken_away(
    api: Any, ana: Any, ben: Any, person: Callable[..., Any], change: str
) -> None:
    friends.befriend(api, ana, ben)
    post = society.post(api, ana, visibility="public" if change == "hidden" else "friends")["id"]
    path = f"/v1/users/{ana.id}/posts"

    with lagging() as copies:
        assert [one["id"] for one in api.get(path, token=ben.token).json()["items"]] == [post]
        copies.freeze()
        CHANGES[change](api, ana, ben, post, person)
        answer = api.get(path, token=ben.token)

    assert answer.status_code == 404 or answer.json()["items"] == []


@pytest.mark.parametrize("change", ["blocked by its author", "author hidden", "no friends any more", "private"])
def test_people_who_may_not_be_seen_any_more_are_in_no_list(
    api: Any, ana: Any, ben: Any, person: Callable[..., Any], change: str
) -> None:
    recipe_id = recipes.create(api, ben)["id"]
    recipes.publish(recipe_id)
    friends.befriend(api, ana, ben)
    cook(api, ana, recipe_id)
    set_privacy(api, ana, profile="friends", history="friends")
    rating = {"stars": 5, "comment": "ngon"}
    assert api.put(f"/v1/recipes/{recipe_id}/rating", json=rating, token=ana.token).status_code == 200
    paths = [f"users?q={ana.username}", "friends", f"recipes/{recipe_id}/friends", f"recipes/{recipe_id}/ratings"]

    def listed() -> list[int]:
        return [len(api.get(f"/v1/{path}", token=ben.token).json()["items"]) for path in paths]

    with lagging() as copies:
        assert listed() == [1, 1, 1, 1]
        copies.freeze()
        if change == "private":
            set_privacy(api, ana, profile="private", history="private")
        else:
            CHANGES[change](api, ana, ben, "", person)
        found = listed()

    expected = {"private": [0, 1, 0, 1], "no friends any more": [0, 0, 0, 1]}
    assert found == expected.get(change, [0, 0, 0, 0])
    assert copies.replayed >= 2
