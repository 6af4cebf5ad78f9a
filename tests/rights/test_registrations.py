"""Unconfirmed registrations are erased within a day: names, Cognito account, and all rows."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from apps.core import clock
from apps.rights import erasing
from apps.users import cognito_admin, name_claims, registrations
from apps.users.repositories import stored_people, stored_registrations
from tests.support.accounts import PASSWORD, SIGN_UP_CODE, Applicant, fresh_name, log_in
from tests.support.erasure import traces_of


class Killed(Exception):
    """Stands for a process that ends between two steps."""


@pytest.fixture
def applicant(api: Any) -> Applicant:
    name = fresh_name()
    made = Applicant(name, f"{name}@example.com")
    assert api.post("/v1/auth/register", json=made.as_json()).status_code == 201
    return made


@pytest.fixture
def a_day_later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def move(hours: float = 24) -> None:
        moment = clock.now() + timedelta(hours=hours)
        monkeypatch.setattr(clock, "now", lambda: moment)

    return move


def confirm(api: Any, applicant: Applicant) -> Any:
    return api.post("/v1/auth/confirm", json={"username": applicant.username, "code": SIGN_UP_CODE})


def id_of(applicant: Applicant) -> str:
    user_id = name_claims.find_claimant(applicant.username)
    assert user_id is not None
    return user_id


def expire() -> None:
    call_command("expire_registrations", stdout=StringIO())


def test_an_account_that_nobody_confirmed_leaves_nothing(
    api: Any, applicant: Applicant, ana: Any, a_day_later: Any
) -> None:
    user_id = id_of(applicant)
    assert api.post("/v1/friends/requests", json={"user_id": user_id}, token=ana.token).status_code == 201

    a_day_later()
    expire()

    assert cognito_admin.find_status(applicant.username) is None
    assert stored_people.find_profile(user_id) is None
    assert traces_of(user_id, applicant.username, applicant.email) == []


def test_its_names_can_be_registered_again(api: Any, applicant: Applicant, a_day_later: Any) -> None:
    first = id_of(applicant)
    a_day_later()
    assert api.post("/v1/auth/register", json=applicant.as_json()).status_code == 409

    expire()

    assert api.post("/v1/auth/register", json=applicant.as_json()).status_code == 201
    assert id_of(applicant) != first
    assert confirm(api, applicant).status_code == 204
    assert log_in(api, applicant.email, PASSWORD).status_code == 200


def test_nothing_expires_before(api: Any, applicant: Applicant, a_day_later: Any) -> None:
    a_day_later(hours=21)

    expire()

    assert confirm(api, applicant).status_code == 204


def test_who_confirmed_stays(api: Any, applicant: Applicant, a_day_later: Any) -> None:
    assert confirm(api, applicant).status_code == 204

    a_day_later()
    expire()

    assert log_in(api, applicant.username).status_code == 200


def test_who_confirmed_stays_also_where_the_process_died_before_it_was_noted(
    api: Any, applicant: Applicant, a_day_later: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(account: str) -> None:
        raise SystemExit

    with monkeypatch.context() as killed:
        killed.setattr(registrations, "end", die)
        with pytest.raises(SystemExit):
            confirm(api, applicant)

    a_day_later()
    expire()

    assert log_in(api, applicant.username).status_code == 200
    assert stored_registrations.find_registration(applicant.username) is None


def test_what_has_expired_is_confirmed_no_more(api: Any, applicant: Applicant, a_day_later: Any) -> None:
    a_day_later()

    assert confirm(api, applicant).json()["code"] == "invalid_code"


def test_an_account_whose_rows_were_never_written_is_found(
    api: Any, a_day_later: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: Any, **__: Any) -> None:
        raise SystemExit

    name = fresh_name()
    orphan = Applicant(name, f"{name}@example.com")
    with monkeypatch.context() as killed:
        killed.setattr(name_claims, "create_profile", die)
        with pytest.raises(SystemExit):
            api.post("/v1/auth/register", json=orphan.as_json())
    assert cognito_admin.find_status(name) is not None

    a_day_later()
    expire()

    assert cognito_admin.find_status(name) is None
    assert traces_of(name) == []


@pytest.mark.parametrize("step", range(len(erasing.STEPS)))
def test_it_is_killed_at_any_step_and_done_by_the_next_run(
    applicant: Applicant, a_day_later: Any, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    def die(row: Any) -> None:
        raise Killed

    user_id = id_of(applicant)
    a_day_later()
    with monkeypatch.context() as killed:
        killed.setattr(erasing, "STEPS", (*erasing.STEPS[:step], die, *erasing.STEPS[step + 1 :]))
        with pytest.raises(Killed):
            expire()

    a_day_later(hours=1)
    for command in ("expire_registrations", "erase_due"):
        call_command(command, stdout=StringIO())

    assert cognito_admin.find_status(applicant.username) is None
    assert traces_of(user_id, applicant.username, applicant.email) == []


def test_twice_is_once(applicant: Applicant, a_day_later: Any) -> None:
    a_day_later()
    expire()

    assert erasing.expire_registrations() == 0
