"""Every operation needs an access token, except for those that the contract calls public."""

import re
from typing import Any

import pytest

from tests.support.interface import PUBLIC, operations


def test_nothing_but_what_the_contract_names_is_public(api: Any) -> None:
    checked = 0
    for verb, path in operations():
        if PUBLIC.fullmatch(path):
            continue
        for headers in ({}, {"Authorization": "Bearer nonsense"}):
            answer = api.request(verb.upper(), f"/{path}", json={}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated"), (verb, path)
        checked += 1

    assert checked > 30


@pytest.mark.usefixtures("seeded")
def test_what_hangs_on_an_id_that_is_not_the_callers_is_absent(api: Any, ana: Any) -> None:
    """Uses ids that don't exist; each app's tests use real ids of another person."""
    for verb, path in operations():
        others = re.search(r"[0-9A-HJKMNP-TV-Z]{26}", path) and not re.search("favorite|moderation", path)
        if others and verb in {"get", "delete"}:
            assert api.request(verb.upper(), f"/{path}", token=ana.token).status_code == 404, (verb, path)
