"""An account that waits for its confirmation: found by both of its names, and known to its owner alone."""

from typing import Any

import pytest

from apps.core import keys
from apps.core.models import Item
from apps.users import cognito, throttling
from tests.support.accounts import (
    PASSWORD,
    SIGN_UP_CODE,
    Applicant,
    FromOneAddress,
    fresh_address,
    fresh_name,
    log_in,
    without_request_id,
)

OTHER = "Anders-456!"


@pytest.fixture
def resent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The accounts to which Cognito was asked to send a code again, and did."""
    accounts: list[str] = []
    call = cognito.call

    def listen(operation: str, *args: Any, **parameters: Any) -> dict[str, Any]:
        answer = call(operation, *args, **parameters)
        if operation == "resend_confirmation_code":
            accounts.append(parameters["Username"])
        return answer

    monkeypatch.setattr(cognito, "call", listen)
    return accounts


def register(api: Any, email: str, password: str = PASSWORD) -> Applicant:
    applicant = Applicant(fresh_name(), email, password)
    assert api.post("/v1/auth/register", json=applicant.as_json()).status_code == 201
    return applicant


def confirm(api: Any, name: str) -> Any:
    return api.post("/v1/auth/confirm", json={"username": name, "code": SIGN_UP_CODE})


def waiting_at(email: str) -> list[Item]:
    place = keys.registration_by_email(throttling.hash_address(email), "-")
    return list(Item.query(place.pk, Item.sk.startswith(keys.prefix("REGISTRATION")), consistent_read=True))


def test_an_unconfirmed_account_is_confirmed_by_its_email_address(api: Any, registered: Applicant) -> None:
    assert confirm(api, registered.email.upper()).status_code == 204

    assert log_in(api, registered.email).status_code == 200
    assert log_in(api, registered.username).status_code == 200


@pytest.mark.parametrize("name", ["username", "email"])
def test_the_right_password_of_an_unconfirmed_account_gets_not_confirmed(
    api: Any, registered: Applicant, name: str
) -> None:
    answer = log_in(api, getattr(registered, name))

    assert (answer.status_code, answer.json()["code"]) == (403, "not_confirmed")
    assert answer.json()["username"] == registered.username


def test_a_wrong_password_of_an_unconfirmed_account_gets_invalid_credentials(api: Any, registered: Applicant) -> None:
    names = (registered.username, registered.email, fresh_name(), f"{fresh_name()}@example.com")

    answers = [log_in(api, name, OTHER) for name in names]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(401, "invalid_credentials")] * 4
    assert all(without_request_id(answer) == without_request_id(answers[0]) for answer in answers)


def test_the_code_is_sent_again_by_the_email_address(api: Any, registered: Applicant, resent: list[str]) -> None:
    answer = api.post("/v1/auth/resend-code", json={"username": registered.email.upper()})

    assert (answer.status_code, resent) == (202, [registered.username])


def test_codes_sent_again_by_the_email_address_share_the_mailboxs_limit(
    api: Any, registered: Applicant, resent: list[str], settings: Any
) -> None:
    settings.THROTTLE_PER_USER = 3

    for name in (registered.email, registered.username) * 2:
        assert api.post("/v1/auth/resend-code", json={"username": name}).status_code == 202

    assert len(resent) == 2


def test_a_wrong_code_for_an_address_is_refused_like_for_an_unknown_address(api: Any, registered: Applicant) -> None:
    answers = [
        api.post("/v1/auth/confirm", json={"username": name, "code": "000000"})
        for name in (registered.email, f"{fresh_name()}@example.com")
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert without_request_id(answers[0]) == without_request_id(answers[1])
    assert log_in(api, registered.email).status_code == 403


def test_the_password_chooses_among_several_accounts_at_one_address(api: Any, registered: Applicant) -> None:
    second = register(api, registered.email, OTHER)

    told = [log_in(api, registered.email, password).json() for password in (PASSWORD, OTHER)]

    assert [one["code"] for one in told] == ["not_confirmed"] * 2
    assert [one["username"] for one in told] == [registered.username, second.username]


def test_an_address_with_several_accounts_confirms_none_of_them(api: Any, registered: Applicant) -> None:
    """A stranger may have opened one of them: its code would give them the address."""
    second = register(api, registered.email, OTHER)

    refused = confirm(api, registered.email)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_code")
    assert confirm(api, second.username).status_code == 204

    assert log_in(api, registered.email, OTHER).status_code == 200
    assert log_in(api, registered.email, PASSWORD).status_code == 401


def test_one_of_several_accounts_at_an_address_gets_the_code(
    api: Any, registered: Applicant, resent: list[str]
) -> None:
    second = register(api, registered.email, OTHER)

    api.post("/v1/auth/resend-code", json={"username": registered.email})

    assert set(resent) <= {registered.username, second.username}
    assert len(resent) == 1


def test_an_unconfirmed_account_cannot_use_a_confirmed_address(
    api: Any, confirmed: Applicant, resent: list[str]
) -> None:
    second = register(api, confirmed.email, OTHER)

    assert log_in(api, confirmed.email, PASSWORD).status_code == 200
    assert log_in(api, confirmed.email, OTHER).status_code == 401
    confirm(api, confirmed.email)
    assert log_in(api, second.username, OTHER).status_code == 403
    api.post("/v1/auth/resend-code", json={"username": confirmed.email})
    assert second.username not in resent


def test_the_password_verifier_is_deleted_at_confirmation(api: Any, registered: Applicant) -> None:
    assert len(waiting_at(registered.email)) == 1

    confirm(api, registered.username)

    assert waiting_at(registered.email) == []


@pytest.mark.parametrize("path", ["confirm", "reset-password"])
def test_wrong_codes_elsewhere_do_not_block_the_address_of_the_registration(
    api: Any, registered: Applicant, path: str
) -> None:
    body = {"username": registered.username, "code": "000000"}
    if path == "reset-password":
        body["new_password"] = OTHER
    elsewhere = FromOneAddress(fresh_address())
    tried = [elsewhere.post(f"/v1/auth/{path}", json=body).status_code for _ in range(11)]
    assert tried == [400] * 10 + [429]

    assert api.post(f"/v1/auth/{path}", json=body).status_code == 400
    assert confirm(api, registered.email).status_code == 204


def test_repeating_a_registration_returns_the_first_response(api: Any, resent: list[str]) -> None:
    """As after an answer that got lost; whoever says anything else meets a name that is taken."""
    applicant = register(api, f"{fresh_name()}@example.com")
    body = applicant.as_json()

    again = api.post("/v1/auth/register", json=body)
    others = [
        api.post("/v1/auth/register", json={**body, **change})
        for change in ({"password": OTHER}, {"email": f"{fresh_name()}@example.com"})
    ]

    assert again.status_code == 201
    assert [(one.status_code, one.json()["code"]) for one in others] == [(409, "username_taken")] * 2
    assert resent == []
    assert confirm(api, applicant.username).status_code == 204
    assert log_in(api, applicant.username).json()["access_token"]
    assert api.post("/v1/auth/register", json=body).json()["code"] == "username_taken"
