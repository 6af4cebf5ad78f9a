"""Friendships and blocks for tests, made over HTTP."""

from typing import Any

from apps.friends import repositories
from apps.users import relations


def send_friend_request(api: Any, person: Any, other: Any, **more: Any) -> Any:
    return api.post("/v1/friends/requests", json={"user_id": other.id, **more}, token=person.token)


def answer(api: Any, person: Any, other: Any, what: str = "accept") -> Any:
    return api.post(f"/v1/friends/requests/{other.id}/{what}", token=person.token)


def befriend(api: Any, one: Any, other: Any) -> None:
    assert send_friend_request(api, one, other).status_code == 201
    assert answer(api, other, one).status_code == 200


def unfriend(api: Any, person: Any, other: Any) -> Any:
    return api.delete(f"/v1/friends/{other.id}", token=person.token)


def block(api: Any, person: Any, other: Any) -> Any:
    return api.put(f"/v1/users/{other.id}/block", token=person.token)


def unblock(api: Any, person: Any, other: Any) -> Any:
    return api.delete(f"/v1/users/{other.id}/block", token=person.token)


def listed(api: Any, person: Any, path: str = "friends?limit=100") -> list[str]:
    """Return the ids of the people in somebody's list."""
    return [one["user"]["id"] for one in api.get(f"/v1/{path}", token=person.token).json()["items"]]


def requests(api: Any, person: Any, direction: str) -> list[str]:
    return listed(api, person, f"friends/requests?direction={direction}&limit=100")


def agree(one: Any, other: Any) -> str | None:
    """Return the relation of two people, after checking that rows, relations and both sides agree."""
    tie = repositories.load_pair(one.id, other.id)
    mirrored = {"sent": "received", "received": "sent", "friends": "friends"}
    assert (tie.mine is None) == (tie.theirs is None)
    if tie.mine and tie.theirs:
        assert mirrored[tie.mine.state] == tie.theirs.state
    for person, friend in ((one, other), (other, one)):
        assert relations.load_relations(person.id).is_friend(friend.id) == (tie.state == "friends")
    return tie.state
