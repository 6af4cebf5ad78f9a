"""Visibility of posts: every reader, every visibility, and every request that could reveal a post."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from tests.support import friends, society

pytestmark = pytest.mark.usefixtures("seeded")

READERS = ("owner", "friend", "requested", "stranger", "blocked", "blocker", "suspended", "anonymous")
VISIBILITIES = ("public", "friends", "private")

# The rule: who sees a post of each visibility.
SEEN_BY = {
    "public": {"owner", "friend", "requested", "stranger", "suspended"},
    "friends": {"owner", "friend"},
    "private": {"owner"},
}
REFUSALS = {"anonymous": 401}


@dataclass(frozen=True)
class Scene:
    """A post with a comment and a reaction of its owner's, and the people around them."""

    people: dict[str, Any]
    posts: dict[str, str]
    comments: dict[str, str]


@pytest.fixture(scope="module")
def scene(person: Callable[..., Any], seeded: None) -> Scene:
    from tests.support.client import InProcess  # noqa: PLC0415

    api, owner = InProcess(), person()
    people = {name: person() for name in READERS if name not in {"owner", "anonymous"}} | {"owner": owner}
    friends.befriend(api, owner, people["friend"])
    assert friends.send_friend_request(api, people["requested"], owner).status_code == 201
    assert friends.block(api, owner, people["blocked"]).status_code == 204
    assert friends.block(api, people["blocker"], owner).status_code == 204
    society.suspend(people["suspended"])
    posts = {kind: society.post(api, owner, f"bài {kind}", visibility=kind)["id"] for kind in VISIBILITIES}
    comments = {kind: society.comment(api, owner, posts[kind])["id"] for kind in VISIBILITIES}
    for kind in VISIBILITIES:
        society.react(api, owner, posts[kind], "love")
        society.react(api, owner, f"{posts[kind]}/comments/{comments[kind]}", "wow")
    return Scene(people, posts, comments)


# Requests about a post: method, path and body. Each response would reveal that the post exists.
ENDPOINTS: dict[str, tuple[str, str, Any]] = {
    "read": ("GET", "", None),
    "list comments": ("GET", "/comments", None),
    "read a comment": ("GET", "/comments/{comment}", None),
    "comment": ("POST", "/comments", {"content": "x"}),
    "reply": ("POST", "/comments", {"content": "x", "parent_id": "{comment}"}),
    "react": ("PUT", "/reaction", {"reaction": "like"}),
    "take a reaction back": ("DELETE", "/reaction", None),
    "react to a comment": ("PUT", "/comments/{comment}/reaction", {"reaction": "like"}),
    "take a reaction to a comment back": ("DELETE", "/comments/{comment}/reaction", None),
    "edit": ("PATCH", "", {"content": "x"}),
    "edit a comment": ("PATCH", "/comments/{comment}", {"content": "x"}),
}


@pytest.mark.parametrize(("reader", "visibility"), list(product(READERS, VISIBILITIES)))
def test_a_post_with_comments_and_reactions_exists_only_for_those_who_may_see_it(
    api: Any, scene: Scene, reader: str, visibility: str
) -> None:
    post, comment = scene.posts[visibility], scene.comments[visibility]
    token = scene.people[reader].token if reader in scene.people else None
    expected_seen = reader in SEEN_BY[visibility]

    for name, (method, path, body) in ENDPOINTS.items():
        whole = f"/v1/posts/{post}{path.format(comment=comment)}"
        given = {key: value.format(comment=comment) for key, value in body.items()} if body else None
        answer = api.request(method, whole, json=given, token=token)
        seen = expected_seen and (reader == "owner" or not name.startswith("edit"))
        if reader == "suspended" and method != "GET":
            assert (answer.status_code, answer.json()["code"]) == (403, "account_suspended"), name
        elif seen:
            assert answer.status_code < 300, (name, answer.content)
        else:
            assert answer.status_code == REFUSALS.get(reader, 404), (name, answer.content)


@pytest.mark.parametrize("reader", READERS)
def test_the_list_of_a_person_shows_what_the_reader_may_see(api: Any, scene: Scene, reader: str) -> None:
    token = scene.people[reader].token if reader in scene.people else None

    answer = api.get(f"/v1/users/{scene.people['owner'].id}/posts", token=token)

    expected = [scene.posts[kind] for kind in reversed(VISIBILITIES) if reader in SEEN_BY[kind]]
    if reader == "anonymous":
        assert answer.status_code == 401
    elif reader in {"blocked", "blocker"}:
        assert answer.status_code == 404
    else:
        assert [one["id"] for one in answer.json()["items"]] == expected


@pytest.mark.parametrize("scope", [None, "friends", "public"])
@pytest.mark.parametrize("reader", READERS)
def test_the_feed_shows_what_the_reader_may_see(api: Any, scene: Scene, reader: str, scope: str | None) -> None:
    """Feeds also contain posts of other tests, so only the scene's posts are compared."""
    from apps.feed import fan_out  # noqa: PLC0415

    for post in scene.posts.values():
        fan_out.fan_out_post(post, scene.people["owner"].id)
    if reader == "anonymous":
        assert api.get("/v1/feed").status_code == 401
        return

    shown: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = f"?limit=100{f'&scope={scope}' if scope else ''}{cursor and '&cursor=' + cursor}"
        page = api.get(f"/v1/feed{query}", token=scene.people[reader].token).json()
        shown += [one["id"] for one in page["items"]]
        cursor = page["next"]

    expected = {kind for kind in VISIBILITIES if reader in SEEN_BY[kind]}
    if scope == "public":
        expected &= {"public"}
    if scope == "friends" and reader not in {"owner", "friend"}:
        expected = set()
    ours = [id_ for id_ in shown if id_ in scene.posts.values()]
    assert sorted(ours) == sorted(scene.posts[kind] for kind in expected)


def test_changes_of_visibility_take_effect_at_once(api: Any, ana: Any, ben: Any) -> None:
    post = society.post(api, ana, visibility="friends")["id"]

    def seen() -> int:
        status: int = api.get(f"/v1/posts/{post}", token=ben.token).status_code
        return status

    assert seen() == 404
    friends.befriend(api, ana, ben)
    assert seen() == 200
    api.patch(f"/v1/posts/{post}", json={"visibility": "private"}, token=ana.token)
    assert seen() == 404
    api.patch(f"/v1/posts/{post}", json={"visibility": "public"}, token=ana.token)
    assert seen() == 200
    assert friends.block(api, ben, ana).status_code == 204
    assert seen() == 404
