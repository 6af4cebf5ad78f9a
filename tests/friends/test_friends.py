"""Friend requests, their answers and the end of friendships: both sides always agree."""

from typing import Any

import pytest
from django.test import override_settings

from apps.core import ids
from apps.core.authentication import Actor
from apps.friends import account_deletion, repositories, services
from apps.users import relations
from tests.support.friends import agree, answer, befriend, block, listed, requests, send_friend_request, unfriend

NOBODY = "00000000-0000-4000-8000-000000000000"


def test_a_request_is_seen_by_both_and_accepted_by_the_one_who_received_it(api: Any, ana: Any, ben: Any) -> None:
    made = send_friend_request(api, ana, ben, message="Chào bạn!")

    assert made.status_code == 201
    assert made.json()["user"] == {"id": ben.id, "username": ben.username, "full_name": ben.username, "avatar": None}
    assert (made.json()["state"], made.json()["message"]) == ("sent", "Chào bạn!")
    received = api.get("/v1/friends/requests", token=ben.token).json()["items"]
    assert [(one["user"]["id"], one["state"], one["message"]) for one in received] == [
        (ana.id, "received", "Chào bạn!")
    ]
    assert requests(api, ana, "sent") == [ben.id]
    assert agree(ana, ben) == "sent"

    accepted = answer(api, ben, ana)

    assert (accepted.status_code, accepted.json()["state"], accepted.json()["message"]) == (200, "friends", None)
    assert (listed(api, ana), listed(api, ben)) == ([ben.id], [ana.id])
    assert requests(api, ana, "sent") == requests(api, ben, "received") == []
    assert agree(ana, ben) == "friends"


def test_who_asks_somebody_who_has_asked_is_their_friend(api: Any, ana: Any, ben: Any) -> None:
    send_friend_request(api, ana, ben)

    second = send_friend_request(api, ben, ana)

    assert (second.status_code, second.json()["state"]) == (201, "friends")
    assert agree(ana, ben) == "friends"


@pytest.mark.parametrize(("of", "refusal"), [("oneself", (400, "oneself")), ("nobody", (404, "user_not_found"))])
def test_oneself_and_nobody_cannot_be_asked(api: Any, ana: Any, of: str, refusal: tuple[int, str]) -> None:
    user_id = ana.id if of == "oneself" else NOBODY

    found = api.post("/v1/friends/requests", json={"user_id": user_id}, token=ana.token)

    assert (found.status_code, found.json()["code"]) == refusal


def test_whoever_asks_once_more_gets_what_became_of_their_request(
    api: Any, ana: Any, ben: Any, messages: list[Any]
) -> None:
    states = [send_friend_request(api, ana, ben).json()["state"] for _ in range(2)]
    sent = len(messages)
    other = send_friend_request(api, ana, ben, message="Nhớ mình không?")
    answer(api, ben, ana)
    states += [send_friend_request(api, ana, ben).json()["state"], answer(api, ben, ana).json()["state"]]

    assert states == ["sent", "sent", "friends", "friends"]
    assert (other.status_code, other.json()["code"], sent) == (409, "already_requested", 1)


def test_a_friend_who_never_asked_is_told_that_they_are_friends(api: Any, ana: Any, ben: Any) -> None:
    befriend(api, ana, ben)

    found = send_friend_request(api, ben, ana)

    assert (found.status_code, found.json()["code"]) == (409, "already_friends")


def forget_who_asked(one: Any, other: Any) -> None:
    """Make the rows of two people as they were stored before rows noted who asked."""
    pair = repositories.load_pair(one.id, other.id)
    for row in (pair.mine, pair.theirs):
        assert row is not None
        row.asked = None
        row.save()


@pytest.mark.parametrize("asks", ["ana", "ben"])
def test_asking_once_more_succeeds_where_nobody_knows_who_asked(api: Any, ana: Any, ben: Any, asks: str) -> None:
    befriend(api, ana, ben)
    forget_who_asked(ana, ben)

    again = send_friend_request(api, *((ana, ben) if asks == "ana" else (ben, ana)))

    assert (again.status_code, again.json()["state"]) == (201, "friends")


def test_an_acceptance_notes_who_asked_if_the_request_did_not(api: Any, ana: Any, ben: Any) -> None:
    send_friend_request(api, ana, ben)
    forget_who_asked(ana, ben)
    answer(api, ben, ana)

    statuses = [send_friend_request(api, *two).status_code for two in ((ana, ben), (ben, ana))]

    assert statuses == [201, 409]


def test_whoever_became_a_friend_by_asking_back_gets_that_again(api: Any, ana: Any, ben: Any) -> None:
    send_friend_request(api, ben, ana)

    answers = [send_friend_request(api, ana, ben) for _ in range(2)]

    assert [(one.status_code, one.json()["state"]) for one in answers] == [(201, "friends")] * 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"user_id": "x"},
        {"user_id": None},
        {"user_id": 5},
        {"user_id": NOBODY.upper().replace("0", "A")},
        {"user_id": NOBODY, "message": "x" * 301},
        {"user_id": NOBODY, "message": 5},
        {"user_id": NOBODY, "state": "friends"},
        [],
    ],
)
def test_what_a_request_does_not_take(api: Any, ana: Any, body: Any) -> None:
    assert api.post("/v1/friends/requests", json=body, token=ana.token).status_code == 400


def test_a_deleted_person_cannot_be_asked_nor_blocked(api: Any, ana: Any, ben: Any) -> None:
    from apps.users.repositories import stored_people  # noqa: PLC0415

    profile = stored_people.find_profile(ben.id)
    assert profile is not None
    profile.delete()

    assert send_friend_request(api, ana, ben).status_code == 404
    assert block(api, ana, ben).status_code == 404
    assert agree(ana, ben) is None


def test_only_the_addressee_answers_and_only_the_sender_withdraws(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    send_friend_request(api, ana, ben)

    for person, other in ((ana, ben), (cyd, ben), (cyd, ana), (ben, cyd)):
        assert [answer(api, person, other, what).status_code for what in ("accept", "reject")] == [404, 404]
    for person, other in ((ben, ana), (cyd, ana), (cyd, ben)):
        assert api.delete(f"/v1/friends/requests/{other.id}", token=person.token).status_code == 404
    assert agree(ana, ben) == "sent"

    assert answer(api, ben, ana, "reject").status_code == 204
    assert agree(ana, ben) is None
    assert requests(api, ana, "sent") == requests(api, ben, "received") == []

    send_friend_request(api, ana, ben)
    for _ in range(2):
        assert api.delete(f"/v1/friends/requests/{ben.id}", token=ana.token).status_code == 204
    assert agree(ana, ben) is None


def test_either_side_ends_a_friendship_and_nobody_else(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    befriend(api, ana, ben)

    assert [unfriend(api, cyd, one).status_code for one in (ana, ben)] == [404, 404]
    assert unfriend(api, ben, ana).status_code == 204
    assert unfriend(api, ana, ben).status_code == 404
    assert (listed(api, ana), listed(api, ben), agree(ana, ben)) == ([], [], None)

    befriend(api, ana, ben)
    assert agree(ana, ben) == "friends"


@pytest.mark.parametrize("path", ["friends/{}", "friends/requests/{}", "users/{}/block"])
@pytest.mark.parametrize("user_id", [NOBODY, "x", "me", "%00", "a%23b", "ü" * 40])
def test_what_is_nobodys_id_is_absent(api: Any, ana: Any, path: str, user_id: str) -> None:
    assert api.delete(f"/v1/{path.format(user_id)}", token=ana.token).status_code == 404


def test_the_same_request_again_is_answered_as_the_first(api: Any, ana: Any, ben: Any) -> None:
    key = {"Idempotency-Key": ids.new_id()}
    body = {"user_id": ben.id, "message": "Xin chào"}

    first = api.post("/v1/friends/requests", json=body, token=ana.token, headers=key)
    second = api.post("/v1/friends/requests", json=body, token=ana.token, headers=key)
    other = api.post("/v1/friends/requests", json={"user_id": ben.id}, token=ana.token, headers=key)

    assert (first.status_code, second.status_code, second.json()) == (201, 201, first.json())
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_a_request_that_died_after_its_commit_finds_what_it_did(ana: Any, ben: Any) -> None:
    """Also if the other person has accepted it meanwhile."""
    actor, attempt = Actor(ana.id, ana.username), ids.new_id()

    first = services.send_request(user_id=ben.id, message="Chào", attempt=attempt, actor=actor)
    again = services.send_request(user_id=ben.id, message="Chào", attempt=attempt, actor=actor)
    services.accept_request(ana.id, attempt=ids.new_id(), actor=Actor(ben.id, ben.username))
    later = services.send_request(user_id=ben.id, message="Chào", attempt=attempt, actor=actor)

    assert (again.state, again.message, again.since) == (first.state, "Chào", first.since)
    assert later.state == "friends"


def test_lists_page_latest_first_and_take_their_own_cursors_only(api: Any, ana: Any, ben: Any, person: Any) -> None:
    others = [person() for _ in range(5)]
    for other in others:
        befriend(api, other, ana)
    send_friend_request(api, ana, ben)

    first = api.get("/v1/friends?limit=2", token=ana.token).json()
    second = api.get(f"/v1/friends?limit=2&cursor={first['next']}", token=ana.token).json()
    third = api.get(f"/v1/friends?limit=2&cursor={second['next']}", token=ana.token).json()

    shown = [one["user"]["username"] for page in (first, second, third) for one in page["items"]]
    assert shown == [other.username for other in reversed(others)]
    assert third["next"] is None
    for path, token in ((f"friends?limit=2&cursor={first['next']}", ben.token), ("friends?cursor=x", ana.token)):
        assert api.get(f"/v1/{path}", token=token).json()["code"] == "invalid_cursor"
    for path in ("friends/requests", "users/me/blocks"):
        assert api.get(f"/v1/{path}?cursor={first['next']}", token=ana.token).json()["code"] == "invalid_cursor"


def test_requests_page_latest_first_in_each_direction(api: Any, ana: Any, person: Any) -> None:
    others = [person() for _ in range(3)]
    for other in others:
        send_friend_request(api, other, ana, message=other.username)

    first = api.get("/v1/friends/requests?direction=received&limit=2", token=ana.token).json()
    rest = api.get(
        f"/v1/friends/requests?direction=received&limit=2&cursor={first['next']}", token=ana.token
    ).json()  # fmt: skip

    assert [one["message"] for one in first["items"] + rest["items"]] == [one.username for one in reversed(others)]
    assert (len(first["items"]), rest["next"]) == (2, None)
    foreign = api.get(f"/v1/friends/requests?direction=sent&limit=2&cursor={first['next']}", token=ana.token)
    assert foreign.json()["code"] == "invalid_cursor"
    assert requests(api, ana, "sent") == []


def test_a_page_is_full_although_somebody_in_it_is_gone(api: Any, ana: Any, person: Any) -> None:
    from apps.users.repositories import stored_people  # noqa: PLC0415

    others = [person() for _ in range(4)]
    for other in others:
        befriend(api, other, ana)
    gone = stored_people.find_profile(others[2].id)
    assert gone is not None
    gone.delete()

    page = api.get("/v1/friends?limit=2", token=ana.token).json()

    assert [one["user"]["id"] for one in page["items"]] == [others[3].id, others[1].id]
    assert page["next"] is not None


def test_somebody_who_is_no_friend_any_more_is_left_out_although_the_index_lags(
    api: Any, ana: Any, ben: Any, cyd: Any
) -> None:
    befriend(api, ana, ben)
    befriend(api, ana, cyd)
    tie = repositories.load_pair(ana.id, cyd.id)
    unfriend(api, cyd, ana)
    assert tie.mine is not None
    tie.mine.save(add_version_condition=False)

    assert listed(api, ana) == [ben.id]


def test_nobody_has_more_friends_than_one_may_have(api: Any, ana: Any, person: Any) -> None:
    others = [person() for _ in range(3)]
    with override_settings(MAX_FRIENDS=2):
        for other in others[:2]:
            befriend(api, ana, other)

        send_friend_request(api, others[2], ana)
        for full, asked in ((ana, others[2]), (others[2], ana)):
            made = answer(api, full, asked) if full is ana else send_friend_request(api, full, asked)
            assert made.json().get("code", made.json().get("state")) in {"too_many_friends", "sent"}
        assert agree(ana, others[2]) == "received"

        unfriend(api, ana, others[0])
        assert answer(api, ana, others[2]).status_code == 200
    assert relations.load_relations(ana.id).friend_ids() == sorted(one.id for one in others[1:])


def test_the_limit_holds_on_the_side_of_the_one_who_asked_as_well(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    send_friend_request(api, ana, cyd)
    with override_settings(MAX_FRIENDS=1):
        befriend(api, ana, ben)

        refused = answer(api, cyd, ana)

    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_friends")
    assert (agree(ana, cyd), relations.load_relations(cyd.id).friends) == ("sent", frozenset())


def test_nothing_is_left_between_somebody_who_leaves_and_the_others(
    api: Any, ana: Any, ben: Any, cyd: Any, person: Any
) -> None:
    blocker, blocked = person(), person()
    befriend(api, ana, ben)
    send_friend_request(api, cyd, ana)
    block(api, blocker, ana)
    block(api, ana, blocked)

    for _ in range(2):
        account_deletion.remove_relations(ana.id)

    for other in (ben, cyd, blocker, blocked):
        assert agree(ana, other) is None
        assert repositories.find_blocks_between(ana.id, other.id) == (None, None)
        assert relations.load_relations(other.id) == relations.Relations()
    assert relations.load_relations(ana.id) == relations.Relations()
