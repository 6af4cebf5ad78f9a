"""Logging in: failures reveal nothing, and are too limited for guessing."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import override_settings

from apps.users import throttling
from tests.support.accounts import Applicant, FromOneAddress, fresh_address, fresh_name, log_in, without_request_id


def test_unknown_names_and_wrong_passwords_get_the_same_answer(api: Any, confirmed: Applicant) -> None:
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


def test_every_failing_login_takes_the_same_time_at_least(api: Any, ana: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(throttling, "_fill_up", slept.append)

    log_in(api, ana.username, "Falsch-123!")
    log_in(api, fresh_name(), "Falsch-123!")
    log_in(api, "no name at all", "Falsch-123!")
    log_in(api, ana.username)

    assert len(slept) == 3


def test_a_failing_login_takes_a_multiple_of_the_time_set(api: Any) -> None:
    with override_settings(LOGIN_SECONDS=0.3):
        started = time.monotonic()
        log_in(api, fresh_name(), "Falsch-123!")

    assert time.monotonic() - started >= 0.3


def fail(api: Any, name: str) -> Any:
    return log_in(api, name, "Falsch-123!")


def test_the_eleventh_wrong_password_is_too_many_and_the_right_one_too(api: Any, ana: Any) -> None:
    statuses = [fail(api, ana.username).status_code for _ in range(11)]

    assert statuses == [401] * 10 + [429]
    refused = log_in(api, ana.username)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert 1 <= int(refused.headers["Retry-After"]) <= 900


def test_names_that_nobody_has_are_throttled_alike(api: Any) -> None:
    name = fresh_name()

    assert [fail(api, name).status_code for _ in range(11)] == [401] * 10 + [429]


def test_twenty_wrong_passwords_at_once_are_ten_guesses(api: Any, ana: Any) -> None:
    with ThreadPoolExecutor(20) as pool:
        statuses = sorted(pool.map(lambda _: fail(api, ana.username).status_code, range(20)))

    assert statuses == [401] * 10 + [429] * 10


def test_logging_in_counts_nothing(api: Any, ana: Any) -> None:
    with override_settings(THROTTLE_PER_USER=2, THROTTLE_PER_ADDRESS=2):
        assert {log_in(api, ana.username).status_code for _ in range(5)} == {200}


def test_an_address_fails_so_often_for_whichever_names(api: Any) -> None:
    with override_settings(THROTTLE_PER_ADDRESS=5):
        with ThreadPoolExecutor(10) as pool:
            statuses = sorted(pool.map(lambda _: fail(api, fresh_name()).status_code, range(10)))

        assert statuses == [401] * 5 + [429] * 5
        assert fail(FromOneAddress(fresh_address()), fresh_name()).status_code == 401


def test_what_the_caller_claims_of_its_address_changes_nothing(api: Any) -> None:
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
