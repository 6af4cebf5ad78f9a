"""The number of codes per mailbox and period is limited, whoever requests them, and how."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from apps.users import cognito
from apps.users.mailboxes import mailbox_of
from tests.support.accounts import SIGN_UP_CODE, Applicant, fresh_name

MOST = 4
MAILING = {"sign_up", "resend_confirmation_code", "forgot_password"}


@pytest.fixture
def mailed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Calls of Cognito that send a code."""
    asked: list[str] = []
    call = cognito.call

    def listen(operation: str, *args: Any, **parameters: Any) -> dict[str, Any]:
        answer = call(operation, *args, **parameters)
        asked.extend({operation} & MAILING)
        return answer

    monkeypatch.setattr(cognito, "call", listen)
    return asked


def register(api: Any, email: str) -> Any:
    return api.post("/v1/auth/register", json=Applicant(fresh_name(), email).as_json())


def send(api: Any, path: str, name: str) -> Any:
    return api.post(f"/v1/auth/{path}", json={"username": name})


def change(api: Any, person: Any, email: str) -> Any:
    body = {"email": email, "password": person.password}
    return api.post("/v1/auth/change-email", json=body, token=person.token)


def test_all_requests_for_codes_share_the_limit_of_a_mailbox(
    api: Any, ana: Any, settings: Any, applicant: Applicant, mailed: list[str], messages: list[Any]
) -> None:
    settings.THROTTLE_PER_USER = MOST
    email = applicant.email
    assert api.post("/v1/auth/register", json=applicant.as_json()).status_code == 201
    assert send(api, "resend-code", applicant.username).status_code == 202
    api.post("/v1/auth/confirm", json={"username": applicant.username, "code": SIGN_UP_CODE})
    assert send(api, "forgot-password", applicant.username).status_code == 202
    assert send(api, "forgot-password", email.upper()).status_code == 202
    within = ["sign_up", "resend_confirmation_code", "forgot_password", "forgot_password"]
    assert mailed == within

    local, _, domain = email.partition("@")
    answers = {
        "again": send(api, "forgot-password", applicant.username),
        "by address": send(api, "forgot-password", email),
        "registered": register(api, f"{local}+second@{domain.upper()}"),
        "changed": change(api, ana, f"{local}+third@{domain}"),
    }

    assert {way: answer.status_code for way, answer in answers.items()} == {
        "again": 202, "by address": 202, "registered": 429, "changed": 429,
    }  # fmt: skip
    assert mailed == within
    assert messages == []


@pytest.mark.parametrize("way", ["resend-code", "forgot-password"])
def test_accounts_of_one_mailbox_share_its_limit(api: Any, settings: Any, mailed: list[str], way: str) -> None:
    settings.THROTTLE_PER_USER = MOST
    name = fresh_name()
    people = [Applicant(fresh_name(), f"{name}+{number}@example.com") for number in range(2)]
    for one in people:
        assert api.post("/v1/auth/register", json=one.as_json()).status_code == 201
        if way == "forgot-password":
            api.post("/v1/auth/confirm", json={"username": one.username, "code": SIGN_UP_CODE})

    for one in people * MOST:
        assert send(api, way, one.username).status_code == 202

    assert len(mailed) == MOST


def test_other_mailboxes_get_their_codes(api: Any, settings: Any, mailed: list[str]) -> None:
    settings.THROTTLE_PER_USER = 1
    first, second = (Applicant(fresh_name(), f"{fresh_name()}@example.com") for _ in range(2))

    answers = [api.post("/v1/auth/register", json=one.as_json()).status_code for one in (first, second, first)]

    assert answers[:2] == [201, 201]
    assert mailed == ["sign_up"] * 2


SPELLINGS: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "tag": lambda email: email.replace("@", "+shop@"),
    "fullwidth": lambda email: email.replace("example", "ｅｘａｍｐｌｅ"),
    "final dot": lambda email: f"{email}.",
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
def test_a_mailbox_is_the_same_however_its_address_is_spelled(spell: Callable[[str], str]) -> None:
    assert mailbox_of(spell("lan.anh@example.com")) == mailbox_of("lan.anh@example.com") == "lan.anh@example.com"


def test_dots_distinguish_mailboxes_except_at_google() -> None:
    assert mailbox_of("lan.anh@example.com") != mailbox_of("lananh@example.com")
    assert mailbox_of("l.an.anh+a@googlemail.com") == mailbox_of("lananh@gmail.com")
    assert mailbox_of("+@example.com") == "+@example.com"


def test_addresses_of_the_simulator_are_mailboxes_of_their_own() -> None:
    assert mailbox_of("success+lan@Simulator.amazonses.com") != mailbox_of("success+anh@simulator.amazonses.com")


def test_concurrent_requests_for_codes_are_counted_exactly(api: Any, settings: Any, mailed: list[str]) -> None:
    settings.THROTTLE_PER_USER = MOST
    name = fresh_name()
    people = [Applicant(fresh_name(), f"{name}+{number}@example.com") for number in range(3 * MOST)]

    with ThreadPoolExecutor(len(people)) as threads:
        answers = list(threads.map(lambda one: api.post("/v1/auth/register", json=one.as_json()).status_code, people))

    assert sorted(answers) == [201] * MOST + [429] * 2 * MOST
    assert mailed == ["sign_up"] * MOST
