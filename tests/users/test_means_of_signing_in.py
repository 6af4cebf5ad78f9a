"""What somebody signs in with changes for whoever proves every factor, who alone stays signed in."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyotp
import pytest

from tests.support.accounts import fresh_name, log_in, turn_mfa_on, wrong_code
from tests.support.notifications import mails_to
from tests.support.tasks import run_all

OTHER = "Anders-456!"
# The requests that change how somebody signs in, or end their account: verb, path, body without the proof.
CHANGES: dict[str, tuple[str, str, Callable[[], dict[str, str]]]] = {
    "password": ("POST", "/v1/auth/change-password", lambda: {"new_password": OTHER}),
    "address": ("POST", "/v1/auth/change-email", lambda: {"email": f"{fresh_name()}@example.org"}),
    "username": ("POST", "/v1/auth/change-username", lambda: {"username": fresh_name()}),
    "no second factor": ("DELETE", "/v1/auth/mfa", dict),
    "end of the account": ("DELETE", "/v1/users/me", dict),
}


def ask(api: Any, token: str, change: str, **proof: str) -> Any:
    verb, path, body = CHANGES[change]
    if change == "password" and "password" in proof:
        proof["old_password"] = proof.pop("password")
    return api.request(verb, path, json={**body(), **proof}, token=token)


def make(api: Any, ana: Any, token: str, change: str, messages: list[Any]) -> None:
    """Carry a change through to its end, as its owner does."""
    if change == "second factor":
        turn_mfa_on(api, token, ana.password)
        return
    proof = {"password": ana.password}
    if change == "no second factor":
        proof["code"] = turn_mfa_on(api, token, ana.password).now()
    if change == "address":
        email = f"{fresh_name()}@example.org"
        body = {"email": email, **proof}
        assert api.post("/v1/auth/change-email", json=body, token=token).status_code == 202
        run_all(messages)
        code = re.findall(r"\d{6}", mails_to(replace(ana, email=email))[-1]["Subject"])[0]
        assert api.post("/v1/auth/change-email/confirm", json={"code": code}, token=token).status_code == 204
        return
    answer = ask(api, token, change, **proof)
    assert answer.status_code == 204, answer.content


def is_signed_in(api: Any, tokens: dict[str, str]) -> tuple[int, int, int]:
    """Return what reading, writing and renewing answer."""
    read = api.get("/v1/users/me", token=tokens["access_token"]).status_code
    write = api.patch("/v1/users/me", json={"bio": "x"}, token=tokens["access_token"]).status_code
    renewed = api.post("/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    if renewed.status_code == 200:
        assert api.get("/v1/users/me", token=renewed.json()["access_token"]).status_code == 200
    return read, write, renewed.status_code


@pytest.mark.parametrize("change", ["password", "address", "username", "second factor", "no second factor"])
def test_a_change_ends_all_sessions_except_the_current_one(
    api: Any, ana: Any, messages: list[Any], change: str
) -> None:
    mine, stolen = log_in(api, ana.username).json(), log_in(api, ana.username).json()

    make(api, ana, mine["access_token"], change, messages)

    assert is_signed_in(api, stolen) == (401, 401, 401)
    assert is_signed_in(api, mine) == (200, 200, 200)


def test_a_browsers_session_survives_its_own_change(api: Any, ana: Any) -> None:
    headers = {"X-Smart-Cooking": "web"}
    body = {"username": ana.username, "password": ana.password}
    token = api.post("/v1/session", json=body, headers=headers).json()["access_token"]

    assert ask(api, token, "password", password=ana.password).status_code == 204

    renewed = api.post("/v1/session/refresh", headers=headers)
    assert renewed.status_code == 200
    assert api.get("/v1/users/me", token=renewed.json()["access_token"]).status_code == 200


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_requires_the_password_and_the_second_factor(api: Any, ana: Any, change: str) -> None:
    totp = turn_mfa_on(api, ana.token, ana.password)
    without = "required" if change == "no second factor" else "code_required"

    def code_of(**proof: str) -> str:
        answer = ask(api, ana.token, change, **proof)
        assert answer.status_code == 400, answer.content
        problem = answer.json()
        return str(problem["errors"][0]["code"] if problem.get("errors") else problem["code"])

    assert code_of() == "required"
    assert code_of(password="Falsch-123!", code=totp.now()) == "wrong_password"
    assert code_of(password=ana.password) == without
    assert code_of(password=ana.password, code=wrong_code(totp)) == "invalid_code"

    assert ask(api, ana.token, change, password=ana.password, code=totp.now()).status_code in {202, 204}


@pytest.mark.parametrize("path", ["mfa", "mfa/verify"])
def test_a_token_alone_enrols_no_authenticator(api: Any, ana: Any, path: str) -> None:
    """Nor does one with a secret that its thief has from Cognito itself."""
    secret = api.post("/v1/auth/mfa", json={"password": ana.password}, token=ana.token).json()["secret"]
    body = {"code": pyotp.TOTP(secret).now()} if path == "mfa/verify" else {}

    without = api.post(f"/v1/auth/{path}", json=body, token=ana.token)
    wrong = api.post(f"/v1/auth/{path}", json={**body, "password": "Falsch-123!"}, token=ana.token)

    assert [(one["field"], one["code"]) for one in without.json()["errors"]] == [("password", "required")]
    assert (wrong.status_code, wrong.json()["code"]) == (400, "wrong_password")
    assert "access_token" in log_in(api, ana.username).json()
