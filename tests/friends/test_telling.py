"""Friend requests notify at most once in a while, and not if withdrawn; strangers see only short cards."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock
from tests.support.friends import answer, befriend, block, send_friend_request
from tests.support.notifications import mails_to, read_notifications, unread
from tests.support.tasks import run_all

pytestmark = pytest.mark.usefixtures("seeded")


def withdraw(api: Any, person: Any, other: Any) -> Any:
    return api.delete(f"/v1/friends/requests/{other.id}", token=person.token)


def requests_told(api: Any, person: Any) -> int:
    told = [one for one in read_notifications(api, person) if one["kind"] == "friend_request"]
    assert unread(api, person) >= len(told)
    return len(told)


def test_a_request_that_was_withdrawn_leaves_no_notification(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    send_friend_request(api, ana, ben)
    run_all(messages, times=2)
    assert requests_told(api, ben) == 1

    withdraw(api, ana, ben)
    run_all(messages, times=2)

    assert (requests_told(api, ben), unread(api, ben)) == (0, 0)


def test_a_request_withdrawn_before_its_message_comes_is_not_told(
    api: Any, ana: Any, ben: Any, messages: list[Any]
) -> None:
    send_friend_request(api, ana, ben)
    withdraw(api, ana, ben)
    run_all(messages)

    assert requests_told(api, ben) == 0
    assert mails_to(ben) == []


def test_repeated_requests_are_told_and_mailed_once_in_seven_days(
    api: Any, ana: Any, ben: Any, messages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        send_friend_request(api, ana, ben)
        run_all(messages)
        withdraw(api, ana, ben)
        run_all(messages)
    assert len(mails_to(ben)) == 1

    later = clock.now() + timedelta(days=7, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    send_friend_request(api, ana, ben)
    run_all(messages)

    assert len(mails_to(ben)) == 2


def test_after_a_rejection_requests_are_silent_for_thirty_days(
    api: Any, ana: Any, ben: Any, messages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    send_friend_request(api, ana, ben)
    run_all(messages)
    answer(api, ben, ana, "reject")
    run_all(messages)
    began = clock.now()

    for days, told in ((8, 0), (31, 1)):
        monkeypatch.setattr(clock, "now", lambda days=days: began + timedelta(days=days))
        assert send_friend_request(api, ana, ben).status_code == 201
        run_all(messages)
        assert len(mails_to(ben)) == 1 + told
        withdraw(api, ana, ben)
        run_all(messages)


def test_accepting_and_ending_again_answer_like_the_first_time(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    befriend(api, ana, ben)
    assert answer(api, ben, ana).json()["state"] == "friends"

    assert [api.delete(f"/v1/friends/{ben.id}", token=ana.token).status_code for _ in range(2)] == [204, 204]
    assert api.delete(f"/v1/friends/{ben.id}", token=cyd.token).status_code == 404


def test_cards_of_people_whose_profile_one_may_not_see_are_bare(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    api.patch("/v1/users/me/privacy", json={"profile": "private"}, token=ben.token)
    bare = {"id": ben.id, "username": ben.username, "full_name": None, "avatar": None}

    assert send_friend_request(api, ana, ben).json()["user"] == bare
    listed = api.get("/v1/friends/requests?direction=sent", token=ana.token).json()["items"]
    assert [one["user"] for one in listed] == [bare]
    assert api.get("/v1/friends/requests", token=ben.token).json()["items"][0]["user"]["full_name"] is not None


def test_blocking_back_says_no_more_than_blocking_a_stranger(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    block(api, ben, ana)

    assert [block(api, ana, one).status_code for one in (ben, cyd)] == [204, 204]

    listed = api.get("/v1/users/me/blocks", token=ana.token).json()["items"]
    assert {one["user"]["full_name"] for one in listed} == {None}
