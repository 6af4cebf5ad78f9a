"""Changing the e-mail address: confirmed by a code sent to the new one, with a notice to the old one."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from apps.users import cognito_admin, email_changes
from apps.users.repositories import stored_accounts
from tests.support.accounts import Applicant, fresh_name, log_in, turn_mfa_on
from tests.support.notifications import mails_to
from tests.support.tasks import run_all

pytestmark = pytest.mark.usefixtures("messages")


def fresh_email() -> str:
    return f"{fresh_name()}@example.org"


def ask(api: Any, person: Any, email: str, **more: Any) -> Any:
    body = {"email": email, "password": person.password, **more}
    return api.post("/v1/auth/change-email", json=body, token=person.token)


def confirm(api: Any, person: Any, code: str) -> Any:
    return api.post("/v1/auth/change-email/confirm", json={"code": code}, token=person.token)


def mailed_code(messages: list[Any], person: Any, email: str) -> str:
    run_all(messages)
    subject = mails_to(replace(person, email=email))[-1]["Subject"]
    return str(re.findall(r"\d{6}", subject)[0])


def test_the_address_changes_once_the_code_is_given(api: Any, ana: Any, messages: list[Any]) -> None:
    email = fresh_email()
    assert ask(api, ana, email.upper()).status_code == 202
    assert api.get("/v1/users/me", token=ana.token).json()["email"] == ana.email

    code = mailed_code(messages, ana, email)
    assert confirm(api, ana, code).status_code == 204

    assert api.get("/v1/users/me", token=ana.token).json()["email"] == email
    assert log_in(api, email).status_code == log_in(api, ana.username).status_code == 200
    assert log_in(api, ana.email).status_code == 401
    assert cognito_admin.attributes_of(ana.username)["email"] == email


def test_the_old_address_is_notified_and_all_other_sessions_end(api: Any, ana: Any, messages: list[Any]) -> None:
    other, email = log_in(api, ana.username).json(), fresh_email()
    api.patch("/v1/users/me/notification-settings", json={"language": "vi"}, token=ana.token)
    ask(api, ana, email)

    confirm(api, ana, mailed_code(messages, ana, email))
    run_all(messages)

    assert [one["Subject"] for one in mails_to(ana)] == ["Địa chỉ e-mail của tài khoản đã được đổi"]
    assert api.get("/v1/users/me", token=other["access_token"]).status_code == 401
    assert api.post("/v1/auth/refresh", json={"refresh_token": other["refresh_token"]}).status_code == 401
    assert api.patch("/v1/users/me", json={"bio": "x"}, token=ana.token).status_code == 200


def test_the_mails_are_in_the_language_of_the_account(api: Any, ana: Any, messages: list[Any]) -> None:
    settings = {"language": "en"}
    assert api.patch("/v1/users/me/notification-settings", json=settings, token=ana.token).status_code == 200
    email = fresh_email()
    ask(api, ana, email)

    code = mailed_code(messages, ana, email)

    assert mails_to(replace(ana, email=email))[-1]["Subject"] == f"{code} confirms your e-mail address"


def test_the_same_code_again_succeeds_and_another_one_never_does(api: Any, ana: Any, messages: list[Any]) -> None:
    email = fresh_email()
    ask(api, ana, email)
    code = mailed_code(messages, ana, email)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    assert confirm(api, ana, wrong).json()["code"] == "invalid_code"
    assert [confirm(api, ana, code).status_code for _ in range(2)] == [204, 204]
    assert confirm(api, ana, wrong).json()["code"] == "invalid_code"


def test_a_later_request_makes_the_earlier_code_void(api: Any, ana: Any, messages: list[Any]) -> None:
    first, second = fresh_email(), fresh_email()
    ask(api, ana, first)
    old = mailed_code(messages, ana, first)
    ask(api, ana, second)
    code = mailed_code(messages, ana, second)

    assert confirm(api, ana, old).json()["code"] == "invalid_code"
    assert confirm(api, ana, code).status_code == 204
    assert api.get("/v1/users/me", token=ana.token).json()["email"] == second


def test_nobody_confirms_for_somebody_else(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    email = fresh_email()
    ask(api, ana, email)
    code = mailed_code(messages, ana, email)

    assert confirm(api, ben, code).json()["code"] == "invalid_code"
    assert api.get("/v1/users/me", token=ben.token).json()["email"] == ben.email


def test_changing_the_address_requires_password_and_second_factor(api: Any, ana: Any) -> None:
    assert ask(api, ana, fresh_email(), password="Falsch-123!").json()["code"] == "wrong_password"
    totp = turn_mfa_on(api, ana.token, ana.password)

    assert ask(api, ana, fresh_email()).json()["code"] == "code_required"
    assert ask(api, ana, fresh_email(), code=totp.now()).status_code == 202


def test_a_taken_address_is_refused_only_after_it_is_proven(
    api: Any, ana: Any, confirmed: Applicant, messages: list[Any]
) -> None:
    assert ask(api, ana, confirmed.email).status_code == 202

    answer = confirm(api, ana, mailed_code(messages, ana, confirmed.email))

    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    assert log_in(api, confirmed.email).status_code == 200


def test_only_one_of_two_concurrent_confirmations_gets_the_address(
    api: Any, ana: Any, ben: Any, messages: list[Any]
) -> None:
    email = fresh_email()
    for one in (ana, ben):
        ask(api, one, email)
    changes = {one.id: stored_accounts.find_email_change(one.id) for one in (ana, ben)}
    codes = {id_: email_changes.code_of(change) for id_, change in changes.items() if change}

    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(pool.map(lambda one: confirm(api, one, codes[one.id]).status_code, (ana, ben)))

    assert statuses == [204, 409]
    shown = [api.get("/v1/users/me", token=one.token).json()["email"] for one in (ana, ben)]
    assert shown.count(email) == 1


def test_an_address_that_was_given_up_is_free(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    email = fresh_email()
    log_in(api, ana.username)
    ask(api, ana, email)
    assert confirm(api, ana, mailed_code(messages, ana, email)).status_code == 204

    ask(api, ben, ana.email)
    assert confirm(api, ben, mailed_code(messages, ben, ana.email)).status_code == 204


def test_codes_are_not_mailed_or_tried_without_end(api: Any, ana: Any, settings: Any) -> None:
    settings.THROTTLE_PER_USER = 3
    email = fresh_email()

    assert [ask(api, ana, email).status_code for _ in range(4)] == [202, 202, 202, 429]
    assert [confirm(api, ana, "000000").status_code for _ in range(4)] == [400, 400, 400, 429]


def test_the_worker_completes_the_change_in_cognito_after_a_crash(
    api: Any, ana: Any, messages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(account: str, email: str) -> None:
        raise SystemExit

    email = fresh_email()
    ask(api, ana, email)
    code = mailed_code(messages, ana, email)
    with monkeypatch.context() as killed:
        killed.setattr("apps.users.email_changes.cognito_admin.set_email", die)
        with pytest.raises(SystemExit):
            confirm(api, ana, code)
    assert cognito_admin.attributes_of(ana.username)["email"] == ana.email

    run_all(messages)

    assert cognito_admin.attributes_of(ana.username)["email"] == email
    assert confirm(api, ana, code).status_code == 204
