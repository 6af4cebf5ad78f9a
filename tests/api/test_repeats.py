"""One rule for every POST, PUT and PATCH of the OpenAPI document: whoever repeats a success gets it again.

An answer can get lost. Its caller sends the same request again, perhaps without an Idempotency-Key.
"""

import re
from typing import Any

import pytest

from tests.support import acts
from tests.support.acts import Act
from tests.support.belongings import Stage
from tests.support.interface import document, documented_operations

pytestmark = pytest.mark.usefixtures("seeded")

# A one-time code is good for one login (RFC 6238 §5.2), however its answer got lost: who repeats it logs in again.
ONE_TIME = {"post /v1/auth/challenge", "post /v1/session/challenge"}
# Two of them are two things, unless an Idempotency-Key says that they are one.
MAKES_ANOTHER = {
    "post /v1/cooking/sessions", "post /v1/imports", "post /v1/lists", "post /v1/plans",
    "post /v1/plans/{plan_id}/copy", "post /v1/plans/{plan_id}/list", "post /v1/posts",
    "post /v1/posts/{post_id}/comments", "post /v1/recipes", "post /v1/suggestions", "post /v1/uploads",
    "post /v1/users/me/export",
}  # fmt: skip


def _send(on: Stage, operation: str, act: Act, **headers: str) -> Any:
    verb, path = operation.split()
    return on.api.request(
        verb.upper(), re.sub(r"{(\w+)}", lambda name: act.ids[name[1]], path),
        json=act.body, token=act.token, headers={**act.headers, **headers},
    )  # fmt: skip


def test_every_act_of_the_document_has_a_row() -> None:
    documented = {one for one in documented_operations() if not one.startswith(("get ", "delete "))}

    assert documented == set(acts.ROWS) | ONE_TIME


def test_what_makes_another_each_time_takes_an_idempotency_key() -> None:
    paths = document()["paths"]
    keyed = {
        operation
        for operation in MAKES_ANOTHER
        if any(one["name"] == "Idempotency-Key" for one in paths[operation.split()[1]]["post"].get("parameters", ()))
    }

    assert keyed == MAKES_ANOTHER


@pytest.mark.parametrize("operation", acts.ROWS)
def test_a_repeat_of_ones_own_success_is_a_success(stage: Stage, operation: str) -> None:
    act = acts.ROWS[operation](stage)

    first, again = _send(stage, operation, act), _send(stage, operation, act)

    assert first.status_code in {200, 201, 202, 204}, first.content
    assert again.status_code in {200, 201, 202, 204}, again.content
    if first.content and "id" in first.json():
        assert (first.json()["id"] != again.json()["id"]) == (operation in MAKES_ANOTHER)
