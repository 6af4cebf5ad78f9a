"""The authorization matrix: a row for each operation of the OpenAPI document, tried by nobody and by a stranger."""

import re
from typing import Any

import pytest

from apps.core import ids
from tests.support import images, recipes
from tests.support.authorisation import ANYONE, MATRIX, MODERATOR, OWNER, VISIBLE
from tests.support.interface import documented_operations

pytestmark = pytest.mark.usefixtures("seeded")


def guarded() -> list[str]:
    return [operation for operation, who in MATRIX.items() if who in {VISIBLE, OWNER}]


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    assert set(MATRIX) == documented_operations()


@pytest.mark.parametrize("operation", MATRIX)
def test_without_a_token_there_is_only_what_is_public(api: Any, operation: str) -> None:
    verb, path = operation.split()

    answer = api.request(verb.upper(), re.sub(r"{[^}]+}", ids.new_id(), path), json=None if verb == "get" else {})

    assert (answer.status_code == 401) == (MATRIX[operation] != ANYONE) or answer.json()["code"] != "not_authenticated"
    if MATRIX[operation] != ANYONE:
        assert answer.json()["code"] == "not_authenticated"


@pytest.fixture(scope="module")
def private(person: Any, seeded: None) -> dict[str, str]:
    """Ids of somebody's private data, by their names in paths."""
    from tests.support.client import InProcess  # noqa: PLC0415

    api, owner = InProcess(), person()
    recipe = recipes.create(api, owner)["id"]

    def create(path: str, **body: Any) -> str:
        answer = api.post(path, json=body, token=owner.token)
        assert answer.status_code in {200, 201, 202}, answer.content
        return str(answer.json()["id"])

    post = create("/v1/posts", content="Chỉ mình tôi.", visibility="private")
    shopping = create("/v1/lists", recipes=[{"recipe_id": recipe, "servings": 2}])
    items = api.get(f"/v1/lists/{shopping}", token=owner.token).json()["items"]
    export = create("/v1/users/me/export")
    return {
        "plan_id": create("/v1/plans", start="2027-03-01", days=1, meals=["dinner"]),
        "list_id": shopping,
        "item_id": items[0]["id"],
        # Imports and archives have the id of their job.
        "import_id": create("/v1/imports", text="Rau luộc\nNguyên liệu:\n- 1 bó rau muống\nCách làm:\n- Luộc rau."),
        "job_id": export,
        "archive_id": export,
        "recipe_id": recipe,
        "post_id": post,
        "comment_id": create(f"/v1/posts/{post}/comments", content="Của tôi."),
        "session_id": create("/v1/cooking/sessions", recipe_id=recipe),
        "suggestion_id": create("/v1/suggestions", ingredients=["thịt bò", "cà chua"], recipe_count=1),
        "upload_id": images.request_upload(api, owner)["id"],
    }


BODIES: dict[str, dict[str, Any]] = {
    "patch /v1/cooking/sessions/{session_id}": {"current_step": 1},
    "patch /v1/posts/{post_id}": {"content": "Của người khác."},
    "post /v1/posts/{post_id}/comments": {"content": "Ngon!"},
    "patch /v1/posts/{post_id}/comments/{comment_id}": {"content": "Ngon!"},
    "put /v1/posts/{post_id}/comments/{comment_id}/reaction": {"reaction": "love"},
    "put /v1/posts/{post_id}/reaction": {"reaction": "love"},
    "post /v1/imports/{import_id}/accept": {"recipes": [{"draft_id": "001"}]},
    "put /v1/lists/{list_id}/items/{item_id}": {"checked": True},
    "patch /v1/plans/{plan_id}": {"exchange_days": {"one": "2027-03-01", "other": "2027-03-02"}},
    "post /v1/plans/{plan_id}/copy": {"start": "2027-04-01"},
    "put /v1/recipes/{recipe_id}/tags": {"tags": ["quick"]},
    "patch /v1/recipes/{recipe_id}": {"title": "Của người khác"},
    "put /v1/recipes/{recipe_id}/rating": {"stars": 5},
    "post /v1/suggestions/{suggestion_id}/feedback": {"accepted": True},
}


@pytest.mark.parametrize("operation", guarded())
def test_what_is_private_is_absent_for_a_stranger(api: Any, cyd: Any, private: dict[str, str], operation: str) -> None:
    verb, path = operation.split()
    body = BODIES.get(operation)
    if operation == "post /v1/cooking/sessions":
        body = {"recipe_id": private["recipe_id"]}
    if operation == "post /v1/reports":
        body = {"target_type": "recipe", "target_id": private["recipe_id"], "reason": "spam"}

    answer = api.request(verb.upper(), path.format(**private), json=body, token=cyd.token)

    assert answer.status_code == 404, answer.content


@pytest.mark.parametrize("operation", [operation for operation, who in MATRIX.items() if who == MODERATOR])
def test_what_is_for_moderators_is_refused_to_everybody_else(api: Any, cyd: Any, operation: str) -> None:
    verb, path = operation.split()
    path = path.format(name="reports", kind="post", target_id=ids.new_id(), act="hide")

    answer = api.request(verb.upper(), path, json=None if verb == "get" else {"reason": "x"}, token=cyd.token)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_moderator"), answer.content
