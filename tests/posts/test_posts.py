"""Posts over HTTP: their format, who may change them, and what remains after deletion."""

from itertools import chain
from typing import Any

import pytest

from apps.core import ids
from tests.support import recipes, society

pytestmark = pytest.mark.usefixtures("seeded")


def read(api: Any, person: Any, post_id: str) -> Any:
    answer = api.get(f"/v1/posts/{post_id}", token=person.token)
    assert answer.status_code == 200, answer.content
    return answer.json()


def _shown(recipe: dict[str, Any]) -> dict[str, Any]:
    return {name: recipe[name] for name in ("id", "title", "translated_title", "language", "image")}


def test_a_post_reads_as_the_contract_says(api: Any, ana: Any, ben: Any) -> None:
    recipe = recipes.create(api, ana)
    recipes.publish(recipe["id"])

    answer = api.post(
        "/v1/posts", json={"content": "  Canh chua cá lóc \u200b", "recipe_id": recipe["id"]}, token=ana.token
    )

    made = answer.json()
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/v1/posts/{made['id']}")
    assert made == {
        "id": made["id"],
        "author": {"id": ana.id, "username": ana.username, "avatar": None},
        "content": "Canh chua cá lóc",
        "visibility": "public",
        "recipe": _shown(recipe),
        "recipe_hint": None,
        "recipe_shared": False,
        "images": [],
        "reaction_count": 0,
        "reactions": {"like": 0, "love": 0, "wow": 0},
        "my_reaction": None,
        "comment_count": 0,
        "created_at": made["created_at"],
        "updated_at": made["updated_at"],
    }
    assert read(api, ben, made["id"]) == made


def test_only_the_author_edits_and_deletes(api: Any, ana: Any, ben: Any) -> None:
    made = society.post(api, ana)
    path = f"/v1/posts/{made['id']}"

    assert api.patch(path, json={"content": "x"}, token=ben.token).status_code == 404
    assert api.delete(path, token=ben.token).status_code == 404
    assert read(api, ben, made["id"])["content"] == made["content"]


def test_an_edit_changes_what_it_names_and_nothing_else(api: Any, ana: Any) -> None:
    made = society.post(api, ana, visibility="private")

    changed = api.patch(f"/v1/posts/{made['id']}", json={"content": "Khác rồi."}, token=ana.token).json()

    assert (changed["content"], changed["visibility"]) == ("Khác rồi.", "private")
    assert read(api, ana, made["id"]) == changed


def test_nobody_overwrites_an_edit_unseen_and_reactions_do_not_count_as_edits(api: Any, ana: Any, ben: Any) -> None:
    made = society.post(api, ana)
    path = f"/v1/posts/{made['id']}"
    seen = api.get(path, token=ana.token).headers["ETag"]
    society.react(api, ben, made["id"])
    society.comment(api, ben, made["id"])

    first = api.patch(path, json={"content": "một"}, token=ana.token, headers={"If-Match": seen})
    second = api.patch(path, json={"content": "hai"}, token=ana.token, headers={"If-Match": seen})

    assert (first.status_code, second.status_code) == (200, 412)
    assert first.headers["ETag"] != seen
    assert read(api, ana, made["id"])["content"] == "một"


def test_repeating_a_request_posts_once(api: Any, ana: Any) -> None:
    headers = {"Idempotency-Key": ids.new_id()}

    answers = [api.post("/v1/posts", json={"content": "một"}, token=ana.token, headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert len(api.get(f"/v1/users/{ana.id}/posts", token=ana.token).json()["items"]) == 1


def test_a_deleted_post_is_gone_with_its_comments_and_reactions(api: Any, ana: Any, ben: Any) -> None:
    post_id = society.post(api, ana)["id"]
    comment_id = society.comment(api, ben, post_id)["id"]

    assert api.delete(f"/v1/posts/{post_id}", token=ana.token).status_code == 204

    for person in (ana, ben):
        for path in ("", "/comments", f"/comments/{comment_id}"):
            assert api.get(f"/v1/posts/{post_id}{path}", token=person.token).status_code == 404
    assert [api.delete(f"/v1/posts/{post_id}", token=one.token).status_code for one in (ana, ben)] == [204, 404]
    assert api.patch(f"/v1/posts/{post_id}", json={"content": "x"}, token=ana.token).status_code == 404
    assert api.post(f"/v1/posts/{post_id}/comments", json={"content": "x"}, token=ben.token).status_code == 404
    assert api.get(f"/v1/users/{ana.id}/posts", token=ana.token).json() == {"items": [], "next": None}


def test_a_recipe_that_is_not_public_is_shown_to_friends_only(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    society.befriend(ana, ben)
    recipe = recipes.create(api, ana)
    post_id = society.post(api, ana, recipe_id=recipe["id"])["id"]

    shown = _shown(recipe)
    assert [read(api, one, post_id)["recipe"] for one in (ana, ben, cyd)] == [shown, shown, None]


def test_a_recipe_that_the_author_cannot_see_is_not_posted(api: Any, ana: Any, ben: Any) -> None:
    recipe = recipes.create(api, ben)

    answer = api.post("/v1/posts", json={"content": "x", "recipe_id": recipe["id"]}, token=ana.token)

    assert (answer.status_code, answer.json()["code"]) == (404, "recipe_not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"content": ""},
        {"content": " \u200b\n"},
        {"content": None},
        {"content": 3},
        {"content": "x" * 5001},
        {"content": "x", "visibility": "everyone"},
        {"content": "x", "visibility": None},
        {"content": "x", "recipe_id": "no"},
        {"content": "x", "images": "no"},
        {"content": "x", "author": "me"},
    ],
    ids=str,
)
def test_a_post_that_is_not_valid_is_400(api: Any, ana: Any, body: Any) -> None:
    answer = api.post("/v1/posts", json=body, token=ana.token)

    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")


def test_a_post_may_have_5000_letters(api: Any, ana: Any) -> None:
    content = "ướ" * 2500

    assert read(api, ana, society.post(api, ana, content)["id"])["content"] == content


def test_a_persons_posts_are_listed_newest_first_in_full_pages(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    society.befriend(ana, ben)
    made = [society.post(api, ana, visibility=kind)["id"] for kind in ("public", "private", "friends") * 3]
    path = f"/v1/users/{ana.id}/posts"

    def listed(person: Any) -> list[list[str]]:
        pages: list[list[str]] = []
        cursor: str | None = ""
        while cursor is not None:
            page = api.get(f"{path}?limit=2{cursor and '&cursor=' + cursor}", token=person.token).json()
            pages.append([one["id"] for one in page["items"]])
            cursor = page["next"]
        return pages

    def whole(person: Any) -> list[str]:
        return list(chain.from_iterable(listed(person)))

    newest = made[::-1]
    assert whole(ana) == newest
    assert whole(ben) == [id_ for number, id_ in enumerate(newest) if number % 3 != 1]
    assert whole(cyd) == [id_ for number, id_ in enumerate(newest) if number % 3 == 2]
    assert [len(page) for page in listed(ben)] == [2, 2, 2]
    assert api.get(f"/v1/users/{ids.new_id()}/posts", token=ana.token).status_code == 404
