"""Logging in: failures reveal nothing, and are too limited for guessing."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import override_settings

from apps.users import throttling
from tests.support.accounts import (
    Applicant,
    FromOneAddress,
    fresh_address,
    fresh_name,
    log_in,
    turn_mfa_on,
    without_request_id,
    wrong_code,
)


def test_unknown_names_and_wrong_passwords_get_the_same_response(api: Any, confirmed: Applicant) -> None:
    names = (
        confirmed.username,
        confirmed.email,
        fresh_name(),
        f"{fresh_name()}@example.com",
        "no name at all",
        "ü" * 99,
    )

    answers = [log_in(api, name, "Falsch-123!") for name in names]

    assert {answer.status_code for answer in answers} == {401}
    assert all(without_request_id(answer) == without_request_id(answers[0]) for answer in answers)
    assert {tuple(sorted(set(answer.headers) - {"X-Request-Id"})) for answer in answers} == {
        tuple(sorted(set(answers[0].headers) - {"X-Request-Id"}))
    }


def test_every_failing_login_takes_at_least_the_minimum_time(
    api: Any, ana: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(throttling, "_fill_up", slept.append)

    log_in(api, ana.username, "Falsch-123!")
    log_in(api, fresh_name(), "Falsch-123!")
    log_in(api, "no name at all", "Falsch-123!")
    log_in(api, ana.username)

    assert len(slept) == 3


def test_a_failing_login_takes_a_multiple_of_the_configured_time(api: Any) -> None:
    with override_settings(LOGIN_SECONDS=0.3):
        started = time.monotonic()
        log_in(api, fresh_name(), "Falsch-123!")

    assert time.monotonic() - started >= 0.3


def fail(api: Any, name: str) -> Any:
    return log_in(api, name, "Falsch-123!")


def test_after_ten_wrong_passwords_even_the_right_one_is_refused(api: Any, ana: Any) -> None:
    statuses = [fail(api, ana.username).status_code for _ in range(11)]

    assert statuses == [401] * 10 + [429]
    refused = log_in(api, ana.username)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert 1 <= int(refused.headers["Retry-After"]) <= 900


def test_a_new_window_allows_as_many_again(api: Any, ana: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    start = throttling.current_window(900).ends_at
    for second, expected in ((0, [401] * 10 + [429]), (899, [429]), (900, [401] * 10 + [429])):
        monkeypatch.setattr(throttling, "_now", lambda moment=start + second: moment)

        answers = [fail(api, ana.username) for _ in expected]

        assert [answer.status_code for answer in answers] == expected
        assert int(answers[-1].headers["Retry-After"]) == 900 - second % 900


def test_unknown_names_are_throttled_too(api: Any) -> None:
    name = fresh_name()

    assert [fail(api, name).status_code for _ in range(11)] == [401] * 10 + [429]


def test_twenty_wrong_passwords_at_once_are_ten_guesses(api: Any, ana: Any) -> None:
    with ThreadPoolExecutor(20) as pool:
        statuses = sorted(pool.map(lambda _: fail(api, ana.username).status_code, range(20)))

    assert statuses == [401] * 10 + [429] * 10


def test_successful_logins_are_not_counted(api: Any, ana: Any) -> None:
    with override_settings(THROTTLE_PER_USER=2, THROTTLE_PER_ADDRESS=2):
        assert {log_in(api, ana.username).status_code for _ in range(5)} == {200}


def test_failures_of_an_address_are_limited_over_all_names(api: Any) -> None:
    with override_settings(THROTTLE_PER_ADDRESS=5):
        with ThreadPoolExecutor(10) as pool:
            statuses = sorted(pool.map(lambda _: fail(api, fresh_name()).status_code, range(10)))

        assert statuses == [401] * 5 + [429] * 5
        assert fail(FromOneAddress(fresh_address()), fresh_name()).status_code == 401


def test_a_claimed_address_in_a_header_is_ignored(api: Any) -> None:
    with override_settings(THROTTLE_PER_ADDRESS=3):
        statuses = [
            api.post(
                "/v1/auth/login",
                json={"username": fresh_name(), "password": "x"},
                headers={"X-Forwarded-For": f"10.0.0.{number}, {api.address}"},
            ).status_code
            for number in range(4)
        ]

    assert statuses == [401] * 3 + [429]


def test_a_refusal_for_the_address_does_not_count_for_the_person(api: Any, ana: Any) -> None:
    with override_settings(THROTTLE_PER_ADDRESS=1):
        for _ in range(15):
            fail(api, ana.username)

    assert log_in(FromOneAddress(fresh_address()), ana.username).status_code == 200


@pytest.mark.parametrize("path", ["confirm", "reset-password"])
def test_codes_cannot_be_guessed(api: Any, registered: Applicant, path: str) -> None:
    body = {"username": registered.username, "code": "000000"}
    if path == "reset-password":
        body["new_password"] = "Anders-456!"

    with ThreadPoolExecutor(20) as pool:
        answers = pool.map(lambda _: api.post(f"/v1/auth/{path}", json=body).status_code, range(20))

    assert sorted(answers) == [400] * 10 + [429] * 10


def test_old_passwords_cannot_be_guessed_with_somebody_elses_token(api: Any, ana: Any) -> None:
    body = {"old_password": "Falsch-123!", "new_password": "Anders-456!"}

    statuses = [api.post("/v1/auth/change-password", json=body, token=ana.token).status_code for _ in range(11)]

    assert statuses == [400] * 10 + [429]


GUARDED: dict[str, Callable[[Any], dict[str, str]]] = {
    "confirm": lambda ana: {"username": ana.username, "code": "000000"},
    "reset-password": lambda ana: {"username": ana.username, "code": "000000", "new_password": "Anders-456!"},
    "change-password": lambda _: {"old_password": "Falsch-123!", "new_password": "Anders-456!"},
    "change-email": lambda _: {"email": f"{fresh_name()}@example.com", "password": "Falsch-123!"},
    "change-email/confirm": lambda _: {"code": "000000"},
    "change-username": lambda _: {"username": fresh_name(), "password": "Falsch-123!"},
    "mfa": lambda _: {"password": "Falsch-123!"},
    "mfa/verify": lambda _: {"password": "Falsch-123!", "code": "000000"},
}


@pytest.mark.parametrize("path", GUARDED)
def test_failures_elsewhere_do_not_block_an_address_from_which_the_owner_signed_in(
    api: Any, ana: Any, path: str
) -> None:
    assert log_in(api, ana.username).status_code == 200
    token = None if path in {"confirm", "reset-password"} else ana.token

    def fail_at(client: Any) -> int:
        status: int = client.post(f"/v1/auth/{path}", json=GUARDED[path](ana), token=token).status_code
        return status

    tried = [fail_at(FromOneAddress(fresh_address())) for _ in range(11)]
    assert tried == [400] * 10 + [429]

    assert fail_at(api) == 400


def test_failures_of_neighbors_do_not_block_signed_in_people(api: Any, ana: Any, ben: Any, settings: Any) -> None:
    settings.THROTTLE_PER_ADDRESS = 1
    body = {"old_password": "Falsch-123!", "new_password": "Anders-456!"}
    for _ in range(2):
        assert api.post("/v1/auth/change-password", json=body, token=ben.token).status_code == 400

    body["old_password"] = ana.password
    assert api.post("/v1/auth/change-password", json=body, token=ana.token).status_code == 204


@pytest.mark.parametrize("is_known", [True, False])
def test_wrong_codes_per_day_are_limited_over_all_addresses(
    api: Any, ana: Any, settings: Any, *, is_known: bool
) -> None:
    settings.THROTTLE_CODES_PER_DAY = 3
    if is_known:
        log_in(api, ana.username)
    body = {"username": ana.username, "code": "000000", "new_password": "Anders-456!"}

    answers = [api.post("/v1/auth/reset-password", json=body) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [400] * 3 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 24 * 3600


def test_a_password_without_its_code_makes_no_address_known(api: Any, ana: Any) -> None:
    """Else whoever has a stolen password would get ten codes at each of their addresses."""
    totp = turn_mfa_on(api, ana.token)
    statuses = []

    for _ in range(11):
        elsewhere = FromOneAddress(fresh_address())
        body = {"session": log_in(elsewhere, ana.username).json()["session"], "username": ana.username}
        answer = elsewhere.post("/v1/auth/challenge", json={**body, "code": wrong_code(totp)})
        statuses.append(answer.status_code)

    assert statuses == [400] * 10 + [429]
