"""People can withdraw what they wrote and did, and notifications about it disappear."""

from typing import Any

import pytest

from tests.support import friends, recipes, society
from tests.support.notifications import read_notifications, unread
from tests.support.tasks import run_all

pytestmark = pytest.mark.usefixtures("seeded")


def kinds(api: Any, person: Any) -> list[str]:
    """Return the kinds of somebody's notifications, after checking that the unread count agrees."""
    told = [one["kind"] for one in read_notifications(api, person)]
    assert unread(api, person) == len(told)
    return told


def test_authors_can_delete_comments_on_posts_that_they_no_longer_see(api: Any, ana: Any, ben: Any) -> None:
    post = society.post(api, ana)["id"]
    path = f"/v1/posts/{post}/comments/{society.comment(api, ben, post)['id']}"
    api.patch(f"/v1/posts/{post}", json={"visibility": "private"}, token=ana.token)
    assert api.get(f"/v1/posts/{post}", token=ben.token).status_code == 404

    assert api.get(path, token=ben.token).status_code == 200
    assert api.delete(path, token=ben.token).status_code == 204
    assert api.get(path, token=ana.token).status_code == 404
    assert api.get(f"/v1/posts/{post}", token=ana.token).json()["comment_count"] == 0


def test_a_reaction_can_be_taken_back_across_a_block(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    post = society.post(api, ana)["id"]
    society.react(api, ben, post)
    assert friends.block(api, ana, ben).status_code == 204

    assert api.delete(f"/v1/posts/{post}/reaction", token=ben.token).status_code == 204
    assert api.get(f"/v1/posts/{post}", token=cyd.token).json()["reaction_count"] == 0


def test_deleting_again_is_204_and_deleting_what_never_existed_is_404(api: Any, ana: Any, ben: Any) -> None:
    post = society.post(api, ana)["id"]
    comment = society.comment(api, ana, post)["id"]
    society.react(api, ana, post)
    mine = [f"/v1/posts/{post}/comments/{comment}", f"/v1/posts/{post}/reaction", f"/v1/posts/{post}"]

    for path in mine:
        assert [api.delete(path, token=one.token).status_code for one in (ben, ana, ana, ben)] == [404, 204, 204, 404]


def test_a_removed_reaction_withdraws_its_notification(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    post = society.post(api, ana)["id"]
    society.react(api, ben, post)
    run_all(messages)
    assert kinds(api, ana) == ["reaction"]

    api.delete(f"/v1/posts/{post}/reaction", token=ben.token)
    run_all(messages, times=2)
    assert kinds(api, ana) == []

    society.react(api, ben, post)
    run_all(messages)
    assert kinds(api, ana) == ["reaction"]


def test_a_reaction_removed_before_delivery_does_not_notify(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    post = society.post(api, ana)["id"]
    society.react(api, ben, post)
    api.delete(f"/v1/posts/{post}/reaction", token=ben.token)
    messages.reverse()

    run_all(messages)

    assert kinds(api, ana) == []


def test_a_removed_reaction_leaves_a_fold_without_the_others(
    api: Any, ana: Any, ben: Any, cyd: Any, messages: list[Any]
) -> None:
    post = society.post(api, ana)["id"]
    for one in (ben, cyd):
        society.react(api, one, post)
    run_all(messages)

    api.delete(f"/v1/posts/{post}/reaction", token=cyd.token)
    run_all(messages)

    (shown,) = read_notifications(api, ana)
    assert (shown["count"], shown["actor"]["id"]) == (1, ben.id)


@pytest.mark.parametrize("whole_post", [True, False])
def test_notifications_about_a_deleted_text_are_removed(
    api: Any, ana: Any, ben: Any, cyd: Any, messages: list[Any], *, whole_post: bool
) -> None:
    post = society.post(api, ana)["id"]
    comment = society.comment(api, ben, post, f"@{cyd.username} xem này")["id"]
    society.react(api, ana, f"{post}/comments/{comment}")
    run_all(messages)
    assert [kinds(api, one) for one in (ana, ben, cyd)] == [["comment"], ["reaction"], ["mention"]]

    path = f"/v1/posts/{post}" if whole_post else f"/v1/posts/{post}/comments/{comment}"
    assert api.delete(path, token=ana.token).status_code == 204
    run_all(messages, times=2)

    assert [kinds(api, one) for one in (ana, ben, cyd)] == [[], [], []]


def test_notifications_of_removed_mentions_are_withdrawn(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    post = society.post(api, ana, f"Cùng @{ben.username}")["id"]
    run_all(messages)
    assert kinds(api, ben) == ["mention"]

    api.patch(f"/v1/posts/{post}", json={"content": "Một mình"}, token=ana.token)
    run_all(messages)
    assert kinds(api, ben) == []

    api.patch(f"/v1/posts/{post}", json={"content": f"Cùng @{ben.username}"}, token=ana.token)
    run_all(messages)
    assert kinds(api, ben) == ["mention"]


def test_notifications_about_posts_that_became_invisible_are_removed(
    api: Any, ana: Any, ben: Any, messages: list[Any]
) -> None:
    friends.befriend(api, ana, ben)
    narrowed = society.post(api, ana, f"Cùng @{ben.username}")["id"]
    society.post(api, ana, f"Chỉ bạn bè: @{ben.username}", visibility="friends")
    run_all(messages)
    assert kinds(api, ben).count("mention") == 2

    api.patch(f"/v1/posts/{narrowed}", json={"visibility": "private"}, token=ana.token)
    run_all(messages)
    assert kinds(api, ben).count("mention") == 1

    friends.unfriend(api, ana, ben)
    run_all(messages)
    assert kinds(api, ben).count("mention") == 0


def test_people_who_see_a_post_after_it_was_widened_are_notified_then(
    api: Any, ana: Any, ben: Any, messages: list[Any]
) -> None:
    post = society.post(api, ana, f"Cùng @{ben.username}", visibility="friends")["id"]
    run_all(messages)
    assert kinds(api, ben) == []

    api.patch(f"/v1/posts/{post}", json={"visibility": "public"}, token=ana.token)
    run_all(messages, times=2)

    assert kinds(api, ben) == ["mention"]


def test_counts_leave_out_people_whom_the_reader_cannot_see(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    post = society.post(api, ana)["id"]
    comment = society.comment(api, ana, post)["id"]
    society.comment(api, ben, post)
    society.react(api, ben, post, "love")
    society.react(api, ben, f"{post}/comments/{comment}")
    society.block(cyd, ben)

    def figures(person: Any) -> tuple[int, int, int]:
        shown = api.get(f"/v1/posts/{post}", token=person.token).json()
        listed = api.get(f"/v1/users/{ana.id}/posts", token=person.token).json()["items"]
        assert listed == [shown]
        comments = api.get(f"/v1/posts/{post}/comments", token=person.token).json()["items"]
        return shown["comment_count"], shown["reactions"]["love"], comments[0]["reaction_count"]

    assert figures(ana) == (2, 1, 1)
    assert figures(cyd) == (1, 0, 0)
    assert society.react(api, cyd, post, "wow")["reactions"] == {"like": 0, "love": 0, "wow": 1}


def test_an_edited_comment_says_when(api: Any, ana: Any) -> None:
    post = society.post(api, ana)["id"]
    comment = society.comment(api, ana, post)
    path = f"/v1/posts/{post}/comments/{comment['id']}"
    assert comment["edited_at"] is None

    edited = api.patch(path, json={"content": "Sửa lại"}, token=ana.token).json()

    assert edited["edited_at"] >= comment["created_at"]
    assert api.get(path, token=ana.token).json()["edited_at"] == edited["edited_at"]


def test_the_title_of_a_deleted_recipe_is_not_shown_any_more(api: Any, ana: Any, ben: Any) -> None:
    society.befriend(ana, ben)
    recipe = recipes.create(api, ana)["id"]
    post = society.post(api, ana, recipe_id=recipe)["id"]
    assert api.delete(f"/v1/recipes/{recipe}", token=ana.token).status_code == 204

    shown = [api.get(f"/v1/posts/{post}", token=one.token).json()["recipe"] for one in (ana, ben)]

    assert shown == [None, None]
