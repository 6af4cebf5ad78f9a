"""What ends sessions, what changing credentials requires, and what doesn't lock anybody out."""

import unicodedata
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.core import authentication, clock
from apps.core.errors import NotAuthenticated
from apps.users import sign_outs
from apps.users.reserved_names import is_reserved_username
from tests.support.accounts import (
    PASSWORD,
    RESET_CODE,
    SIGN_UP_CODE,
    Applicant,
    FromOneAddress,
    fresh_address,
    fresh_name,
    log_in,
    turn_mfa_on,
    wrong_code,
)

OTHER = "Anders-456!"


def tokens(api: Any, name: str, password: str = PASSWORD) -> dict[str, Any]:
    answer = log_in(api, name, password)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def statuses(api: Any, token: str) -> tuple[int, int]:
    """Return the status of a read and a write with a token."""
    write = api.patch("/v1/users/me", json={"bio": "x"}, token=token).status_code
    return api.get("/v1/users/me", token=token).status_code, write


def test_changing_a_password_ends_every_other_session_at_once(api: Any, confirmed: Applicant) -> None:
    stolen, mine = tokens(api, confirmed.username), tokens(api, confirmed.username)
    body = {"old_password": PASSWORD, "new_password": OTHER}

    assert api.post("/v1/auth/change-password", json=body, token=mine["access_token"]).status_code == 204

    assert statuses(api, stolen["access_token"]) == (401, 401)
    assert api.post("/v1/auth/refresh", json={"refresh_token": stolen["refresh_token"]}).status_code == 401
    assert statuses(api, mine["access_token"]) == (200, 200)
    assert statuses(api, tokens(api, confirmed.username, OTHER)["access_token"]) == (200, 200)


def test_another_process_refuses_ended_sessions_too(api: Any, confirmed: Applicant) -> None:
    stolen = tokens(api, confirmed.username)["access_token"]
    sign_outs.recent.cache_clear()
    assert statuses(api, stolen) == (200, 200)
    user_id = api.get("/v1/users/me", token=stolen).json()["id"]
    other_process = sign_outs.RecentSignOuts()

    sign_outs.end_sessions(user_id)

    known = other_process.find(user_id)
    assert known is not None
    ours = sign_outs.recent().find(user_id)
    assert ours is not None
    assert known[0] == ours[0]


def test_a_login_after_a_sign_out_is_valid_although_the_clock_was_ahead(
    api: Any, confirmed: Applicant, monkeypatch: pytest.MonkeyPatch
) -> None:
    stolen = tokens(api, confirmed.username)["access_token"]
    actor = authentication.verify(stolen)
    # The clock is ahead, so that tokens from before and after seem older.
    moment = datetime.fromtimestamp(actor.authenticated_at + 30, UTC)
    with monkeypatch.context() as ahead:
        ahead.setattr(clock, "now", lambda: moment)
        sign_outs.end_sessions(actor.id)
    fresh = tokens(api, confirmed.username)

    assert statuses(api, stolen) == (401, 401)
    assert statuses(api, fresh["access_token"]) == (200, 200)
    refreshed = api.post("/v1/auth/refresh", json={"refresh_token": fresh["refresh_token"]}).json()
    assert statuses(api, refreshed["access_token"]) == (200, 200)


def test_a_login_that_began_before_the_sign_out_is_refused(api: Any, confirmed: Applicant) -> None:
    token = tokens(api, confirmed.username)["access_token"]
    actor = authentication.verify(token)
    before = sign_outs.last_event(actor.id)

    sign_outs.end_sessions(actor.id)

    with pytest.raises(NotAuthenticated):
        sign_outs.admit_login(actor, before)


def test_a_code_is_refused_if_the_password_was_checked_before_the_sign_out(api: Any, confirmed: Applicant) -> None:
    token = tokens(api, confirmed.username)["access_token"]
    totp = turn_mfa_on(api, token, PASSWORD)
    session = log_in(api, confirmed.username).json()["session"]

    sign_outs.end_sessions(authentication.verify(token).id)

    body = {"session": session, "username": confirmed.username, "code": totp.now()}
    answer = api.post("/v1/auth/challenge", json=body)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_expired")


def test_resetting_a_password_ends_every_session(api: Any, confirmed: Applicant) -> None:
    stolen = tokens(api, confirmed.username)
    api.post("/v1/auth/forgot-password", json={"username": confirmed.email.upper()})
    body = {"username": confirmed.email.upper(), "code": RESET_CODE, "new_password": OTHER}

    assert api.post("/v1/auth/reset-password", json=body).status_code == 204

    assert statuses(api, stolen["access_token"]) == (401, 401)
    assert api.post("/v1/auth/refresh", json={"refresh_token": stolen["refresh_token"]}).status_code == 401
    assert statuses(api, tokens(api, confirmed.username, OTHER)["access_token"]) == (200, 200)


def test_a_token_alone_neither_ends_nor_replaces_the_second_factor(api: Any, confirmed: Applicant) -> None:
    token = tokens(api, confirmed.username)["access_token"]
    totp = turn_mfa_on(api, token, PASSWORD)

    def end(**body: str) -> int:
        status: int = api.delete("/v1/auth/mfa", json=body, token=token).status_code
        return status

    assert api.post("/v1/auth/mfa", json={"password": PASSWORD}, token=token).json()["code"] == "mfa_enabled"
    assert end() == end(password=PASSWORD) == end(password=PASSWORD, code=wrong_code(totp)) == 400
    assert end(password="Falsch-123!", code=totp.now()) == 400
    assert log_in(api, confirmed.username).json()["challenge"] == "SOFTWARE_TOKEN_MFA"
    assert end(password=PASSWORD, code=totp.now()) == 204
    assert "access_token" in log_in(api, confirmed.username).json()


def test_wrong_passwords_elsewhere_do_not_lock_the_owner_out(api: Any, confirmed: Applicant) -> None:
    tokens(api, confirmed.username)
    elsewhere = FromOneAddress(fresh_address())

    tried = [log_in(elsewhere, name, "Falsch-123!").status_code for name in (confirmed.username, confirmed.email) * 6]

    assert tried == [401] * 10 + [429] * 2
    assert [log_in(api, name).status_code for name in (confirmed.username, confirmed.email)] == [200, 200]


def test_failures_of_neighbors_do_not_lock_out_earlier_users_of_the_address(
    api: Any, confirmed: Applicant, settings: Any
) -> None:
    tokens(api, confirmed.username)
    settings.THROTTLE_PER_ADDRESS = 3
    assert [log_in(api, fresh_name(), "x").status_code for _ in range(4)] == [401] * 3 + [429]

    assert log_in(api, confirmed.username).status_code == 200


def test_guessing_from_many_addresses_is_limited(confirmed: Applicant, settings: Any) -> None:
    settings.THROTTLE_PER_ADDRESS = 3

    tried = [log_in(FromOneAddress(fresh_address()), confirmed.username, "Falsch-123!").status_code for _ in range(4)]

    assert tried == [401] * 3 + [429]


def test_wrong_confirmation_codes_do_not_block_the_reset(api: Any, confirmed: Applicant) -> None:
    for _ in range(11):
        api.post("/v1/auth/confirm", json={"username": confirmed.username, "code": "000000"})

    body = {"username": confirmed.username, "code": RESET_CODE, "new_password": OTHER}
    api.post("/v1/auth/forgot-password", json={"username": confirmed.username})
    assert api.post("/v1/auth/reset-password", json=body).status_code == 204


def test_an_address_confirms_one_account_only(api: Any, confirmed: Applicant) -> None:
    second = Applicant(fresh_name(), confirmed.email.upper())
    assert api.post("/v1/auth/register", json=second.as_json()).status_code == 201

    answer = api.post("/v1/auth/confirm", json={"username": second.username, "code": SIGN_UP_CODE})

    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    assert log_in(api, second.username).status_code == 409
    assert log_in(api, confirmed.username).status_code == 200


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_password_is_the_same_in_every_unicode_form(api: Any, applicant: Applicant, form: Any) -> None:
    applicant.password = unicodedata.normalize("NFD" if form == "NFC" else "NFC", "Mật-khẩu-123")
    api.post("/v1/auth/register", json=applicant.as_json())
    api.post("/v1/auth/confirm", json={"username": applicant.username, "code": SIGN_UP_CODE})

    given = unicodedata.normalize(form, applicant.password)

    assert log_in(api, applicant.username, given).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "admin", "adm1n", "the.admin", "admin_99", "moderator", "rnoderator", "support", "support.team", "smartcooking",
        "smart_cooking", "srnart.c00king", "evil.com", "bank.vn", "...", "___", "_._", "root", "hotro", "admln",
        "administrators", "admins", "1admin", "007admin42", "mods", "m0ds", "moderators", "bep_thong_minh",
        "bepthongminh.vn_1", "b3p.thong.minh", "api", "apis", "api2", "a.p.i", "www", "www1", "w_w_w", "localhost",
        "theadmin", "adminteam", "support_vn", "superadmin", "aclmin", "securities", "customer.service", "cskh",
        "kiem_duyet_vien", "quan.tri", "nhanvien1", "founder", "owners", "no_reply", "login", "everyone",
    ],
)  # fmt: skip
def test_names_that_pass_for_the_service_are_reserved(name: str) -> None:
    assert is_reserved_username(name)


@pytest.mark.parametrize(
    "name",
    [
        "linh", "badminton", "modern_chef", "bep.nha", "an99", "comtam", "mr.com_ga", "3636", "supportive", "helper",
        "me_linh", "mai.lan", "bep_nha_minh", "thongminh", "smart_mom", "home.cook", "test_kitchen", "apical",
        "modesty", "mood", "chef_an", "thean", "vn_food", "1linh", "user_an", "statusquo",
    ],
)  # fmt: skip
def test_names_that_only_contain_such_words_are_free(name: str) -> None:
    assert not is_reserved_username(name)


def test_a_reserved_name_cannot_be_registered(api: Any, applicant: Applicant) -> None:
    applicant.username = "sup.port"

    answer = api.post("/v1/auth/register", json=applicant.as_json())

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "reserved")
