"""Changing the username: needs the password, once in 30 days, shown everywhere, old name reserved."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from apps.core import authentication, clock, keys
from apps.core.models import Item
from apps.recipes import owner_names
from apps.users import name_claims
from tests.support import recipes, society
from tests.support.accounts import PASSWORD, SIGN_UP_CODE, Applicant, fresh_name, log_in, turn_mfa_on
from tests.support.notifications import mails_to
from tests.support.tasks import run_all


def change(api: Any, person: Any, username: str, **more: Any) -> Any:
    body = {"username": username, "password": person.password, **more}
    return api.post("/v1/auth/change-username", json=body, token=person.token)


def later(monkeypatch: pytest.MonkeyPatch, **past: float) -> None:
    moment = clock.now() + timedelta(**past)
    monkeypatch.setattr(clock, "now", lambda: moment)


def join(api: Any, username: str) -> Any:
    applicant = Applicant(username, f"{fresh_name()}@example.com")
    answer = api.post("/v1/auth/register", json=applicant.as_json())
    if answer.status_code == 201:
        assert api.post("/v1/auth/confirm", json={"username": username, "code": SIGN_UP_CODE}).status_code == 204
    return answer


def test_the_new_name_and_the_email_address_sign_in_but_the_old_name_does_not(api: Any, ana: Any) -> None:
    name = fresh_name()

    assert change(api, ana, name).status_code == 204

    assert api.get("/v1/users/me", token=ana.token).json()["username"] == name
    found = log_in(api, name)
    assert found.status_code == 200
    assert log_in(api, ana.email).status_code == 200
    assert authentication.verify(found.json()["access_token"]).id == ana.id
    old = log_in(api, ana.username)
    assert (old.status_code, old.json()["code"]) == (401, "invalid_credentials")


def test_a_rename_ends_all_other_sessions_and_notifies_the_owner(api: Any, ana: Any, messages: list[Any]) -> None:
    other = log_in(api, ana.username).json()
    api.patch("/v1/users/me/notification-settings", json={"language": "vi"}, token=ana.token)

    assert change(api, ana, fresh_name()).status_code == 204
    run_all(messages)

    assert api.get("/v1/users/me", token=other["access_token"]).status_code == 401
    assert api.post("/v1/auth/refresh", json={"refresh_token": other["refresh_token"]}).status_code == 401
    assert api.patch("/v1/users/me", json={"bio": "x"}, token=ana.token).status_code == 200
    assert [one["Subject"] for one in mails_to(ana)] == ["Tên người dùng của bạn đã được đổi"]


@pytest.mark.usefixtures("seeded")
def test_all_earlier_content_shows_the_new_name(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    recipe, theirs = recipes.create(api, ana)["id"], recipes.create(api, ben)["id"]
    for one in (recipe, theirs):
        recipes.publish(one)
    assert api.put(f"/v1/recipes/{theirs}/rating", json={"stars": 4}, token=ana.token).status_code in {200, 201}
    post = society.post(api, ana)["id"]
    comment = society.comment(api, ana, post)["id"]
    name = fresh_name()

    assert change(api, ana, name).status_code == 204
    run_all(messages)
    later_post = society.post(api, ana)["id"]

    def read(path: str) -> Any:
        return api.get(path, token=ben.token).json()

    rated = read(f"/v1/recipes/{theirs}/ratings")["items"][0]["user"]["username"]
    shown = [read(f"/v1/posts/{post}"), read(f"/v1/posts/{later_post}"), read(f"/v1/posts/{post}/comments/{comment}")]
    assert {one["author"]["username"] for one in shown} == {name}
    assert (read(f"/v1/recipes/{recipe}")["owner"]["username"], rated) == (name, name)
    assert read(f"/v1/users/{ana.id}")["username"] == name


@pytest.mark.usefixtures("seeded")
def test_many_recipes_get_the_new_name_in_several_runs(
    api: Any, ana: Any, ben: Any, messages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner_names, "BATCH", 2)
    own = [recipes.create(api, ana)["id"] for _ in range(3)]
    theirs = recipes.create(api, ben)["id"]
    recipes.publish(theirs)
    api.put(f"/v1/recipes/{theirs}/rating", json={"stars": 4}, token=ana.token)
    name = fresh_name()

    change(api, ana, name)
    run_all(messages)

    assert {api.get(f"/v1/recipes/{one}", token=ana.token).json()["owner"]["username"] for one in own} == {name}
    assert api.get(f"/v1/recipes/{theirs}/ratings", token=ben.token).json()["items"][0]["user"]["username"] == name


def test_a_search_finds_only_the_new_name(api: Any, ana: Any, ben: Any) -> None:
    name = fresh_name()
    change(api, ana, name)

    def found(query: str) -> list[str]:
        return [one["id"] for one in api.get(f"/v1/users?q={query}", token=ben.token).json()["items"]]

    assert (found(f"%40{name}"), found(f"%40{ana.username}")) == ([ana.id], [])


@pytest.mark.parametrize(
    ("more", "code"), [({"password": "Falsch-123!"}, "wrong_password"), ({"username": "adm1n"}, "validation_failed")]
)
def test_a_rename_requires_the_password_and_a_free_name(api: Any, ana: Any, more: dict[str, str], code: str) -> None:
    answer = change(api, ana, **{"username": fresh_name(), **more})

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert api.get("/v1/users/me", token=ana.token).json()["username"] == ana.username


def test_a_rename_requires_a_code_if_signing_in_does(api: Any, ana: Any) -> None:
    totp = turn_mfa_on(api, ana.token, ana.password)
    name = fresh_name()

    assert change(api, ana, name).json()["code"] == "code_required"
    wrong = f"{(int(totp.now()) + 500_000) % 1_000_000:06d}"
    assert change(api, ana, name, code=wrong).json()["code"] == "invalid_code"
    assert change(api, ana, name, code=totp.now()).status_code == 204


def test_repeating_a_rename_succeeds_and_another_one_waits_for_thirty_days(
    api: Any, ana: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = fresh_name()
    assert [change(api, ana, name).status_code for _ in range(2)] == [204, 204]

    refused = change(api, ana, fresh_name())
    assert (refused.status_code, refused.json()["code"]) == (409, "username_changed_recently")
    assert clock.parse(refused.json()["possible_from"]) > clock.now() + timedelta(days=29)

    later(monkeypatch, days=30, minutes=1)
    assert change(api, ana, ana.username).status_code == 204


def test_names_in_use_or_given_up_less_than_ninety_days_ago_are_taken(
    api: Any, ana: Any, ben: Any, cyd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(api, ana, fresh_name())

    for name in (ben.username, ana.username):
        answer = change(api, cyd, name)
        assert (answer.status_code, answer.json()["code"]) == (409, "username_taken")
        assert join(api, name).status_code == 409

    later(monkeypatch, days=90, minutes=1)
    assert change(api, cyd, ana.username).status_code == 204


def test_registering_under_a_freed_name_creates_a_separate_account(
    api: Any, ana: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_name = fresh_name()
    change(api, ana, new_name)
    with monkeypatch.context() as after:
        later(after, days=90, minutes=1)
        joined = join(api, ana.username)
    assert joined.status_code == 201

    theirs, hers = log_in(api, ana.username), log_in(api, new_name)

    ids = [authentication.verify(one.json()["access_token"]).id for one in (theirs, hers)]
    assert ids == [joined.json()["id"], ana.id]
    token = theirs.json()["access_token"]
    assert api.get("/v1/users/me", token=token).json()["username"] == ana.username
    assert api.post("/v1/posts", json={"content": "x"}, token=token).json()["author"]["username"] == ana.username


def test_a_freed_name_signs_nobody_in(api: Any, ana: Any) -> None:
    change(api, ana, fresh_name())
    place = keys.username(ana.username)
    Item(pk=place.pk, sk=place.sk).delete(add_version_condition=False)

    answer = log_in(api, ana.username)

    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


def test_only_one_of_several_concurrent_renames_gets_the_name(api: Any, person: Any) -> None:
    people, name = [person() for _ in range(5)], fresh_name()

    with ThreadPoolExecutor(5) as pool:
        statuses = sorted(pool.map(lambda one: change(api, one, name).status_code, people))

    assert statuses == [204, 409, 409, 409, 409]
    holder = name_claims.find_claimant(name)
    shown = {one.id: api.get("/v1/users/me", token=one.token).json()["username"] for one in people}
    assert [id_ for id_, username in shown.items() if username == name] == [holder]


def test_two_concurrent_renames_of_one_person_leave_one_name(api: Any, ana: Any) -> None:
    names = [fresh_name() for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(lambda name: change(api, ana, name).status_code, names))

    assert statuses.count(204) == 1
    now = api.get("/v1/users/me", token=ana.token).json()["username"]
    assert [name for name in names if name_claims.find_claimant(name)] == [now]
    assert ana.password == PASSWORD
