"""Erasing an account: after seven days or at once, canceled by signing in, resumed wherever it was interrupted."""

import base64
import sys
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.core import audit, clock
from apps.recipes import services as recipe_services
from apps.rights import erasing
from apps.users import cognito_admin, email_changes, erasures, name_claims
from apps.users.repositories import stored_accounts
from apps.users.throttling import hash_address
from tests.support import people
from tests.support.accounts import fresh_name, log_in
from tests.support.erasure import SIGNED_OUT, a_life, leave, rows_of_partition, traces_of
from tests.support.tasks import deliver_message, run_all

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded")]


class Killed(Exception):
    """Stands for a process that ends between two steps."""


def test_it_needs_the_password_and_ends_every_login(api: Any, ana: Any) -> None:
    wrong = api.delete("/v1/users/me", json={"password": "Sai-roi-123!"}, token=ana.token)
    asked = leave(api, ana)

    assert wrong.status_code == 400
    assert asked.status_code == 202
    again = api.post("/v1/auth/refresh", json={"refresh_token": ana.refresh_token})
    assert again.status_code in {400, 401}
    assert write(api, ana) == 401
    assert api.get("/v1/users/me", token=ana.token).status_code == 401


def write(api: Any, person: Any) -> int:
    answer = api.post("/v1/posts", json={"content": "Còn đây", "visibility": "public"}, token=person.token)
    return int(answer.status_code)


def test_an_access_token_adds_nothing_to_an_account_that_is_erased(
    api: Any, ana: Any, ben: Any, messages: list[Any]
) -> None:
    leave(api, ana, at_once=True)
    erasures.order(ben.id)

    for person in (ana, ben):
        assert erasing.erase(person.id)
        assert write(api, person) == 401
    run_all(messages)
    assert [traces_of(person.id) for person in (ana, ben)] == [[], []]


def test_signing_in_within_seven_days_calls_it_off(api: Any, ana: Any) -> None:
    leave(api, ana)
    assert stored_accounts.find_erasure(ana.id) is not None

    api.post("/v1/auth/login", json={"username": ana.username, "password": people.PASSWORD})

    assert stored_accounts.find_erasure(ana.id) is None
    assert not erasing.erase(ana.id)


def test_at_once_a_worker_erases_the_account_however_often_it_is_told(api: Any, ana: Any, messages: list[Any]) -> None:
    assert leave(api, ana, at_once=True).status_code == 202
    assert [(one.task, one.args) for one in messages] == [("rights.erase", [ana.id])]

    deliver_message(messages.pop(), times=2, at_once=2)

    assert rows_of_partition(ana.id) == [SIGNED_OUT]
    assert api.post("/v1/auth/login", json={"username": ana.username, "password": people.PASSWORD}).status_code == 401
    assert [one.act for one in audit.history("user", ana.id, limit=5).items] == ["erase"]


def test_what_no_worker_erases_at_once_the_command_does(api: Any, ana: Any, messages: list[Any]) -> None:
    leave(api, ana, at_once=True)
    messages.clear()

    call_command("erase_due", stdout=StringIO())

    assert rows_of_partition(ana.id) == [SIGNED_OUT]


def test_a_worker_that_is_killed_leaves_the_rest_to_the_next_delivery(
    api: Any, ana: Any, messages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(api, ana, at_once=True)

    def die(row: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(erasing, "STEPS", (erasing.STEPS[0], die))
        with pytest.raises(Killed):
            deliver_message(messages[0])
    run_all(messages)

    assert rows_of_partition(ana.id) == [SIGNED_OUT]


def test_a_message_erases_nobody_before_the_seven_days_are_over(api: Any, ana: Any, messages: list[Any]) -> None:
    leave(api, ana)

    assert messages == []
    assert not erasing.erase(ana.id)
    assert cognito_admin.find_status(ana.username) is not None


def test_it_is_due_after_seven_days(api: Any, ana: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    leave(api, ana)
    assert not erasing.erase(ana.id)

    later = clock.now() + erasures.GRACE + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert erasing.erase(ana.id)


def test_nothing_is_left_of_a_person_but_anonymous_ratings_and_public_recipes(
    api: Any, ana: Any, ben: Any, cyd: Any, messages: list[Any]
) -> None:
    life = a_life(api, ana, ben, cyd)
    run_all(messages)
    assert leave(api, ana, at_once=True).status_code == 202

    assert erasing.erase_due() >= 1
    run_all(messages)

    packed = base64.b16encode(bytes.fromhex(ana.id.replace("-", ""))).decode().lower()
    kept = traces_of(ana.id, ana.username, ana.email, packed)
    assert kept == [], f"{kept} {ana.id} {ben.id} {cyd.id}"
    public = api.get(f"/v1/recipes/{life['public']}", token=cyd.token).json()
    assert public["owner"] is None
    assert api.get(f"/v1/recipes/{life['rated']}", token=ben.token).json()["rating"] == {"average": 4.0, "count": 1}
    ratings = api.get(f"/v1/recipes/{life['rated']}/ratings", token=ben.token).json()["items"]
    assert "Ngon" not in str(ratings)
    assert api.get(f"/v1/posts/{life['post']}", token=ben.token).status_code == 404
    assert api.get(f"/v1/posts/{life['theirs']}", token=ben.token).json()["reaction_count"] == 0
    assert audit.last("user", ana.id).act == "erase"  # type: ignore[union-attr]


def test_nothing_is_left_of_names_and_addresses_that_somebody_had(api: Any, ana: Any, messages: list[Any]) -> None:
    assert log_in(api, ana.username).status_code == 200
    name, email = fresh_name(), f"{fresh_name()}@example.org"
    body = {"email": email, "password": ana.password}
    assert api.post("/v1/auth/change-email", json=body, token=ana.token).status_code == 202
    code = email_changes.code_of(stored_accounts.find_email_change(ana.id))  # type: ignore[arg-type]
    assert api.post("/v1/auth/change-email/confirm", json={"code": code}, token=ana.token).status_code == 204
    body = {"username": name, "password": ana.password}
    assert api.post("/v1/auth/change-username", json=body, token=ana.token).status_code == 204
    run_all(messages)
    assert leave(api, ana, at_once=True).status_code == 202

    assert erasing.erase(ana.id)
    run_all(messages)

    assert traces_of(ana.id, ana.username, ana.email, name, email) == []
    assert cognito_admin.find_status(ana.username) is None
    assert stored_accounts.find_email_claim(hash_address(email)) is None
    assert [name_claims.is_taken(one) for one in (ana.username, name)] == [True, True]


def test_the_name_is_given_to_nobody_else(api: Any, ana: Any, messages: list[Any]) -> None:
    leave(api, ana, at_once=True)
    erasing.erase(ana.id)
    body = {
        "username": ana.username, "email": f"new-{ana.email}", "password": people.PASSWORD, "full_name": "Người khác"
    }  # fmt: skip

    assert api.post("/v1/auth/register", json=body).json()["code"] == "username_taken"


@pytest.mark.parametrize("killed_after", range(len(erasing.STEPS)))
def test_whoever_is_killed_is_followed_by_another(
    api: Any, ana: Any, ben: Any, cyd: Any, messages: list[Any], monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    life = a_life(api, ana, ben, cyd)
    leave(api, ana, at_once=True)
    step = erasing.STEPS[killed_after]

    def die(row: Any) -> None:
        step(row)
        raise Killed

    steps = (*erasing.STEPS[:killed_after], die, *erasing.STEPS[killed_after + 1 :])
    with monkeypatch.context() as patched:
        patched.setattr(erasing, "STEPS", steps)
        with pytest.raises(Killed):
            erasing.erase(ana.id)

    assert erasing.erase(ana.id)
    run_all(messages)
    assert recipe_services.get_stored_recipe(life["public"]).row.owner_id is None
    assert rows_of_partition(ana.id) == [SIGNED_OUT]


def test_nothing_is_erased_where_nobody_can_confirm(
    person: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody = person()
    monkeypatch.setattr(sys, "stdin", StringIO())

    with pytest.raises(CommandError, match="--yes"):
        call_command("erase_user", somebody.username, stdout=StringIO())

    assert len(rows_of_partition(somebody.id)) > 1


def test_an_operator_erases_an_account(api: Any, person: Callable[..., Any]) -> None:
    somebody = person()

    call_command("erase_user", somebody.username, "--yes", stdout=StringIO())

    assert rows_of_partition(somebody.id) == [SIGNED_OUT]
    refused = api.post("/v1/auth/login", json={"username": somebody.username, "password": people.PASSWORD})
    assert refused.status_code == 401
