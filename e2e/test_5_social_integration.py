"""Social integration: friends, posts, comments, reactions, notifications, and who may see what."""

import pytest

from e2e.people import Person, Tidy, eventually, refused

Friends = tuple[Person, Person]


def post(person: Person, tidy: Tidy, visibility: str = "public", content: str = "Kiểm thử") -> str:
    made = person.post("/v1/posts", {"content": content, "visibility": visibility})
    return tidy.remove(person, f"/v1/posts/{made['id']}")


def number(path: str) -> str:
    return path.rpartition("/")[2]


def test_a_request_to_be_friends_is_seen_and_accepted(ana: Person, ben: Person, tidy: Tidy) -> None:
    tidy.callback(ana.delete, f"/v1/friends/{ben.id}")
    ana.post("/v1/friends/requests", {"user_id": ben.id, "message": "Xin chào"})
    seen = ben.get("/v1/friends/requests?direction=received")
    assert ana.id in {one["user"]["id"] for one in seen["items"]}

    ben.post(f"/v1/friends/requests/{ana.id}/accept")

    for one, other in ((ana, ben), (ben, ana)):
        assert other.id in {found["user"]["id"] for found in one.get("/v1/friends")["items"]}


def test_a_request_can_be_taken_back(ana: Person, cyd: Person, tidy: Tidy) -> None:
    path = tidy.remove(ana, f"/v1/friends/requests/{cyd.id}")
    ana.post("/v1/friends/requests", {"user_id": cyd.id})

    ana.delete(path)

    assert ana.id not in {one["user"]["id"] for one in cyd.get("/v1/friends/requests?direction=received")["items"]}


def test_a_request_can_be_rejected(ana: Person, cyd: Person, tidy: Tidy) -> None:
    tidy.remove(ana, f"/v1/friends/requests/{cyd.id}")
    ana.post("/v1/friends/requests", {"user_id": cyd.id})

    cyd.post(f"/v1/friends/requests/{ana.id}/reject")

    assert cyd.id not in {one["user"]["id"] for one in ana.get("/v1/friends")["items"]}


def test_nobody_is_their_own_friend(ana: Person) -> None:
    ana.api.ask("POST", "/v1/friends/requests", expect=(400, 409, 422), body={"user_id": ana.id})


def test_a_public_post_is_read_by_strangers(ana: Person, cyd: Person, tidy: Tidy) -> None:
    assert cyd.get(post(ana, tidy))["author"]["id"] == ana.id


def test_a_post_for_friends_is_hidden_from_strangers(friends: Friends, cyd: Person, tidy: Tidy) -> None:
    ana, ben = friends
    path = post(ana, tidy, "friends")

    assert ben.get(path)["id"] == number(path)
    cyd.get(path, expect=(404,))


def test_a_private_post_is_its_authors_alone(friends: Friends, tidy: Tidy) -> None:
    ana, ben = friends
    path = post(ana, tidy, "private")

    assert ana.get(path)["visibility"] == "private"
    ben.get(path, expect=(404,))


def test_a_post_comes_into_the_feed_of_friends(friends: Friends, tidy: Tidy) -> None:
    ana, ben = friends
    path = post(ana, tidy, "friends")

    eventually(
        lambda: ben.get("/v1/feed"),
        lambda feed: number(path) in {one["id"] for one in feed["items"]},
        "the post in the feed",
    )


def test_a_post_is_changed_by_its_author_only(ana: Person, ben: Person, tidy: Tidy) -> None:
    path = post(ana, tidy)

    assert ana.patch(path, {"content": "Đã sửa"})["content"] == "Đã sửa"
    ben.api.ask("PATCH", path, expect=(403, 404), body={"content": "Của tôi"})


def test_a_post_that_is_removed_is_gone(ana: Person, ben: Person, tidy: Tidy) -> None:
    path = post(ana, tidy)

    ana.delete(path)

    ben.get(path, expect=(404,))


@pytest.mark.parametrize("reaction", ["like", "love", "wow"])
def test_a_reaction_is_counted_once(ana: Person, ben: Person, tidy: Tidy, reaction: str) -> None:
    path = post(ana, tidy)

    for _ in range(2):
        standing = ben.put(f"{path}/reaction", {"reaction": reaction})

    assert (standing["reaction_count"], standing["my_reaction"]) == (1, reaction)
    ben.delete(f"{path}/reaction")
    assert ben.get(path)["reaction_count"] == 0


def test_a_comment_is_read_and_answered(ana: Person, ben: Person, tidy: Tidy) -> None:
    path = post(ana, tidy)

    comment = ben.post(f"{path}/comments", {"content": "Ngon quá"})
    ana.post(f"{path}/comments", {"content": "Cảm ơn", "parent_id": comment["id"]})

    listed = ana.get(f"{path}/comments")["items"]
    assert {one["content"] for one in listed} >= {"Ngon quá"}
    assert ana.get(path)["comment_count"] == 2


def test_a_comment_is_removed_by_whoever_wrote_it(ana: Person, ben: Person, tidy: Tidy) -> None:
    path = post(ana, tidy)
    comment = ben.post(f"{path}/comments", {"content": "Xóa tôi"})

    ben.delete(f"{path}/comments/{comment['id']}")

    assert "Xóa tôi" not in {one["content"] for one in ana.get(f"{path}/comments")["items"]}


def test_a_reaction_is_told_to_the_author(ana: Person, ben: Person, tidy: Tidy) -> None:
    path = post(ana, tidy)

    ben.put(f"{path}/reaction", {"reaction": "like"})

    told = eventually(
        lambda: ana.get("/v1/notifications"),
        lambda found: any(one["target"]["id"] == number(path) for one in found["items"]),
        "the notification of the reaction",
    )
    for one in told["items"]:
        if one["target"]["id"] == number(path):
            ana.post(f"/v1/notifications/{one['id']}/read")
            ana.delete(f"/v1/notifications/{one['id']}")


def test_reading_all_leaves_none_unread(ana: Person) -> None:
    ana.post("/v1/notifications/read-all")

    assert ana.get("/v1/notifications/unread-count")["count"] == 0


def test_whoever_is_blocked_sees_nothing(ana: Person, cyd: Person, tidy: Tidy) -> None:
    path = post(ana, tidy)
    ana.put(tidy.remove(ana, f"/v1/users/{cyd.id}/block"))

    cyd.get(path, expect=(404,))


def test_people_are_found_by_the_beginning_of_their_name(ana: Person, ben: Person) -> None:
    eventually(
        lambda: ana.get(f"/v1/users?q={ben.name[:12]}"),
        lambda found: ben.id in {one["id"] for one in found["items"]},
        "the person in the search",
    )


def test_an_address_is_hidden_from_strangers(ana: Person, cyd: Person) -> None:
    assert cyd.get(f"/v1/users/{ana.id}")["email"] is None


def test_a_private_profile_is_hidden(ana: Person, cyd: Person, tidy: Tidy) -> None:
    before = ana.get("/v1/users/me/privacy")
    tidy.callback(ana.patch, "/v1/users/me/privacy", {"profile": before["profile"]})

    ana.patch("/v1/users/me/privacy", {"profile": "private"})

    said = refused(lambda: cyd.get(f"/v1/users/{ana.id}"), 404)
    assert said
