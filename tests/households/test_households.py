"""Households over HTTP: creating, inviting, joining, leaving, and what outsiders can't see."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock
from apps.core.authentication import Actor
from apps.households import invitations, repositories, services
from apps.households.errors import InvitationNotFound, NotInHousehold
from tests.support import friends, households, tasks


def home(api: Any, person: Any) -> dict[str, Any]:
    answer = api.get("/v1/household", token=person.token)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def names(household: dict[str, Any]) -> list[str]:
    return [member["user"]["username"] for member in household["members"]]


def say(api: Any, person: Any, **preferences: Any) -> None:
    assert api.put("/v1/users/me/preferences", json=preferences, token=person.token).status_code == 200


def actor(person: Any) -> Actor:
    return Actor(person.id, person.username)


def test_whoever_founds_a_household_owns_it(api: Any, ana: Any, cyd: Any) -> None:
    households.found(api, ana)

    found = home(api, ana)
    assert (found["name"], names(found), found["members"][0]["role"]) == ("Nhà mình", [ana.username], "owner")
    assert api.get("/v1/household", token=cyd.token).status_code == 404


def test_nobody_belongs_to_two(api: Any, ana: Any, ben: Any) -> None:
    households.found(api, ana)
    households.found(api, ben)

    answer = api.post("/v1/household", json={"name": "x"}, token=ana.token)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_in_household")
    code = households.invite(api, ana, ben.username)
    answer = api.post(f"/v1/household/invitations/{code}/accept", json={}, token=ben.token)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_in_household")


def test_an_invitation_by_name_is_for_that_person_alone(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    households.found(api, ana)
    code = households.invite(api, ana, ben.username)

    received = api.get("/v1/household/invitations", token=ben.token).json()["items"]
    assert [(one["code"], one["household_name"], one["by"]["id"]) for one in received] == [(code, "Nhà mình", ana.id)]
    assert api.get("/v1/household/invitations", token=cyd.token).json()["items"] == []
    path = f"/v1/household/invitations/{code}"
    assert api.post(f"{path}/accept", json={}, token=cyd.token).status_code == 404
    assert api.delete(path, token=cyd.token).status_code == 404

    assert api.post(f"{path}/accept", json={}, token=ben.token).status_code == 200
    assert names(home(api, ana)) == [ana.username, ben.username]
    assert api.get("/v1/household/invitations", token=ben.token).json()["items"] == []
    assert api.post(f"{path}/accept", json={}, token=cyd.token).status_code == 404


def test_a_link_lets_in_whoever_has_it_until_it_expires_or_is_withdrawn(
    api: Any, ana: Any, ben: Any, cyd: Any, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    households.found(api, ana)
    code, other = households.invite(api, ana), households.invite(api, ana)
    assert home(api, ana)["invitations"][0]["link"].endswith(home(api, ana)["invitations"][0]["code"])

    for one in (ben, cyd):
        assert api.post(f"/v1/household/invitations/{code}/accept", json={}, token=one.token).status_code == 200
    assert home(api, ben)["invitations"] == []
    assert api.delete(f"/v1/household/invitations/{other}", token=ben.token).status_code == 404
    assert api.delete(f"/v1/household/invitations/{other}", token=ana.token).status_code == 204
    dan = person()
    assert api.post(f"/v1/household/invitations/{other}/accept", json={}, token=dan.token).status_code == 404
    later = clock.now() + timedelta(days=7, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(InvitationNotFound):
        invitations.accept(code, actor=actor(dan), brings_pantry=False, choices={})


@pytest.mark.parametrize("leaves", [False, True])
def test_whoever_has_gone_needs_another_invitation(api: Any, ana: Any, ben: Any, cyd: Any, *, leaves: bool) -> None:
    households.found(api, ana)
    codes = [households.invite(api, ana), households.invite(api, ana), households.invite(api, ana, cyd.username)]
    accept = "/v1/household/invitations/{}/accept"
    assert api.post(accept.format(codes[0]), json={}, token=ben.token).status_code == 200

    by = ben if leaves else ana
    assert api.delete(f"/v1/household/members/{ben.id}", token=by.token).status_code == 204

    assert [api.post(accept.format(code), json={}, token=ben.token).status_code for code in codes] == [404] * 3
    assert api.post(accept.format(codes[2]), json={}, token=cyd.token).status_code == 200
    code = households.invite(api, ana, ben.username)
    assert api.post(accept.format(code), json={}, token=ben.token).status_code == 200


def test_a_block_keeps_people_out(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    households.found(api, ana, cyd)
    link = households.invite(api, ana)
    friends.block(api, ana, ben)

    body = {"username": ben.username}
    assert api.post("/v1/household/invitations", json=body, token=ana.token).status_code == 404
    assert api.post(f"/v1/household/invitations/{link}/accept", json={}, token=ben.token).status_code == 404


def test_a_household_has_ten_members_at_most_however_many_come_at_once(api: Any, ana: Any, person: Any) -> None:
    households.found(api, ana)
    code = households.invite(api, ana)
    crowd = [person() for _ in range(12)]

    def accept(one: Any) -> int:
        return int(api.post(f"/v1/household/invitations/{code}/accept", json={}, token=one.token).status_code)

    with ThreadPoolExecutor(4) as threads:
        statuses = sorted(threads.map(accept, crowd))

    assert statuses == [200] * 9 + [409] * 3
    assert len(home(api, ana)["members"]) == 10


def test_owners_alone_rename_invite_remove_and_dissolve(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    households.found(api, ana, ben, cyd)

    for verb, path, body in (
        ("PATCH", "", {"name": "x"}),
        ("DELETE", "", None),
        ("POST", "/invitations", {}),
        ("DELETE", f"/members/{cyd.id}", None),
        ("PATCH", f"/members/{ben.id}", {"role": "owner"}),
    ):
        answer = api.request(verb, f"/v1/household{path}", json=body, token=ben.token)
        assert (answer.status_code, answer.json()["code"]) == (403, "owners_only"), (verb, path)
    assert api.patch("/v1/household", json={"name": "Tổ ấm"}, token=ana.token).json()["name"] == "Tổ ấm"
    assert api.delete(f"/v1/household/members/{cyd.id}", token=ana.token).status_code == 204
    assert api.get("/v1/household", token=cyd.token).status_code == 404


def test_a_household_keeps_an_owner(api: Any, ana: Any, ben: Any) -> None:
    households.found(api, ana, ben)

    answer = api.patch(f"/v1/household/members/{ana.id}", json={"role": "member"}, token=ana.token)
    assert (answer.status_code, answer.json()["code"]) == (409, "owner_needed")
    assert api.delete(f"/v1/household/members/{ana.id}", token=ana.token).status_code == 204

    assert [(one["user"]["id"], one["role"]) for one in home(api, ben)["members"]] == [(ben.id, "owner")]
    assert households.found(api, ana)["name"] == "Nhà mình"


def test_what_a_household_shared_goes_with_it(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    household_id = households.found(api, ana, ben)["id"]
    messages.clear()

    assert api.delete("/v1/household", token=ana.token).status_code == 204
    tasks.run_all(messages, times=2)

    assert api.get("/v1/household", token=ben.token).status_code == 404
    assert list(repositories.belongings(household_id)) == []
    households.found(api, ben)


def test_the_last_one_who_leaves_dissolves_the_household(api: Any, ana: Any, messages: list[Any]) -> None:
    household_id = households.found(api, ana)["id"]
    messages.clear()

    assert api.delete(f"/v1/household/members/{ana.id}", token=ana.token).status_code == 204
    tasks.run_all(messages)

    assert list(repositories.belongings(household_id)) == []


def test_members_see_the_allergies_of_those_who_show_them(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    say(api, ben, allergies=["nuts"], dietary_restrictions=["vegetarian"])
    say(api, cyd, allergies=["milk"])
    households.found(api, ana)
    households.join(api, ana, ben, show_limits=True)
    households.join(api, ana, cyd)

    seen = {member["user"]["id"]: member["limits"] for member in home(api, ana)["members"]}

    assert seen[ben.id] == {"allergies": ["nuts"], "diets": ["vegetarian"]}
    assert seen[cyd.id] is None
    own = {member["user"]["id"]: member["limits"] for member in home(api, cyd)["members"]}
    assert own[cyd.id] == {"allergies": ["milk"], "diets": []}


def test_each_member_decides_on_their_own_limits_alone(api: Any, ana: Any, ben: Any) -> None:
    households.found(api, ana, ben)

    path = f"/v1/household/members/{ben.id}"
    assert api.patch(path, json={"show_limits": True}, token=ana.token).status_code == 403
    changed = api.patch(path, json={"show_limits": True, "respect_limits": False}, token=ben.token).json()
    assert [(one["show_limits"], one["respect_limits"]) for one in changed["members"]] == [(False, True), (True, False)]


def test_a_meal_has_to_be_safe_for_all_who_eat(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    say(api, ana, allergies=["fish"])
    say(api, ben, allergies=["nuts"], dietary_restrictions=["vegetarian"])
    say(api, cyd, allergies=["milk"])
    households.found(api, ana, ben)
    households.join(api, ana, cyd, respect_limits=False)

    alone = services.limits_of([], actor=actor(ana))
    together = services.limits_of([ana.id, ben.id, cyd.id], actor=actor(ana))

    assert (alone.allergies, alone.diets) == (("fish",), ())
    assert (together.allergies, together.diets) == (("fish", "nuts"), ("vegetarian",))


def test_strangers_do_not_eat_along(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    households.found(api, ana, ben)

    for eaters, who in (([cyd.id], ana), ([ana.id], cyd)):
        with pytest.raises(NotInHousehold):
            services.limits_of(eaters, actor=actor(who))


def test_somebody_whose_account_is_erased_leaves(api: Any, ana: Any, ben: Any) -> None:
    households.found(api, ana, ben)

    for _ in range(2):
        services.forget_person(ana.id)

    assert [(one["user"]["id"], one["role"]) for one in home(api, ben)["members"]] == [(ben.id, "owner")]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Bộ phận hỗ trợ", "reserved"),
        ("Srnart Cooking Family", "reserved"),
        ("Nhà <i>Mít</i>", "not_a_name"),
        ("nha-mit.shop/qua-tang", "not_a_name"),
    ],
)
def test_a_household_passes_for_nobody_and_leads_nowhere_by_its_name(
    api: Any, ana: Any, ben: Any, name: str, code: str
) -> None:
    households.found(api, ben)

    founded = api.post("/v1/household", json={"name": name}, token=ana.token)
    renamed = api.patch("/v1/household", json={"name": name}, token=ben.token)

    for answer in (founded, renamed):
        problem = answer.json()
        assert (answer.status_code, [(one["field"], one["code"]) for one in problem["errors"]]) == (
            400,
            [("name", code)],
        )
    assert api.get("/v1/household", token=ana.token).status_code == 404
    assert home(api, ben)["name"] == "Nhà mình"


@pytest.mark.parametrize("name", ["Nhà Hỗ Trọng", "Căn hộ 12A – tầng 3", "Mít & Na 🍲", "The Nguyễns", "B&B"])
def test_a_household_has_the_name_that_its_people_give_it(api: Any, ana: Any, name: str) -> None:
    answer = api.post("/v1/household", json={"name": name}, token=ana.token)

    assert (answer.status_code, answer.json()["name"]) == (201, name)
