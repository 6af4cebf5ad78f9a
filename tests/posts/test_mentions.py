"""Mentions, comments, replies and reactions notify people once, and only if they can see the content."""

from collections import Counter
from typing import Any

import pytest

from apps.posts.mentions import extract_usernames
from tests.support import society
from tests.support.tasks import run_all

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.fixture
def told(messages: list[Any]) -> Any:
    """Deliver every message twice, like a worker; return somebody's notifications by kind."""

    def notifications_of(api: Any, person: Any) -> Counter[str]:
        run_all(messages, times=2)
        items = api.get("/v1/notifications", token=person.token).json()["items"]
        return Counter(one["kind"] for one in items)

    return notifications_of


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Chào @ana, @ben.b và @ana", ["ana", "ben.b"]),
        ("@Ana!", ["ana"]),
        ("(@ana)", ["ana"]),
        ("Hỏi @ana.", ["ana."]),
        ("ana@example.com", []),
        ("@an @" + "a" * 31, []),
        ("@@ana", []),
        ("", []),
    ],
)
def test_mentions_in_a_text_are_recognized(text: str, names: list[str]) -> None:
    assert extract_usernames(text) == names


def test_mentioned_people_who_can_see_the_text_are_notified_once(
    api: Any, ana: Any, ben: Any, cyd: Any, told: Any
) -> None:
    society.befriend(ana, ben)
    text = f"Cảm ơn @{ben.username}, @{cyd.username}. và @{ana.username} @nobody_at_all"

    post = society.post(api, ana, text, visibility="friends")

    assert [told(api, one) for one in (ana, ben, cyd)] == [{}, {"mention": 1}, {}]
    shown = api.get("/v1/notifications", token=ben.token).json()["items"][0]
    target = {"type": "post", "id": post["id"], "post_id": post["id"]}
    assert (shown["actor"]["id"], shown["target"]) == (ana.id, target)
    api.patch(f"/v1/posts/{post['id']}", json={"content": text + " Hẹn gặp!"}, token=ana.token)
    api.patch(f"/v1/posts/{post['id']}", json={"content": "x"}, token=ana.token)
    api.patch(f"/v1/posts/{post['id']}", json={"content": text}, token=ana.token)
    assert told(api, ben) == {"mention": 1}


def test_a_private_post_notifies_nobody_until_others_may_see_it(api: Any, ana: Any, ben: Any, told: Any) -> None:
    post = society.post(api, ana, f"@{ben.username}.", visibility="private")["id"]
    assert told(api, ben) == {}

    api.patch(f"/v1/posts/{post}", json={"visibility": "public"}, token=ana.token)

    assert told(api, ben) == {"mention": 1}


def test_mentioned_people_are_notified_again_when_a_narrowed_post_is_widened(
    api: Any, ana: Any, ben: Any, told: Any
) -> None:
    post = society.post(api, ana, f"@{ben.username}.", visibility="public")["id"]
    counts = [told(api, ben)]

    for visibility in ("private", "public", "private", "public"):
        api.patch(f"/v1/posts/{post}", json={"visibility": visibility}, token=ana.token)
        counts.append(told(api, ben))

    assert counts == [{"mention": 1}, {}, {"mention": 1}, {}, {"mention": 1}]


def test_owners_are_notified_of_comments_authors_of_replies_and_nobody_of_their_own(
    api: Any, ana: Any, ben: Any, cyd: Any, told: Any
) -> None:
    post = society.post(api, ana)["id"]
    society.comment(api, ana, post, "của tôi")
    comment = society.comment(api, ben, post, f"@{ana.username} ngon quá")["id"]
    society.comment(api, cyd, post, f"@{ben.username} đúng vậy", parent_id=comment)
    society.comment(api, ben, post, f"cảm ơn @{cyd.username}", parent_id=comment)

    assert [told(api, one) for one in (ana, ben, cyd)] == [{"comment": 3}, {"reply": 1}, {"mention": 1}]


def test_a_reaction_notifies_once_however_often_it_changes(api: Any, ana: Any, ben: Any, told: Any) -> None:
    post = society.post(api, ana)["id"]
    comment = society.comment(api, ana, post)["id"]
    for reaction in ("like", "love", "love"):
        society.react(api, ben, post, reaction)
        society.react(api, ana, post, reaction)
    society.react(api, ben, f"{post}/comments/{comment}", "wow")

    assert told(api, ana) == {"reaction": 2}
    shown = api.get("/v1/notifications", token=ana.token).json()["items"]
    assert sorted((one["target"]["type"], one["count"]) for one in shown) == [("comment", 1), ("post", 1)]


def test_a_notification_names_its_post(api: Any, ana: Any, ben: Any, cyd: Any, told: Any) -> None:
    post = society.post(api, ana)["id"]
    comment = society.comment(api, ben, post)["id"]
    society.react(api, cyd, f"{post}/comments/{comment}")
    reply = society.comment(api, cyd, post, "x", parent_id=comment)["id"]
    named_in = society.comment(api, ana, post, f"@{cyd.username}")["id"]

    def targets(person: Any) -> list[tuple[str, str, str]]:
        told(api, person)
        shown = api.get("/v1/notifications", token=person.token).json()["items"]
        assert {one["target"]["post_id"] for one in shown} == {post}
        return [(one["kind"], one["target"]["type"], one["target"]["id"]) for one in shown]

    assert targets(ana) == [("comment", "comment", reply), ("comment", "comment", comment)]
    assert targets(ben) == [("reply", "comment", reply), ("reaction", "comment", comment)]
    assert targets(cyd) == [("mention", "comment", named_in)]


@pytest.mark.parametrize("parted_by", ["end of friendship", "private post", "block", "deleted comment"])
def test_people_who_no_longer_see_a_post_are_not_notified_about_it(
    api: Any, ana: Any, ben: Any, cyd: Any, told: Any, parted_by: str
) -> None:
    for one in (ben, cyd):
        society.befriend(ana, one)
    post = society.post(api, ana, visibility="friends")["id"]
    comment = society.comment(api, ben, post)["id"]
    reply = society.comment(api, cyd, post, "x", parent_id=comment)["id"]
    society.react(api, cyd, f"{post}/comments/{comment}")

    if parted_by == "end of friendship":
        society.unfriend(ana, ben)
    elif parted_by == "private post":
        api.patch(f"/v1/posts/{post}", json={"visibility": "private"}, token=ana.token)
    elif parted_by == "block":
        society.block(ana, ben)
    else:
        api.delete(f"/v1/posts/{post}/comments/{reply}", token=cyd.token)

    assert told(api, ben) == ({"reaction": 1} if parted_by == "deleted comment" else {})
    assert told(api, ana) == ({"comment": 1} if parted_by in {"deleted comment", "block"} else {"comment": 2})


def test_blocked_people_are_not_notified_of_mentions(api: Any, ana: Any, ben: Any, cyd: Any, told: Any) -> None:
    post = society.post(api, ana)["id"]
    society.block(cyd, ben)

    society.comment(api, ben, post, f"@{cyd.username}")

    assert told(api, cyd) == {}
