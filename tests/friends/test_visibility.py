"""What friends see and blocked people don't, at once, also in a second process."""

from typing import Any

import pytest

from apps.core.transactions import Transaction
from apps.recipes import repositories as recipe_rows
from apps.recipes.repositories import stored_lists
from tests.support import recipes
from tests.support.friends import answer, befriend, block, listed, requests, send_friend_request, unblock
from tests.support.tasks import run_all

pytestmark = pytest.mark.usefixtures("seeded")


def set_privacy(api: Any, person: Any, **parts: str) -> None:
    assert api.patch("/v1/users/me/privacy", json=parts, token=person.token).status_code == 200


def status(api: Any, path: str, person: Any) -> int:
    found: int = api.get(f"/v1/{path}", token=person.token).status_code
    return found


def cook(api: Any, person: Any, recipe_id: str) -> None:
    session = api.post("/v1/cooking/sessions", json={"recipe_id": recipe_id}, token=person.token).json()["id"]
    body = {"notes": "riêng tư"}
    done = api.post(f"/v1/cooking/sessions/{session}/complete", json=body, token=person.token)
    assert done.status_code == 200, done.content


def public_recipe(api: Any, owner: Any) -> str:
    recipe_id: str = recipes.create(api, owner)["id"]
    recipes.publish(recipe_id)
    return recipe_id


def show(recipe_id: str, person: Any) -> None:
    transaction = Transaction()
    recipe_rows.grant_access(transaction, recipe_id, person.id)
    transaction.commit()


@pytest.mark.parametrize("blocker", ["ana", "ben"])
def test_people_parted_by_a_block_do_not_find_each_other(api: Any, ana: Any, ben: Any, cyd: Any, blocker: str) -> None:
    set_privacy(api, ana, history="public")
    set_privacy(api, ben, history="public")
    befriend(api, ana, ben)
    one, other = (ana, ben) if blocker == "ana" else (ben, ana)

    assert block(api, one, other).status_code == 204

    for viewer, hidden in ((ana, ben), (ben, ana)):
        assert status(api, f"users/{hidden.id}", viewer) == 404
        assert status(api, f"users/{hidden.id}/cooking", viewer) == 404
        assert api.get(f"/v1/users?q={hidden.username}", token=viewer.token).json()["items"] == []
        assert listed(api, viewer) == []
        assert send_friend_request(api, viewer, hidden).status_code == 404
        assert status(api, f"users/{hidden.id}", cyd) == 200
    assert listed(api, one, "users/me/blocks") == [other.id]
    assert listed(api, other, "users/me/blocks") == []

    assert unblock(api, one, other).status_code == 204
    assert [status(api, f"users/{b.id}", a) for a, b in ((ana, ben), (ben, ana))] == [200, 200]
    assert listed(api, ana) == []


def test_a_block_takes_a_pending_request_away(api: Any, ana: Any, ben: Any) -> None:
    send_friend_request(api, ana, ben)

    block(api, ben, ana)

    assert requests(api, ana, "sent") == requests(api, ben, "received") == []
    assert answer(api, ben, ana).status_code == 404


def test_each_lifts_their_own_block_only(api: Any, ana: Any, ben: Any) -> None:
    assert [block(api, ana, ben).status_code, block(api, ben, ana).status_code] == [204, 204]
    assert block(api, ana, ben).status_code == 204

    assert unblock(api, ana, ben).status_code == 204
    assert unblock(api, ana, ben).status_code == 204
    assert [status(api, f"users/{b.id}", a) for a, b in ((ana, ben), (ben, ana))] == [404, 404]
    assert listed(api, ben, "users/me/blocks") == [ana.id]

    assert unblock(api, ben, ana).status_code == 204
    assert [status(api, f"users/{b.id}", a) for a, b in ((ana, ben), (ben, ana))] == [200, 200]


def test_nobody_blocks_themselves_and_blocks_page(api: Any, ana: Any, person: Any) -> None:
    others = [person() for _ in range(3)]
    for other in others:
        block(api, ana, other)

    first = api.get("/v1/users/me/blocks?limit=2", token=ana.token).json()
    rest = api.get(f"/v1/users/me/blocks?limit=2&cursor={first['next']}", token=ana.token).json()

    assert block(api, ana, ana).json()["code"] == "oneself"
    shown = [one["user"]["id"] for one in first["items"] + rest["items"]]
    assert (shown, len(first["items"]), rest["next"]) == (sorted(other.id for other in others), 2, None)


def test_a_second_process_sees_a_block_and_a_friendship_at_once(api: Any, ana: Any, ben: Any, server: Any) -> None:
    """Both processes read first, so that stale caches would show."""
    set_privacy(api, ana, profile="friends")
    befriend(api, ana, ben)
    assert [status(one, f"users/{ana.id}", ben) for one in (api, server.api)] == [200, 200]

    block(api, ana, ben)
    assert [status(one, f"users/{ana.id}", ben) for one in (server.api, api)] == [404, 404]

    unblock(server.api, ana, ben)
    assert [status(one, f"users/{ana.id}", ben) for one in (api, server.api)] == [404, 404]

    befriend(server.api, ben, ana)
    assert [status(one, f"users/{ana.id}", ben) for one in (api, server.api)] == [200, 200]


def test_ratings_of_those_whom_one_does_not_meet_are_not_shown_and_pages_stay_full(
    api: Any, ana: Any, ben: Any, person: Any
) -> None:
    recipe_id = public_recipe(api, ana)
    raters = [ben, *[person() for _ in range(4)]]
    for number, rater in enumerate(raters, start=1):
        body = {"stars": 5, "comment": str(number)}
        api.put(f"/v1/recipes/{recipe_id}/rating", json=body, token=rater.token)
    path = f"/v1/recipes/{recipe_id}/ratings?limit=2"

    block(api, ben, raters[3])
    block(api, raters[2], ben)
    first = api.get(path, token=ben.token).json()
    rest = api.get(f"{path}&cursor={first['next']}", token=ben.token).json()
    whole = api.get(f"/v1/recipes/{recipe_id}/ratings", token=ana.token).json()["items"]
    hidden = api.get(f"/v1/recipes/{recipe_id}/ratings", token=raters[3].token).json()["items"]

    assert [one["comment"] for one in first["items"]] == ["5", "2"]
    assert ([one["comment"] for one in rest["items"]], rest["next"]) == (["1"], None)
    assert [one["comment"] for one in whole] == ["5", "4", "3", "2", "1"]
    assert [one["comment"] for one in hidden] == ["5", "4", "3", "2"]


def test_a_private_recipe_that_was_shared_is_gone_with_a_block(api: Any, ana: Any, ben: Any) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    show(recipe_id, ben)
    api.put(f"/v1/recipes/{recipe_id}/favorite", token=ben.token)
    assert len(api.get("/v1/favorites", token=ben.token).json()["items"]) == 1

    block(api, ana, ben)

    assert status(api, f"recipes/{recipe_id}", ben) == 404
    assert status(api, f"recipes/{recipe_id}/ratings", ben) == 404
    assert status(api, f"recipes/{recipe_id}/friends", ben) == 404
    assert api.put(f"/v1/recipes/{recipe_id}/rating", json={"stars": 1}, token=ben.token).status_code == 404
    assert api.post("/v1/cooking/sessions", json={"recipe_id": recipe_id}, token=ben.token).status_code == 404
    assert api.get("/v1/favorites", token=ben.token).json()["items"] == []

    unblock(api, ana, ben)
    assert status(api, f"recipes/{recipe_id}", ben) == 200


@pytest.mark.parametrize(
    ("audience", "seen"), [("public", (True, True)), ("friends", (True, False)), ("private", (False, False))]
)
def test_what_somebody_cooked_is_seen_as_history_allows(
    api: Any, ana: Any, ben: Any, cyd: Any, audience: str, seen: Any
) -> None:
    recipe_id = public_recipe(api, ana)
    befriend(api, ana, ben)
    cook(api, ben, recipe_id)
    set_privacy(api, ben, history=audience)

    answers = [api.get(f"/v1/users/{ben.id}/cooking", token=viewer.token) for viewer in (ana, cyd)]

    assert [one.status_code for one in answers] == [200 if shown else 404 for shown in seen]
    for one in answers:
        assert b"notes" not in one.content
    friends = listed(api, ana, f"recipes/{recipe_id}/friends")
    assert friends == ([ben.id] if seen[0] else [])
    assert listed(api, cyd, f"recipes/{recipe_id}/friends") == []


@pytest.mark.parametrize("cooks_per_key", [20, 0])
def test_friends_who_cooked_a_recipe_page_whoever_else_cooked_it(
    api: Any, ana: Any, cyd: Any, person: Any, monkeypatch: pytest.MonkeyPatch, cooks_per_key: int
) -> None:
    """Both access paths, chosen by the number of cooks, give the same result."""
    recipe_id = public_recipe(api, ana)
    friends = [person() for _ in range(5)]
    for friend in friends:
        befriend(api, friend, ana)
        cook(api, friend, recipe_id)
        set_privacy(api, friend, history="friends")
    set_privacy(api, friends[0], history="private")
    block(api, friends[1], ana)
    cook(api, cyd, recipe_id)
    cook(api, friends[2], recipe_id)
    monkeypatch.setattr(stored_lists, "_COOKS_PER_KEY", cooks_per_key)
    path = f"/v1/recipes/{recipe_id}/friends?limit=2"

    first = api.get(path, token=ana.token).json()
    rest = api.get(f"{path}&cursor={first['next']}", token=ana.token).json()

    found = {one["user"]["id"]: one["times"] for one in first["items"] + rest["items"]}
    assert found == {friends[2].id: 2, friends[3].id: 1, friends[4].id: 1}
    assert (list(found), len(first["items"]), rest["next"]) == (sorted(found), 2, None)


def test_ones_figures_count_what_one_did(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    recipe_id, other = public_recipe(api, ana), public_recipe(api, ana)
    befriend(api, ben, ana)
    befriend(api, ben, cyd)
    recipes.create(api, ben)
    for _ in range(2):
        cook(api, ben, recipe_id)
    for rated in (recipe_id, recipe_id, other):
        api.put(f"/v1/recipes/{rated}/rating", json={"stars": 4}, token=ben.token)
    api.put(f"/v1/recipes/{recipe_id}/favorite", token=ben.token)

    figures = api.get("/v1/users/me/stats", token=ben.token).json()
    assert figures == {"recipes": 1, "favorites": 1, "ratings": 2, "cooked": 2, "recipes_cooked": 1, "friends": 2}

    api.delete(f"/v1/recipes/{other}/rating", token=ben.token)
    api.delete(f"/v1/friends/{cyd.id}", token=ben.token)
    changed = api.get("/v1/users/me/stats", token=ben.token).json()
    assert (changed["ratings"], changed["friends"]) == (1, 1)


def test_ratings_of_those_whom_the_owner_blocked_do_not_approve(
    api: Any, ana: Any, ben: Any, person: Any, messages: list[Any]
) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    raters = [ben, person(), person(), person()]

    def rate(rater: Any, stars: int) -> Any:
        show(recipe_id, rater)
        return api.put(f"/v1/recipes/{recipe_id}/rating", json={"stars": stars}, token=rater.token).json()

    rate(ben, 5)
    block(api, ana, ben)
    run_all(messages)
    third = [rate(rater, 5) for rater in raters[1:3]][-1]
    fourth = rate(raters[3], 5)

    assert (third["rating"]["count"], third["approval"]) == (2, "pending")
    assert (fourth["rating"]["count"], fourth["approval"]) == (3, "approved")


def test_ratings_of_those_whom_the_owner_blocked_do_not_revoke(api: Any, ana: Any, ben: Any, person: Any) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id, by_ratings=True)
    block(api, ana, ben)

    approvals = [
        api.put(f"/v1/recipes/{recipe_id}/rating", json={"stars": stars}, token=rater.token).json()["approval"]
        for rater, stars in ((ben, 1), *((person(), stars) for stars in (4, 4, 3, 3)))
    ]

    assert approvals == ["approved"] * 5
    assert (
        api.put(f"/v1/recipes/{recipe_id}/rating", json={"stars": 1}, token=person().token).json()["approval"]
        == "pending"
    )
