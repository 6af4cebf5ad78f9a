"""Pictures of posts and of their authors: attached, replaced, and deleted with the post."""

from typing import Any

import pytest

from apps.core.errors import Unavailable
from apps.posts import authors
from apps.posts.models import Author
from apps.users import services as users
from apps.users.people import Person
from tests.support import friends, images, society
from tests.support.tasks import run_all

pytestmark = pytest.mark.usefixtures("seeded")


def upload(api: Any, person: Any, purpose: str = "post") -> str:
    upload_id: str = images.upload(api, person, images.encoded(images.picture((40, 30))), purpose=purpose)["id"]
    return upload_id


def test_a_post_shows_its_pictures_in_order_and_releases_removed_ones(api: Any, ana: Any, ben: Any) -> None:
    first, second, third = (upload(api, ana) for _ in range(3))
    post = society.post(api, ana, images=[second, first])
    path = f"/v1/posts/{post['id']}"

    assert [images.fetch(one["256"])[0] for one in post["images"]] == [200, 200]
    shown = api.get(path, token=ben.token).json()["images"]
    changed = api.patch(path, json={"images": [first, third]}, token=ana.token).json()["images"]

    assert len(shown) == len(changed) == 2
    assert _name(changed[0]) == _name(shown[1])
    assert [api.get(f"/v1/uploads/{one}", token=ana.token).status_code for one in (first, second, third)] == [
        200, 404, 200,
    ]  # fmt: skip
    assert api.patch(path, json={"content": "x"}, token=ana.token).json()["images"] != []
    assert api.delete(path, token=ana.token).status_code == 204
    assert [api.get(f"/v1/uploads/{one}", token=ana.token).status_code for one in (first, third)] == [404, 404]


def _name(links: Any) -> str:
    name: str = links["256"].partition("?")[0]
    return name


def test_pictures_of_others_or_used_elsewhere_are_refused(api: Any, ana: Any, ben: Any) -> None:
    theirs, used, face = upload(api, ben), upload(api, ana), upload(api, ana, "avatar")
    society.post(api, ana, images=[used])

    answers = [
        api.post("/v1/posts", json={"content": "x", "images": [one]}, token=ana.token) for one in (theirs, used, face)
    ]

    assert [(one.status_code, one.json()["code"]) for one in answers] == [
        (404, "upload_not_found"),
        (409, "upload_attached"),
        (409, "upload_wrong_purpose"),
    ]


def test_no_more_than_ten_pictures(api: Any, ana: Any) -> None:
    from apps.core import ids  # noqa: PLC0415

    body = {"content": "x", "images": [ids.new_id() for _ in range(11)]}

    assert api.post("/v1/posts", json=body, token=ana.token).status_code == 400


def test_a_new_avatar_is_shown_beside_all_earlier_content(api: Any, ana: Any, ben: Any) -> None:
    post = society.post(api, ana)["id"]
    comment = society.comment(api, ana, post)["id"]
    assert api.patch("/v1/users/me", json={"avatar": upload(api, ana, "avatar")}, token=ana.token).status_code == 200
    for _ in range(2):
        authors.update_author(ana.id)

    face = api.get(f"/v1/users/{ana.id}", token=ben.token).json()["avatar"]
    shown = [
        api.get(f"/v1/posts/{post}", token=ben.token).json(),
        api.get(f"/v1/posts/{post}/comments/{comment}", token=ben.token).json(),
        next(one for one in api.get("/v1/feed", token=ben.token).json()["items"] if one["id"] == post),
        society.post(api, ana),
    ]

    assert [_name(one["author"]["avatar"]) for one in shown] == [_name(face)] * 4


def test_an_avatar_is_shown_in_lists_and_notifications(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    assert api.patch("/v1/users/me", json={"avatar": upload(api, ana, "avatar")}, token=ana.token).status_code == 200
    friends.send_friend_request(api, ana, ben)
    run_all(messages)
    friends.answer(api, ben, ana)

    face = _name(api.get(f"/v1/users/{ana.id}", token=ben.token).json()["avatar"])
    card = api.get("/v1/friends", token=ben.token).json()["items"][0]["user"]
    actor = api.get("/v1/notifications", token=ben.token).json()["items"][0]["actor"]
    assert [_name(one["avatar"]) for one in (card, actor)] == [face, face]


def test_a_picture_of_a_private_post_is_not_read_by_guessing(api: Any, ana: Any, ben: Any) -> None:
    """Nothing that other people know, or can derive from what they see, leads to the picture."""
    own = images.upload(api, ana, images.encoded(images.picture((40, 30))))
    private = society.post(api, ana, visibility="private", images=[own["id"]])
    theirs = society.post(api, ben, images=[upload(api, ben)])
    link, other = private["images"][0]["256"], theirs["images"][0]["256"]
    bare, _, signature = link.partition("?")
    root, name = bare.rsplit("/", 3)[0], bare.rsplit("/", 2)[1]
    guesses = [
        bare,
        f"{bare}?{other.partition('?')[2]}",
        link.replace("/256.webp", "/1024.webp"),
        other.partition("?")[0].replace(_object(other), name) + "?" + other.partition("?")[2],
        f"{root}/post/{own['id']}/256.webp?{signature}",
        f"{root}/avatar/{name}/256.webp?{signature}",
        f"{root.rpartition('/')[0]}/incoming/{ana.id}/{own['id']}?{signature}",
        f"{root.rpartition('/')[0]}?list-type=2&prefix=media/post/",
    ]

    assert images.fetch(link)[0] == 200
    assert [images.fetch(guess)[0] for guess in guesses] == [403] * len(guesses)
    assert len(name) == 32
    assert name not in str(api.get(f"/v1/posts/{private['id']}", token=ben.token).content)
    assert api.get(f"/v1/uploads/{own['id']}", token=ben.token).status_code == 404


def _object(link: str) -> str:
    return link.partition("?")[0].rsplit("/", 2)[1]


def with_face(avatar: str) -> Person:
    return Person("an-id", "ana", "Ana", "ana@example.com", avatar)


def test_of_identical_avatar_tasks_only_one_does_the_work(api: Any, ana: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str | None] = []
    monkeypatch.setattr(authors, "_show_everywhere", lambda author: done.append(author.avatar))
    monkeypatch.setattr(users, "find_person", lambda user_id: with_face("avatar/one"))

    for _ in range(5):
        authors.update_author(ana.id)

    assert done == ["avatar/one"]


def test_a_failed_avatar_task_does_the_work_on_redelivery(ana: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(author: Author) -> None:
        raise Unavailable

    done: list[str | None] = []
    monkeypatch.setattr(users, "find_person", lambda user_id: with_face("avatar/two"))
    monkeypatch.setattr(authors, "_show_everywhere", fail)
    with pytest.raises(Unavailable):
        authors.update_author(ana.id)

    monkeypatch.setattr(authors, "_show_everywhere", lambda author: done.append(author.avatar))
    authors.update_author(ana.id)

    assert done == ["avatar/two"]
