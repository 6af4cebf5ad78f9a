"""Comments over HTTP: order, replies, and who may change and delete them."""

from typing import Any

import pytest

from apps.posts import comments
from apps.posts.repositories import comments as rows
from tests.support import society

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.fixture
def post(api: Any, ana: Any) -> str:
    post_id: str = society.post(api, ana)["id"]
    return post_id


def listed(api: Any, person: Any, post_id: str, query: str = "") -> Any:
    answer = api.get(f"/v1/posts/{post_id}/comments{query}", token=person.token)
    assert answer.status_code == 200, answer.content
    return answer.json()


def count(api: Any, person: Any, post_id: str) -> int:
    number: int = api.get(f"/v1/posts/{post_id}", token=person.token).json()["comment_count"]
    return number


def test_a_comment_reads_as_the_contract_says(api: Any, ana: Any, ben: Any, post: str) -> None:
    made = society.comment(api, ben, post, " Ngon quá! ")

    assert made == {
        "id": made["id"],
        "author": {"id": ben.id, "username": ben.username, "avatar": None},
        "content": "Ngon quá!",
        "parent_id": None,
        "reaction_count": 0,
        "my_reaction": None,
        "created_at": made["created_at"],
        "edited_at": None,
    }
    assert listed(api, ana, post)["items"] == [made]
    assert api.get(f"/v1/posts/{post}/comments/{made['id']}", token=ana.token).json() == made
    assert count(api, ana, post) == 1


def test_comments_are_listed_oldest_first_in_pages(api: Any, ana: Any, post: str) -> None:
    made = [society.comment(api, ana, post, f"bình luận {number}")["id"] for number in range(5)]

    first = listed(api, ana, post, "?limit=3")
    rest = listed(api, ana, post, f"?limit=3&cursor={first['next']}")

    assert [one["id"] for one in first["items"] + rest["items"]] == made
    assert rest["next"] is None


def test_replies_have_one_level(api: Any, ana: Any, ben: Any, post: str) -> None:
    parent = society.comment(api, ana, post)["id"]
    reply = society.comment(api, ben, post, "đúng vậy", parent_id=parent)

    answer = api.post(f"/v1/posts/{post}/comments", json={"content": "x", "parent_id": reply["id"]}, token=ana.token)

    assert reply["parent_id"] == parent
    assert (answer.status_code, answer.json()["code"]) == (400, "reply_to_reply")
    assert count(api, ana, post) == 2


def test_a_reply_to_a_comment_of_another_post_is_refused(api: Any, ana: Any, post: str) -> None:
    elsewhere = society.comment(api, ana, society.post(api, ana)["id"])["id"]

    answer = api.post(f"/v1/posts/{post}/comments", json={"content": "x", "parent_id": elsewhere}, token=ana.token)

    assert (answer.status_code, answer.json()["code"]) == (404, "comment_not_found")


def test_only_the_author_edits_a_comment(api: Any, ana: Any, ben: Any, cyd: Any, post: str) -> None:
    made = society.comment(api, ben, post)["id"]
    path = f"/v1/posts/{post}/comments/{made}"

    refused = [api.patch(path, json={"content": "x"}, token=one.token).status_code for one in (ana, cyd)]
    changed = api.patch(path, json={"content": "rất ngon"}, token=ben.token)

    assert refused == [404, 404]
    assert changed.json()["content"] == "rất ngon"
    assert api.get(path, token=ana.token).json()["content"] == "rất ngon"


def test_nobody_overwrites_an_edit_of_a_comment_unseen(api: Any, ana: Any, ben: Any, post: str) -> None:
    made = society.comment(api, ben, post)["id"]
    path = f"/v1/posts/{post}/comments/{made}"
    seen = {"If-Match": api.get(path, token=ben.token).headers["ETag"]}
    society.react(api, ana, f"{post}/comments/{made}")

    answers = [api.patch(path, json={"content": text}, token=ben.token, headers=seen) for text in ("một", "hai")]

    assert [answer.status_code for answer in answers] == [200, 412]


def test_the_author_and_the_owner_of_the_post_delete_a_comment(
    api: Any, ana: Any, ben: Any, cyd: Any, post: str
) -> None:
    first, second = (society.comment(api, ben, post)["id"] for _ in range(2))
    path = f"/v1/posts/{post}/comments"

    assert api.delete(f"{path}/{first}", token=cyd.token).status_code == 404
    assert api.delete(f"{path}/{first}", token=ben.token).status_code == 204
    assert api.delete(f"{path}/{second}", token=ana.token).status_code == 204
    assert [api.delete(f"{path}/{second}", token=one.token).status_code for one in (ana, ben)] == [204, 404]
    assert listed(api, ana, post)["items"] == []
    assert count(api, ana, post) == 0


def test_deleting_a_comment_deletes_and_uncounts_its_replies(api: Any, ana: Any, ben: Any, post: str) -> None:
    parent, other = (society.comment(api, ana, post)["id"] for _ in range(2))
    for number in range(3):
        society.comment(api, ben, post, f"trả lời {number}", parent_id=parent)
    kept = society.comment(api, ben, post, parent_id=other)["id"]

    assert api.delete(f"/v1/posts/{post}/comments/{parent}", token=ana.token).status_code == 204

    assert [one["id"] for one in listed(api, ana, post)["items"]] == [other, kept]
    assert count(api, ana, post) == 2


def test_replies_beyond_one_transaction_are_deleted_by_a_task(
    api: Any, ana: Any, ben: Any, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comments, "_REPLIES_AT_ONCE", 2)
    parent = society.comment(api, ana, post)["id"]
    replies = [society.comment(api, ben, post, parent_id=parent)["id"] for _ in range(5)]
    society.react(api, ben, f"{post}/comments/{parent}")
    society.react(api, ana, f"{post}/comments/{replies[4]}", "love")
    kept = society.comment(api, ben, post)["id"]
    society.react(api, ana, f"{post}/comments/{kept}", "wow")

    assert api.delete(f"/v1/posts/{post}/comments/{parent}", token=ana.token).status_code == 204
    assert count(api, ana, post) == 4
    for _ in range(2):
        comments.remove_orphans(post)

    assert [one["id"] for one in listed(api, ana, post)["items"]] == [kept]
    assert count(api, ana, post) == 1
    assert [row.sk.rpartition("#")[2] for row in _reactions(post)] == [kept]


def _reactions(post_id: str) -> list[Any]:
    comments.remove_orphans(post_id)
    from apps.posts.repositories import reactions  # noqa: PLC0415

    return list(reactions.iterate_reactions_to_comments(post_id))


def test_comments_across_a_block_are_left_out_and_pages_stay_full(
    api: Any, ana: Any, ben: Any, cyd: Any, post: str
) -> None:
    made = [society.comment(api, one, post)["id"] for one in (ben, cyd, ben, ana, ben, cyd)]
    society.block(ben, cyd)

    first = listed(api, cyd, post, "?limit=2")
    rest = listed(api, cyd, post, f"?limit=2&cursor={first['next']}")

    assert [one["id"] for one in first["items"]] == [made[1], made[3]]
    assert ([one["id"] for one in rest["items"]], rest["next"]) == ([made[5]], None)
    assert [one["id"] for one in listed(api, ana, post)["items"]] == made
    hidden = f"/v1/posts/{post}/comments/{made[0]}"
    assert api.get(hidden, token=cyd.token).status_code == 404
    assert api.put(f"{hidden}/reaction", json={"reaction": "like"}, token=cyd.token).status_code == 404
    reply = {"content": "x", "parent_id": made[0]}
    assert api.post(f"/v1/posts/{post}/comments", json=reply, token=cyd.token).status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"content": ""}, {"content": "x" * 2001}, {"content": "x", "parent_id": "no"}, {"text": "x"}], ids=str
)
def test_a_comment_that_is_not_valid_is_400(api: Any, ana: Any, post: str, body: Any) -> None:
    assert api.post(f"/v1/posts/{post}/comments", json=body, token=ana.token).status_code == 400


def test_a_comment_is_found_by_its_id_alone_and_by_its_author(api: Any, ben: Any, post: str) -> None:
    made = society.comment(api, ben, post)["id"]

    assert rows.find_post_id(made) == post
    assert list(rows.iterate_comments_by(ben.id)) == [(post, made)]
