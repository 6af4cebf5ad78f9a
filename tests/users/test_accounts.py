"""Accounts over HTTP: registering, confirming, logging in and out, passwords."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import pytest

from apps.core import keys
from apps.core.models import Item
from apps.users import name_claims
from apps.users.models import User, UsernameClaim
from apps.users.repositories import stored_people
from tests.support.accounts import (
    PASSWORD,
    RESET_CODE,
    SIGN_UP_CODE,
    Applicant,
    FromOneAddress,
    fresh_address,
    fresh_name,
    log_in,
)


def register(api: Any, applicant: Applicant, **changes: Any) -> Any:
    return api.post("/v1/auth/register", json={**applicant.as_json(), **changes})


def test_an_account_is_registered_confirmed_logged_in_and_logged_out(api: Any, applicant: Applicant) -> None:
    answer = register(api, applicant)
    assert answer.status_code == 201
    assert answer.json() == {
        "id": answer.json()["id"],
        "username": applicant.username,
        "email": applicant.email,
        "confirmed": False,
    }

    refused = log_in(api, applicant.username)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_confirmed")

    code = {"username": applicant.username, "code": SIGN_UP_CODE}
    assert api.post("/v1/auth/confirm", json=code).status_code == 204
    tokens = log_in(api, applicant.username).json()
    assert set(tokens) == {"access_token", "id_token", "refresh_token", "token_type", "expires_in"}
    assert tokens["token_type"] == "Bearer"
    me = api.get("/v1/users/me", token=tokens["access_token"]).json()
    assert (me["id"], me["username"], me["email"]) == (answer.json()["id"], applicant.username, applicant.email)

    refreshed = api.post("/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    assert refreshed.status_code == 200
    assert refreshed.json()["refresh_token"] == tokens["refresh_token"]
    assert api.get("/v1/users/me", token=refreshed.json()["access_token"]).status_code == 200

    gone = {"refresh_token": tokens["refresh_token"]}
    assert api.post("/v1/auth/logout", json=gone, token=tokens["access_token"]).status_code == 204
    dead = api.post("/v1/auth/refresh", json=gone)
    assert (dead.status_code, dead.json()["code"]) == (401, "invalid_refresh_token")


def test_the_email_address_logs_in_regardless_of_case(api: Any, confirmed: Applicant) -> None:
    assert log_in(api, confirmed.email.upper()).status_code == 200
    assert log_in(api, confirmed.username.upper()).status_code == 200


def test_logging_out_without_a_refresh_token_ends_every_login(api: Any, confirmed: Applicant) -> None:
    first, second = log_in(api, confirmed.username).json(), log_in(api, confirmed.username).json()

    assert api.post("/v1/auth/logout", json={}, token=first["access_token"]).status_code == 204

    for tokens in (first, second):
        answer = api.post("/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
        assert answer.status_code == 401


def test_logging_out_of_one_login_leaves_the_others(api: Any, confirmed: Applicant) -> None:
    first, second = log_in(api, confirmed.username).json(), log_in(api, confirmed.username).json()

    api.post("/v1/auth/logout", json={"refresh_token": first["refresh_token"]}, token=first["access_token"])

    assert api.post("/v1/auth/refresh", json={"refresh_token": second["refresh_token"]}).status_code == 200


@pytest.mark.parametrize("path", ["logout", "change-password", "mfa", "mfa/verify"])
def test_endpoints_of_ones_own_account_need_an_access_token(api: Any, path: str) -> None:
    assert api.post(f"/v1/auth/{path}", json={}).status_code == 401


@pytest.mark.parametrize("kind", ["id_token", "refresh_token"])
def test_tokens_of_other_kinds_are_refused_as_access_tokens(api: Any, confirmed: Applicant, kind: str) -> None:
    tokens = log_in(api, confirmed.username).json()

    assert api.get("/v1/users/me", token=tokens[kind]).status_code == 401


@pytest.mark.parametrize("token", ["x", "a.b.c", "ü" * 20, "ey" * 1000])
def test_a_malformed_refresh_token_is_refused(api: Any, token: str) -> None:
    answer = api.post("/v1/auth/refresh", json={"refresh_token": token})

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_refresh_token")


def test_an_access_token_cannot_be_used_to_refresh(api: Any, ana: Any) -> None:
    assert api.post("/v1/auth/refresh", json={"refresh_token": ana.token}).status_code == 401


def test_a_forged_token_is_refused(api: Any, ana: Any) -> None:
    claims = jwt.decode(ana.token, options={"verify_signature": False})
    forged = jwt.encode(
        claims, "x" * 32, algorithm="HS256", headers={"kid": jwt.get_unverified_header(ana.token)["kid"]}
    )

    assert api.post("/v1/auth/logout", json={}, token=forged).status_code == 401


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("username", "ab", "invalid"),
        ("username", "a" * 31, "invalid"),
        ("username", "Lan.Nguyen", "invalid"),
        ("username", " lan", "invalid"),
        ("username", "lan\n", "invalid"),
        ("username", "l-an", "invalid"),
        ("username", "l#an", "invalid"),
        ("username", 12345, "invalid"),
        ("username", None, "null"),
        ("email", "no-address", "invalid"),
        ("email", ["a@example.com"], "invalid"),
        ("email", "a" * 120 + "@example.com", "max_length"),
        ("password", "Kurz-1!", "min_length"),
        ("password", "kein-gross-1", "weak_password"),
        ("password", "KEIN-KLEIN-1", "weak_password"),
        ("password", "Keine-Ziffer", "weak_password"),
        ("password", "KeinZeichen1", "weak_password"),
        ("password", " Nau-an-123!", "weak_password"),
        ("password", "Nau-an-\t123!", "weak_password"),
        ("password", "Aa1!" * 65, "max_length"),
        ("password", 12345678, "invalid"),
        ("full_name", "", "blank"),
        ("full_name", "x" * 101, "max_length"),
        ("admin", True, "unknown_field"),
    ],
)
def test_registering_reports_the_invalid_field(
    api: Any, applicant: Applicant, field: str, value: Any, code: str
) -> None:
    answer = register(api, applicant, **{field: value})

    assert answer.status_code == 400
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]
    assert PASSWORD.encode() not in answer.content


def test_a_username_can_be_registered_only_once(api: Any, registered: Applicant) -> None:
    answer = register(api, registered, email=f"other-{registered.email}")

    assert (answer.status_code, answer.json()["code"]) == (409, "username_taken")


def test_only_one_of_ten_concurrent_registrations_gets_the_username(api: Any, applicant: Applicant) -> None:
    def attempt(number: int) -> int:
        return int(register(api, applicant, email=f"{number}-{applicant.email}").status_code)

    with ThreadPoolExecutor(10) as pool:
        statuses = sorted(pool.map(attempt, range(10)))

    assert statuses == [201] + [409] * 9


def test_a_claimed_username_is_taken_although_no_account_has_it(api: Any, applicant: Applicant) -> None:
    key = keys.username(applicant.username)
    UsernameClaim(pk=key.pk, sk=key.sk, user_id="somebody-before").save()

    answer = register(api, applicant)

    assert (answer.status_code, answer.json()["code"]) == (409, "username_taken")


def test_profile_and_claim_are_written_together(api: Any, applicant: Applicant) -> None:
    user_id = register(api, applicant).json()["id"]

    assert name_claims.find_claimant(applicant.username) == user_id
    profile = stored_people.find_profile(user_id)
    assert profile is not None
    assert (profile.email, profile.full_name) == (applicant.email, applicant.full_name)


def test_registering_with_a_taken_address_looks_like_any_registration(api: Any, confirmed: Applicant) -> None:
    fresh = register(api, Applicant(fresh_name(), f"{fresh_name()}@example.com"))
    taken = register(api, Applicant(fresh_name(), confirmed.email))

    assert taken.status_code == fresh.status_code == 201
    assert taken.json().keys() == fresh.json().keys()


@pytest.mark.usefixtures("needs_aws")
def test_an_anonymous_idempotency_key_belongs_to_its_address(applicant: Applicant) -> None:
    """All connections come from our proxies, so the address that the proxy reports counts."""
    one, other = FromOneAddress(fresh_address()), FromOneAddress(fresh_address())
    headers = {"Idempotency-Key": "1"}

    first, again = (one.post("/v1/auth/register", json=applicant.as_json(), headers=headers) for _ in range(2))
    somebody = Applicant(fresh_name(), f"{fresh_name()}@example.com").as_json()
    elsewhere = other.post("/v1/auth/register", json=somebody, headers=headers)

    assert first.json() == again.json()
    assert (first.status_code, again.status_code, elsewhere.status_code) == (201, 201, 201)
    assert elsewhere.json()["id"] != first.json()["id"]


def test_registering_again_with_the_same_idempotency_key_returns_the_first_response(
    api: Any, applicant: Applicant
) -> None:
    headers = {"Idempotency-Key": fresh_name()}

    first = api.post("/v1/auth/register", json=applicant.as_json(), headers=headers)
    again = api.post("/v1/auth/register", json=applicant.as_json(), headers=headers)

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()


def test_a_missing_profile_is_created_at_the_next_login(api: Any, confirmed: Applicant) -> None:
    user_id = name_claims.find_claimant(confirmed.username)
    assert user_id is not None
    forget(user_id, confirmed.username)

    tokens = log_in(api, confirmed.username).json()

    profile = stored_people.find_profile(user_id)
    assert profile is not None
    assert (profile.username, profile.email, profile.full_name) == (
        confirmed.username,
        confirmed.email,
        confirmed.full_name,
    )
    assert name_claims.find_claimant(confirmed.username) == user_id
    assert api.get("/v1/users/me", token=tokens["access_token"]).status_code == 200


def test_a_missing_profile_is_created_once_by_concurrent_requests_for_it(api: Any, ana: Any) -> None:
    forget(ana.id, ana.username)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: api.get("/v1/users/me", token=ana.token), range(8)))

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["email"] for answer in answers} == {ana.email}


def forget(user_id: str, username: str) -> None:
    for key in (keys.user(user_id), keys.username(username)):
        Item.get(key.pk, key.sk).delete(add_version_condition=False)
    assert User.read(keys.user(user_id)) is None


def test_a_wrong_code_confirms_nothing(api: Any, registered: Applicant) -> None:
    answer = api.post("/v1/auth/confirm", json={"username": registered.username, "code": "000000"})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_code")
    assert log_in(api, registered.username).status_code == 403


def test_the_code_that_confirmed_an_account_succeeds_again_and_no_other(api: Any, confirmed: Applicant) -> None:
    def confirm(username: str, code: str) -> int:
        return int(api.post("/v1/auth/confirm", json={"username": username, "code": code}).status_code)

    assert [confirm(name, SIGN_UP_CODE) for name in (confirmed.username, confirmed.email)] == [204, 204]
    assert confirm(confirmed.username, "000000") == 400


def test_a_repeated_reset_succeeds_with_the_same_password_until_the_next_change(api: Any, confirmed: Applicant) -> None:
    assert api.post("/v1/auth/forgot-password", json={"username": confirmed.username}).status_code == 202

    def reset(password: str) -> int:
        body = {"username": confirmed.username, "code": RESET_CODE, "new_password": password}
        return int(api.post("/v1/auth/reset-password", json=body).status_code)

    answers = [reset("Xoi-gac-456!"), reset("Xoi-gac-456!"), reset("Canh-chua-9!")]
    token = log_in(api, confirmed.username, "Xoi-gac-456!").json()["access_token"]
    change = {"old_password": "Xoi-gac-456!", "new_password": "Canh-chua-9!"}
    changes = [api.post("/v1/auth/change-password", json=change, token=token).status_code for _ in range(2)]

    assert (answers, changes) == ([204, 204, 400], [204, 204])
    assert reset("Xoi-gac-456!") == 400
    assert log_in(api, confirmed.username, "Canh-chua-9!").status_code == 200


def test_confirming_reveals_no_accounts(api: Any, confirmed: Applicant) -> None:
    bodies = [
        api.post("/v1/auth/confirm", json={"username": name, "code": "000000"}).json()
        for name in (confirmed.username, confirmed.email, fresh_name(), f"{fresh_name()}@example.com")
    ]

    assert len({tuple(sorted((k, str(v)) for k, v in body.items() if k != "request_id")) for body in bodies}) == 1


@pytest.mark.parametrize("path", ["resend-code", "forgot-password"])
def test_sending_a_code_reveals_no_accounts(api: Any, confirmed: Applicant, path: str) -> None:
    names = (confirmed.username, confirmed.email, fresh_name(), f"{fresh_name()}@example.com", "not a name", "ü" * 100)

    answers = [api.post(f"/v1/auth/{path}", json={"username": name}) for name in names]

    assert {(answer.status_code, answer.content) for answer in answers} == {(202, b"")}


def test_a_forgotten_password_is_replaced_with_the_code_sent(api: Any, confirmed: Applicant) -> None:
    api.post("/v1/auth/forgot-password", json={"username": confirmed.username})

    body = {"username": confirmed.username, "code": RESET_CODE, "new_password": "Anders-456!"}
    assert api.post("/v1/auth/reset-password", json=body).status_code == 204

    assert log_in(api, confirmed.username).status_code == 401
    assert log_in(api, confirmed.username, "Anders-456!").status_code == 200


def test_resetting_with_a_wrong_code_is_the_same_for_everybody(api: Any, confirmed: Applicant) -> None:
    api.post("/v1/auth/forgot-password", json={"username": confirmed.username})

    answers = [
        api.post("/v1/auth/reset-password", json={"username": name, "code": "000000", "new_password": "Anders-456!"})
        for name in (confirmed.username, fresh_name())
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(400, "invalid_code")] * 2
    assert log_in(api, confirmed.username).status_code == 200


def test_changing_a_password_requires_the_old_one(api: Any, ana: Any) -> None:
    wrong = {"old_password": "Falsch-123!", "new_password": "Anders-456!"}
    answer = api.post("/v1/auth/change-password", json=wrong, token=ana.token)
    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_password")

    right = {"old_password": ana.password, "new_password": "Anders-456!"}
    assert api.post("/v1/auth/change-password", json=right, token=ana.token).status_code == 204

    assert log_in(api, ana.username).status_code == 401
    assert log_in(api, ana.username, "Anders-456!").status_code == 200


def test_a_weak_password_never_replaces_another(api: Any, ana: Any) -> None:
    body = {"old_password": ana.password, "new_password": "schwach"}

    answer = api.post("/v1/auth/change-password", json=body, token=ana.token)

    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == {"new_password"}
