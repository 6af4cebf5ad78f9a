"""One rule for every DELETE of the OpenAPI document: 204 for one's own data, also when repeated; 404 for all else."""

import re
from typing import Any

import pytest

from apps.core import ids
from tests.support import belongings
from tests.support.belongings import Stage
from tests.support.interface import documented_operations

pytestmark = pytest.mark.usefixtures("seeded")

# Operations on the account, which need a password, or end in a job or a state of the browser.
OTHERS = {"/v1/auth/mfa", "/v1/session", "/v1/users/me"}


def filled(path: str, found: dict[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda name: found[name[1]], path)


def test_every_deletion_of_the_document_has_a_row() -> None:
    documented = {one.partition(" ")[2] for one in documented_operations() if one.startswith("delete ")}

    assert documented == set(belongings.MAKERS) | OTHERS


@pytest.mark.parametrize("path", belongings.MAKERS)
def test_what_one_had_is_gone_however_often_and_all_else_is_absent(stage: Stage, path: str) -> None:
    cyd = stage.person()
    address = filled(path, belongings.MAKERS[path](stage))

    answers = [stage.api.delete(address, token=one.token) for one in (cyd, stage.ana, stage.ana, cyd)]

    assert [one.status_code for one in answers] == [404, 204, 204, 404], [one.content for one in answers]


@pytest.mark.parametrize("path", [path for path in belongings.MAKERS if "{" in path])
def test_what_never_was_is_absent(api: Any, ana: Any, path: str) -> None:
    nothing = re.sub(r"{target_type}", "post", path)
    for value in (ids.new_id(), "x", "%20"):
        answer = api.delete(re.sub(r"{\w+}", value, nothing), token=ana.token)

        assert answer.status_code == 404, answer.content
