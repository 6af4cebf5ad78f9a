"""People hidden by reports: what others can still do with their content, and who is notified."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.feed import fan_out
from apps.moderation import authority, cases
from apps.moderation.content import Target
from tests.support import friends, recipes, society
from tests.support.notifications import read_notifications, unread
from tests.support.tasks import run_all

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.fixture
def hide(api: Any, person: Callable[..., Any]) -> Callable[..., None]:
    """Let three people report something."""

    def act(target_id: str, kind: str = "user", *, over: Any = None) -> None:
        body = {"target_type": kind, "target_id": target_id, "reason": "spam"}
        for one in [person() for _ in range(3)]:
            assert (over or api).post("/v1/reports", json=body, token=one.token).status_code == 201

    return act


def restore(person: Any) -> None:
    cases.restore(Target.USER, person.id, actor=authority.OPERATOR)


def test_nobody_can_respond_to_a_hidden_persons_content(api: Any, ana: Any, ben: Any, hide: Any) -> None:
    friends.befriend(api, ana, ben)
    post = society.post(api, ana)["id"]
    elsewhere = society.post(api, ben)["id"]
    comment, other = society.comment(api, ana, post)["id"], society.comment(api, ana, elsewhere)["id"]
    hide(ana.id)

    like, reply = {"reaction": "like"}, {"content": "x", "parent_id": other}
    answers = [
        api.post(f"/v1/posts/{post}/comments", json={"content": "x"}, token=ben.token),
        api.put(f"/v1/posts/{post}/reaction", json=like, token=ben.token),
        api.put(f"/v1/posts/{post}/comments/{comment}/reaction", json=like, token=ben.token),
        api.put(f"/v1/posts/{elsewhere}/comments/{other}/reaction", json=like, token=ben.token),
        api.post(f"/v1/posts/{elsewhere}/comments", json=reply, token=ben.token),
        api.post("/v1/friends/requests", json={"user_id": ana.id}, token=ben.token),
    ]

    assert {one.status_code for one in answers} == {404}
    restore(ana)
    assert api.post(f"/v1/posts/{elsewhere}/comments", json=reply, token=ben.token).status_code == 201


def test_hidden_people_can_continue_and_nobody_is_notified(
    api: Any, ana: Any, ben: Any, hide: Any, messages: list[Any]
) -> None:
    society.befriend(ana, ben)
    post = society.post(api, ben)["id"]
    comment = society.comment(api, ben, post)["id"]
    messages.clear()
    hide(ana.id)

    society.comment(api, ana, post, f"@{ben.username} ngon")
    society.comment(api, ana, post, "x", parent_id=comment)
    society.react(api, ana, post)
    society.react(api, ana, f"{post}/comments/{comment}")
    society.post(api, ana, f"@{ben.username}")
    society.comment(api, ben, post, f"@{ana.username}")
    run_all(messages)

    assert (read_notifications(api, ben), unread(api, ben)) == ([], 0)
    assert [one["kind"] for one in read_notifications(api, ana)] == ["mention"]
    restore(ana)
    assert read_notifications(api, ben) == []
    shown = api.get(f"/v1/posts/{post}", token=ben.token).json()
    assert (shown["comment_count"], shown["reaction_count"]) == (4, 1)


def test_earlier_notifications_are_left_out_while_a_person_is_hidden(
    api: Any, ana: Any, ben: Any, cyd: Any, hide: Any, messages: list[Any]
) -> None:
    """Pages stay full, and folded notifications name visible people only."""
    post = society.post(api, ben)["id"]
    for one in (cyd, ana):
        society.react(api, one, post)
        society.comment(api, one, post)
    run_all(messages)
    assert [(one["kind"], one["actor"]["id"], one["count"]) for one in read_notifications(api, ben)] == [
        ("comment", ana.id, 1), ("comment", cyd.id, 1), ("reaction", ana.id, 2),
    ]  # fmt: skip

    hide(ana.id)

    expected = [("comment", cyd.id, 1), ("reaction", cyd.id, 1)]
    for query in ("?limit=1", "?limit=1&unread=true"):
        first = api.get(f"/v1/notifications{query}", token=ben.token).json()
        rest = read_notifications(api, ben, f"{query}&cursor={first['next']}")
        assert [(one["kind"], one["actor"]["id"], one["count"]) for one in first["items"] + rest] == expected
    restore(ana)
    assert len(read_notifications(api, ben)) == 3


def test_a_request_of_a_hidden_person_waits_until_they_are_restored(api: Any, ana: Any, ben: Any, hide: Any) -> None:
    friends.send_friend_request(api, ana, ben)
    hide(ana.id)

    assert friends.requests(api, ben, "received") == []
    assert friends.answer(api, ben, ana).status_code == 404
    assert friends.requests(api, ana, "sent") == [ben.id]

    restore(ana)
    assert friends.requests(api, ben, "received") == [ana.id]
    assert friends.answer(api, ben, ana).status_code == 200


def test_one_may_end_a_friendship_with_a_hidden_person_and_block_them(api: Any, ana: Any, ben: Any, hide: Any) -> None:
    friends.befriend(api, ana, ben)
    hide(ana.id)

    assert friends.listed(api, ben) == []
    assert friends.unfriend(api, ben, ana).status_code == 204
    assert friends.block(api, ben, ana).status_code == 204
    assert friends.listed(api, ben, "users/me/blocks") == [ana.id]


def test_another_process_applies_hiding_and_showing_at_once(
    api: Any, ana: Any, ben: Any, server: Any, hide: Any
) -> None:
    """Both processes read first, so that stale caches would show."""
    society.befriend(ana, ben)
    post = society.post(api, ana, visibility="friends")["id"]
    fan_out.fan_out_post(post, ana.id)

    def seen(over: Any) -> tuple[bool, bool, bool]:
        feed = over.get("/v1/feed?scope=friends", token=ben.token).json()["items"]
        paths = (f"/v1/posts/{post}", f"/v1/users/{ana.id}")
        return (post in [one["id"] for one in feed], *(over.get(p, token=ben.token).status_code == 200 for p in paths))

    assert [seen(api), seen(server.api)] == [(True,) * 3] * 2
    hide(ana.id, over=server.api)
    assert [seen(api), seen(server.api)] == [(False,) * 3] * 2
    restore(ana)
    assert [seen(server.api), seen(api)] == [(True,) * 3] * 2


def test_the_title_of_a_hidden_recipe_is_not_shown_in_a_post(
    api: Any, ana: Any, ben: Any, person: Callable[..., Any]
) -> None:
    """A private recipe is reported by three friends who saw it, one in the catalogue by anybody."""
    private, public = recipes.create(api, ana), recipes.create(api, ana)
    recipes.publish(public["id"])
    society.befriend(ana, ben)
    near = [person() for _ in range(3)]
    for one in near:
        society.befriend(ana, one)
    posts = [society.post(api, ana, recipe_id=one["id"])["id"] for one in (private, public)]
    fan_out.fan_out_post(posts[0], ana.id)

    def shown(to: Any) -> list[Any]:
        found = [api.get(f"/v1/posts/{post}", token=to.token).json()["recipe"] for post in posts]
        return [one and one["title"] for one in found]

    assert shown(ben) == [private["title"], public["title"]]
    for one, recipe in ((one, recipe) for one in near for recipe in (private, public)):
        body = {"target_type": "recipe", "target_id": recipe["id"], "reason": "spam"}
        assert api.post("/v1/reports", json=body, token=one.token).status_code == 201

    assert (shown(ben), shown(ana)) == ([None, None], [private["title"], public["title"]])
    cases.restore(Target.RECIPE, private["id"], actor=authority.OPERATOR)
    assert shown(ben) == [private["title"], None]


def test_recipes_shared_by_a_hidden_person_disappear_except_from_the_catalogue(
    api: Any, ana: Any, ben: Any, hide: Any
) -> None:
    society.befriend(ana, ben)
    shared, public = recipes.create(api, ana)["id"], recipes.create(api, ana)["id"]
    recipes.publish(public)
    fan_out.fan_out_post(society.post(api, ana, recipe_id=shared)["id"], ana.id)
    for recipe in (shared, public):
        assert api.put(f"/v1/recipes/{recipe}/favorite", token=ben.token).status_code == 204
    hide(ana.id)

    def kept() -> set[str]:
        return {one["id"] for one in api.get("/v1/favorites", token=ben.token).json()["items"]}

    assert (api.get(f"/v1/recipes/{shared}", token=ben.token).status_code, kept()) == (404, {public})
    body = {"recipe_id": shared}
    assert api.post("/v1/cooking/sessions", json=body, token=ben.token).status_code == 404
    assert api.put(f"/v1/recipes/{shared}/rating", json={"stars": 5}, token=ben.token).status_code == 404
    restore(ana)
    assert (api.get(f"/v1/recipes/{shared}", token=ben.token).status_code, kept()) == (200, {public, shared})
