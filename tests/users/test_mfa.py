"""Two-factor authentication: a secret, a code, and a challenge at every login."""

from typing import Any

import pyotp
import pytest

from tests.support.accounts import FromOneAddress, fresh_address, log_in, turn_mfa_on, wrong_code


@pytest.fixture
def authenticator(api: Any, ana: Any) -> pyotp.TOTP:
    """Ana's authenticator; her account requires its codes, and she has signed in before."""
    assert log_in(api, ana.username).status_code == 200
    return turn_mfa_on(api, ana.token, ana.password)


def answer_challenge(api: Any, person: Any, session: str, code: str) -> Any:
    body = {"session": session, "username": person.username, "code": code}
    return api.post("/v1/auth/challenge", json=body)


def test_the_secret_comes_with_a_uri_for_authenticators(api: Any, ana: Any) -> None:
    found = api.post("/v1/auth/mfa", json={"password": ana.password}, token=ana.token).json()

    parsed = pyotp.parse_uri(found["otpauth_uri"])
    assert (parsed.secret, parsed.issuer, parsed.name) == (found["secret"], "Smart Cooking", ana.username)


def test_a_secret_that_was_not_verified_changes_nothing(api: Any, ana: Any) -> None:
    api.post("/v1/auth/mfa", json={"password": ana.password}, token=ana.token)

    assert "access_token" in log_in(api, ana.username).json()


def test_a_wrong_code_turns_nothing_on(api: Any, ana: Any) -> None:
    totp = pyotp.TOTP(api.post("/v1/auth/mfa", json={"password": ana.password}, token=ana.token).json()["secret"])

    answer = api.post("/v1/auth/mfa/verify", json={"password": ana.password, "code": wrong_code(totp)}, token=ana.token)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_code")
    assert "access_token" in log_in(api, ana.username).json()


def test_logging_in_requires_password_and_code(api: Any, ana: Any, authenticator: pyotp.TOTP) -> None:
    challenge = log_in(api, ana.username).json()
    assert challenge == {"challenge": "SOFTWARE_TOKEN_MFA", "session": challenge["session"]}

    refused = answer_challenge(api, ana, challenge["session"], wrong_code(authenticator))
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_code")
    tokens = answer_challenge(api, ana, log_in(api, ana.username).json()["session"], authenticator.now())

    assert tokens.status_code == 200
    assert api.get("/v1/users/me", token=tokens.json()["access_token"]).json()["id"] == ana.id


@pytest.mark.parametrize("session", ["x", "x" * 100, "a:b:c"])
def test_a_code_without_a_session_is_refused(api: Any, ana: Any, authenticator: pyotp.TOTP, session: str) -> None:
    answer = answer_challenge(api, ana, session, authenticator.now())

    assert (answer.status_code, answer.json()["code"]) == (401, "session_expired")


def test_a_session_is_valid_only_for_its_own_person(api: Any, ana: Any, ben: Any, authenticator: pyotp.TOTP) -> None:
    session = log_in(api, ana.username).json()["session"]

    answer = answer_challenge(api, ben, session, authenticator.now())

    assert (answer.status_code, answer.json()["code"]) == (401, "session_expired")


def test_a_challenge_can_be_answered_with_the_email_address(api: Any, ana: Any, authenticator: pyotp.TOTP) -> None:
    session = log_in(api, ana.email).json()["session"]

    body = {"session": session, "username": ana.email, "code": authenticator.now()}
    assert api.post("/v1/auth/challenge", json=body).status_code == 200


def test_codes_of_a_challenge_cannot_be_guessed_from_many_addresses(
    api: Any, ana: Any, authenticator: pyotp.TOTP
) -> None:
    session = log_in(api, ana.username).json()["session"]

    statuses = [
        answer_challenge(FromOneAddress(fresh_address()), ana, session, wrong_code(authenticator)).status_code
        for _ in range(11)
    ]

    assert statuses == [400] * 10 + [429]


def test_the_second_factor_can_be_turned_off(api: Any, ana: Any, authenticator: pyotp.TOTP) -> None:
    body = {"password": ana.password, "code": authenticator.now()}
    assert api.delete("/v1/auth/mfa", json=body, token=ana.token).status_code == 204

    assert "access_token" in log_in(api, ana.username).json()
