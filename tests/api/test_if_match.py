"""One rule for If-Match: what is read with an ETag is changed and deleted only in the version that was read."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.support import acts, belongings
from tests.support.acts import Act
from tests.support.belongings import Stage
from tests.support.interface import document
from tests.support.people import PASSWORD

pytestmark = pytest.mark.usefixtures("seeded")

_STALE = '"999999"'
# Where the version is read of what is changed at another address.
READ_AT = {"/v1/household/members/{user_id}": "/v1/household"}
_CHANGES = {
    path: acts.ROWS[operation]
    for operation in acts.ROWS
    for verb, path in [operation.split()]
    if verb in {"put", "patch"}
}


def _deletion(path: str) -> Callable[[Stage], Act]:
    if path == "/v1/users/me":
        return lambda on: Act({"password": PASSWORD, "at_once": False}, {}, on.ana.token)
    return lambda on: Act(None, belongings.MAKERS[path](on), on.ana.token)


def _versioned() -> set[str]:
    """Return the addresses whose GET answers with an ETag. Moderators' acts have tests of their own."""
    paths = document()["paths"]
    return {
        path
        for path, item in paths.items()
        if "/moderation/" not in path
        if "ETag" in item.get("get", {}).get("responses", {}).get("200", {}).get("headers", {})
    }


def _operations() -> list[tuple[str, str]]:
    return [
        (verb, path)
        for path, item in document()["paths"].items()
        if path in _versioned() | set(READ_AT)
        for verb in ("put", "patch", "delete")
        if verb in item
    ]


def test_what_has_a_version_takes_if_match_in_every_change_and_deletion() -> None:
    paths = document()["paths"]

    silent = [
        (verb, path)
        for verb, path in _operations()
        if "If-Match" not in {one["name"] for one in paths[path][verb].get("parameters", ())}
        or "412" not in paths[path][verb]["responses"]
    ]

    assert silent == []
    assert ("delete", "/v1/recipes/{recipe_id}") in _operations()


def test_what_takes_if_match_has_a_version_to_read() -> None:
    taking = {
        path
        for path, item in document()["paths"].items()
        for operation in item.values()
        if "/moderation/" not in path
        if any(one["name"] == "If-Match" for one in operation.get("parameters", ()))
    }

    assert taking == _versioned() | set(READ_AT)


@pytest.mark.parametrize(("verb", "path"), _operations())
def test_only_the_version_that_was_read_is_changed_and_a_repeat_succeeds(stage: Stage, verb: str, path: str) -> None:
    act = (_deletion(path) if verb == "delete" else _CHANGES[path])(stage)

    def address(of: str) -> str:
        return re.sub(r"{(\w+)}", lambda name: act.ids[name[1]], of)

    def send(tag: str) -> Any:
        headers = {"If-Match": tag}
        return stage.api.request(verb.upper(), address(path), json=act.body, token=act.token, headers=headers)

    def read() -> Any:
        return stage.api.get(address(READ_AT.get(path, path)), token=act.token)

    before = read()
    stale = send(_STALE)
    unchanged = read()
    done = send(before.headers["ETag"])
    again = send(before.headers["ETag"])

    assert (stale.status_code, stale.json().get("code")) == (412, "precondition_failed"), stale.content
    assert unchanged.content == before.content
    assert done.status_code in {200, 202, 204}, done.content
    # Deleting the account ends the token that would ask again.
    assert again.status_code == (401 if (verb, path) == ("delete", "/v1/users/me") else done.status_code), again.content


@pytest.mark.parametrize(
    "sent", ["", " ", ",", "7", "'1'", '"1', '"a" "b"', '"a b"', '"1"x', '*, "1"', "W/*", 'w/"1"', "**"]
)
def test_what_is_no_list_of_tags_is_refused_also_where_nothing_would_change(api: Any, ana: Any, sent: str) -> None:
    found = api.get("/v1/users/me/privacy", token=ana.token).json()

    answer = api.patch("/v1/users/me/privacy", json=found, token=ana.token, headers={"If-Match": sent})

    assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed")


@pytest.mark.parametrize(
    "sent",
    [
        "{tag}", " {tag} ", "*", " *\t", '"other!", {tag}', '"a", {tag}', '{tag},"999999"',
        '"999999" ,\t{tag}', '"with,comma", {tag}', ",, {tag} , ,", 'W/"7", {tag}', "W/{tag},{tag}",
        '"", {tag}', '"é", {tag}',
    ],
)  # fmt: skip
def test_a_list_of_tags_matches_if_one_of_them_is_the_version(api: Any, ana: Any, sent: str) -> None:
    assert _rename(api, ana, sent) == (200, "An Nhiên")


@pytest.mark.parametrize(
    "sent", ["W/{tag}", 'W/{tag}, "999999"', '"a"', '"a", "b"', '"a,{bare}"', '"{bare} "', '"0{bare}"', '"\\{bare}"']
)
def test_weak_tags_and_those_that_only_resemble_the_version_match_nothing(api: Any, ana: Any, sent: str) -> None:
    assert _rename(api, ana, sent) == (412, "Ana")


def _rename(api: Any, person: Any, sent: str) -> tuple[int, str]:
    """Rename somebody called Ana on condition; return the status, and the name that they have then."""
    tag = api.patch("/v1/users/me", json={"full_name": "Ana"}, token=person.token).headers["ETag"]
    condition = sent.format(tag=tag, bare=tag.strip('"'))

    answer = api.patch(
        "/v1/users/me", json={"full_name": "An Nhiên"}, token=person.token, headers={"If-Match": condition}
    )
    return answer.status_code, api.get("/v1/users/me", token=person.token).json()["full_name"]
