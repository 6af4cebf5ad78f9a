"""A suspended account can read but not write, at once and everywhere, until the suspension ends by itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.core import clock
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.users import services
from apps.users.errors import UserNotFound
from apps.users.models import Suspension
from tests.support import recipes
from tests.support.friends import befriend
from tests.support.interface import PUBLIC, operations
from tests.support.tasks import run_all

OPEN = {
    "v1/auth/logout", "v1/auth/change-password", "v1/auth/mfa", "v1/auth/mfa/verify", "v1/ingredients/validate",
    # Rights that remain: exporting their data, appeals, consent.
    "v1/users/me/export", "v1/appeals", "v1/users/me/consent", "v1/auth/change-email", "v1/auth/change-email/confirm",
}  # fmt: skip


LEAVING = {("delete", "v1/users/me")}


def commit(add: Callable[[Transaction], Any]) -> Any:
    transaction = Transaction()
    result = add(transaction)
    if len(transaction):
        transaction.commit()
    return result


def suspend(person: Any, *, hours: float = 1, reason: str = "spam") -> datetime:
    until = clock.now() + timedelta(hours=hours)
    commit(lambda one: services.suspend(one, user_id=person.id, until=until, reason=reason))
    return until


def lift(person: Any) -> Any:
    return commit(lambda one: services.lift_suspension(one, user_id=person.id))


def write(api: Any, person: Any) -> Any:
    return api.patch("/v1/users/me", json={"bio": "x"}, token=person.token)


def test_a_suspension_refuses_writes_with_its_end_but_neither_reads_nor_remaining_rights(api: Any, ana: Any) -> None:
    until = suspend(ana)

    checked = 0
    for verb, path in operations():
        if PUBLIC.fullmatch(path):
            continue
        answer = api.request(verb.upper(), f"/{path}", json=None if verb == "get" else {}, token=ana.token)
        refused = answer.status_code == 403 and answer.json()["code"] == "account_suspended"
        assert refused == (verb != "get" and path not in OPEN and (verb, path) not in LEAVING), (verb, path)
        if refused:
            assert answer.json()["suspended_until"] == clock.iso(until)
            checked += 1

    assert checked > 20


def test_a_suspension_holds_at_once_on_another_server_and_until_it_is_lifted(
    api: Any, ana: Any, ben: Any, server: Any
) -> None:
    assert [write(one, ana).status_code for one in (api, server.api)] == [200, 200]

    suspend(ana)
    assert [write(one, ana).status_code for one in (api, server.api)] == [403, 403]
    assert write(server.api, ben).status_code == 200

    ended = lift(ana)
    assert (ended.reason, services.find_suspension(ana.id)) == ("spam", None)
    assert [write(one, ana).status_code for one in (api, server.api)] == [200, 200]
    assert lift(ana) is None


def test_suspended_people_can_export_their_data_and_delete_their_account(api: Any, ana: Any) -> None:
    suspend(ana, hours=720)

    export = api.post("/v1/users/me/export", token=ana.token)
    looked_at = api.get(export.headers["Location"], token=ana.token)
    left = api.delete("/v1/users/me", json={"password": ana.password}, token=ana.token)

    assert (export.status_code, looked_at.status_code, left.status_code) == (202, 200, 202)
    assert api.get(export.headers["Location"], token=ana.token).status_code == 401
    assert api.post("/v1/auth/refresh", json={"refresh_token": ana.refresh_token}).status_code == 401


def test_suspended_people_can_sign_out(api: Any, ana: Any) -> None:
    suspend(ana)

    assert api.post("/v1/auth/logout", json={"refresh_token": ana.refresh_token}, token=ana.token).status_code == 204
    assert api.post("/v1/auth/refresh", json={"refresh_token": ana.refresh_token}).status_code == 401


def test_a_suspension_ends_by_itself(api: Any, ana: Any) -> None:
    suspend(ana, hours=-0.001)

    assert services.find_suspension(ana.id) is None
    assert write(api, ana).status_code == 200


def test_a_second_suspension_replaces_the_first_and_returns_it(ana: Any) -> None:
    first = suspend(ana, hours=1, reason="spam")
    until = clock.now() + timedelta(hours=24)

    before = commit(lambda one: services.suspend(one, user_id=ana.id, until=until, reason="again"))

    assert (before.until, before.reason) == (first, "spam")
    now = services.find_suspension(ana.id)
    assert now is not None
    assert (now.until, now.reason) == (until, "again")


@pytest.mark.usefixtures("needs_aws")
def test_suspending_an_unknown_person_fails() -> None:
    with pytest.raises(UserNotFound):
        commit(
            lambda one: services.suspend(
                one, user_id="00000000-0000-4000-8000-000000000000", until=clock.now(), reason="x"
            )
        )


def test_suspended_people_are_in_the_moderators_queue_until_the_suspension_is_lifted(ana: Any) -> None:
    def queued() -> list[str]:
        return [
            row.user_id
            for row in Item.queues.query("SUSPENDED", Item.gsi4sk > clock.sortable(clock.now()))
            if isinstance(row, Suspension)
        ]

    suspend(ana)
    assert ana.id in queued()
    lift(ana)
    assert ana.id not in queued()


def test_suspended_people_stay_visible_to_others(api: Any, ana: Any, ben: Any) -> None:
    befriend(api, ana, ben)
    suspend(ana)

    assert api.get(f"/v1/users/{ana.id}", token=ben.token).status_code == 200
    assert api.get("/v1/friends", token=ben.token).json()["items"][0]["user"]["id"] == ana.id


@pytest.mark.usefixtures("seeded")
def test_ratings_by_suspended_people_do_not_approve(api: Any, ana: Any, person: Any, messages: list[Any]) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    raters = [person() for _ in range(4)]

    def rate(rater: Any) -> Any:
        from apps.recipes import repositories  # noqa: PLC0415

        commit(lambda one: repositories.grant_access(one, recipe_id, rater.id))
        return api.put(f"/v1/recipes/{recipe_id}/rating", json={"stars": 5}, token=rater.token).json()["approval"]

    rate(raters[0])
    suspend(raters[0])
    run_all(messages)

    assert [rate(rater) for rater in raters[1:]] == ["pending", "pending", "approved"]


@pytest.mark.usefixtures("seeded")
def test_unknown_names_from_suspended_people_are_not_counted(api: Any, ana: Any) -> None:
    from apps.ingredients import repositories  # noqa: PLC0415

    suspend(ana)
    reported: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repositories, "report_unknown", lambda *args, **_: reported.append(args))
        answer = api.post("/v1/ingredients/validate", json={"ingredients": ["zzqx wqzz"]}, token=ana.token)

    assert (answer.status_code, answer.json()["results"][0]["status"]) == (200, "unknown")
    assert reported == []
