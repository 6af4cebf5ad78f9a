"""The authorization matrix: a row for each operation of the OpenAPI document, tried by nobody and by a stranger."""

import re
from typing import Any

import pytest

from apps.core import ids
from tests.support import images, recipes
from tests.support.interface import documented_operations

pytestmark = pytest.mark.usefixtures("seeded")

ANYONE = "anyone, without a token"
CALLER = "anybody signed in, on what is their own or everybody's"
VISIBLE = "whoever may see the thing; it is absent for others"
OWNER = "the owner alone; it is absent for others"
MODERATOR = "moderators, signed in with a code"

MATRIX = {
    "get /livez": ANYONE,
    "get /health": ANYONE,
    "post /v1/auth/challenge": ANYONE,
    "post /v1/auth/confirm": ANYONE,
    "post /v1/auth/forgot-password": ANYONE,
    "post /v1/auth/login": ANYONE,
    "post /v1/auth/refresh": ANYONE,
    "post /v1/auth/register": ANYONE,
    "post /v1/auth/resend-code": ANYONE,
    "post /v1/auth/reset-password": ANYONE,
    "post /v1/session": ANYONE,
    "post /v1/session/challenge": ANYONE,
    "post /v1/session/refresh": ANYONE,
    "delete /v1/session": ANYONE,
    "get /v1/plans/{plan_id}.ics": ANYONE,
    "post /v1/appeals": CALLER,
    "post /v1/auth/change-password": CALLER,
    "post /v1/auth/logout": CALLER,
    "post /v1/auth/change-email": CALLER,
    "post /v1/auth/change-email/confirm": CALLER,
    "post /v1/auth/change-username": CALLER,
    "delete /v1/auth/mfa": CALLER,
    "post /v1/auth/mfa": CALLER,
    "post /v1/auth/mfa/verify": CALLER,
    "get /v1/cooking/sessions": CALLER,
    "post /v1/cooking/sessions": VISIBLE,
    "delete /v1/cooking/sessions/{session_id}": OWNER,
    "get /v1/cooking/sessions/{session_id}": OWNER,
    "patch /v1/cooking/sessions/{session_id}": OWNER,
    "post /v1/cooking/sessions/{session_id}/abandon": OWNER,
    "post /v1/cooking/sessions/{session_id}/complete": OWNER,
    "get /v1/cooking/stats": CALLER,
    "get /v1/favorites": CALLER,
    "get /v1/feed": CALLER,
    "get /v1/friends": CALLER,
    "get /v1/friends/requests": CALLER,
    "post /v1/friends/requests": CALLER,
    "delete /v1/friends/requests/{user_id}": CALLER,
    "post /v1/friends/requests/{user_id}/accept": CALLER,
    "post /v1/friends/requests/{user_id}/reject": CALLER,
    "delete /v1/friends/{user_id}": CALLER,
    "delete /v1/household": CALLER,
    "get /v1/household": CALLER,
    "patch /v1/household": CALLER,
    "post /v1/household": CALLER,
    "get /v1/household/invitations": CALLER,
    "post /v1/household/invitations": CALLER,
    "delete /v1/household/invitations/{code}": CALLER,
    "post /v1/household/invitations/{code}/accept": CALLER,
    "delete /v1/household/members/{user_id}": CALLER,
    "patch /v1/household/members/{user_id}": CALLER,
    "get /v1/imports": CALLER,
    "post /v1/imports": CALLER,
    "delete /v1/imports/{import_id}": OWNER,
    "get /v1/imports/{import_id}": OWNER,
    "post /v1/imports/{import_id}/accept": OWNER,
    "get /v1/ingredients": CALLER,
    "post /v1/ingredients/validate": CALLER,
    "get /v1/ingredients/{ingredient_id}": CALLER,
    "get /v1/jobs": CALLER,
    "delete /v1/jobs/{job_id}": OWNER,
    "get /v1/jobs/{job_id}": OWNER,
    "get /v1/lists": CALLER,
    "post /v1/lists": CALLER,
    "delete /v1/lists/{list_id}": OWNER,
    "get /v1/lists/{list_id}": OWNER,
    "post /v1/lists/{list_id}/done": OWNER,
    "delete /v1/lists/{list_id}/items/{item_id}": OWNER,
    "put /v1/lists/{list_id}/items/{item_id}": OWNER,
    "get /v1/moderation/audit": MODERATOR,
    "get /v1/moderation/queues": MODERATOR,
    "get /v1/moderation/queues/{name}": MODERATOR,
    "get /v1/moderation/{kind}/{target_id}": MODERATOR,
    "post /v1/moderation/{kind}/{target_id}/{act}": MODERATOR,
    "get /v1/notifications": CALLER,
    "post /v1/notifications/read-all": CALLER,
    "get /v1/notifications/unread-count": CALLER,
    "delete /v1/notifications/{notification_id}": CALLER,
    "post /v1/notifications/{notification_id}/read": CALLER,
    "get /v1/pantry": CALLER,
    "post /v1/pantry": CALLER,
    "post /v1/pantry/use": CALLER,
    "get /v1/pantry/use-first": CALLER,
    "get /v1/pantry/waste": CALLER,
    "delete /v1/pantry/{ingredient_id}": CALLER,
    "put /v1/pantry/{ingredient_id}": CALLER,
    "post /v1/pantry/{ingredient_id}/lots": CALLER,
    "delete /v1/pantry/{ingredient_id}/lots/{lot_id}": CALLER,
    "patch /v1/pantry/{ingredient_id}/lots/{lot_id}": CALLER,
    "get /v1/plans": CALLER,
    "post /v1/plans": CALLER,
    "delete /v1/plans/{plan_id}": OWNER,
    "get /v1/plans/{plan_id}": OWNER,
    "patch /v1/plans/{plan_id}": OWNER,
    "post /v1/plans/{plan_id}/calendar": OWNER,
    "post /v1/plans/{plan_id}/copy": OWNER,
    "post /v1/plans/{plan_id}/list": OWNER,
    "post /v1/posts": CALLER,
    "delete /v1/posts/{post_id}": OWNER,
    "get /v1/posts/{post_id}": VISIBLE,
    "patch /v1/posts/{post_id}": OWNER,
    "post /v1/posts/{post_id}/recipe": VISIBLE,
    "get /v1/posts/{post_id}/comments": VISIBLE,
    "post /v1/posts/{post_id}/comments": VISIBLE,
    "delete /v1/posts/{post_id}/comments/{comment_id}": OWNER,
    "get /v1/posts/{post_id}/comments/{comment_id}": VISIBLE,
    "patch /v1/posts/{post_id}/comments/{comment_id}": OWNER,
    "delete /v1/posts/{post_id}/comments/{comment_id}/reaction": CALLER,
    "put /v1/posts/{post_id}/comments/{comment_id}/reaction": VISIBLE,
    "delete /v1/posts/{post_id}/reaction": CALLER,
    "put /v1/posts/{post_id}/reaction": VISIBLE,
    "get /v1/recipes": CALLER,
    "post /v1/recipes": CALLER,
    "delete /v1/recipes/{recipe_id}": OWNER,
    "get /v1/recipes/{recipe_id}": VISIBLE,
    "patch /v1/recipes/{recipe_id}": OWNER,
    "get /v1/recipes/{recipe_id}/audience": VISIBLE,
    "delete /v1/recipes/{recipe_id}/edition": OWNER,
    "delete /v1/recipes/{recipe_id}/favorite": CALLER,
    "put /v1/recipes/{recipe_id}/favorite": VISIBLE,
    "get /v1/recipes/{recipe_id}/friends": VISIBLE,
    "delete /v1/recipes/{recipe_id}/rating": CALLER,
    "put /v1/recipes/{recipe_id}/rating": VISIBLE,
    "get /v1/recipes/{recipe_id}/ratings": VISIBLE,
    "get /v1/recipes/{recipe_id}/tags": VISIBLE,
    "put /v1/recipes/{recipe_id}/tags": VISIBLE,
    "get /v1/reports": CALLER,
    "post /v1/reports": VISIBLE,
    "delete /v1/reports/{target_type}/{target_id}": CALLER,
    "get /v1/suggestions": CALLER,
    "post /v1/suggestions": CALLER,
    "get /v1/suggestions/{suggestion_id}": OWNER,
    "post /v1/suggestions/{suggestion_id}/feedback": OWNER,
    "get /v1/tags": CALLER,
    "post /v1/uploads": CALLER,
    "get /v1/uploads/{upload_id}": OWNER,
    "post /v1/uploads/{upload_id}/complete": OWNER,
    "get /v1/users": CALLER,
    "delete /v1/users/me": CALLER,
    "get /v1/users/me": CALLER,
    "patch /v1/users/me": CALLER,
    "get /v1/users/me/blocks": CALLER,
    "get /v1/users/me/consent": CALLER,
    "put /v1/users/me/consent": CALLER,
    "post /v1/users/me/export": CALLER,
    "get /v1/users/me/export/{archive_id}": OWNER,
    "get /v1/users/me/recipes/archive": CALLER,
    "get /v1/users/me/notification-settings": CALLER,
    "patch /v1/users/me/notification-settings": CALLER,
    "get /v1/users/me/preferences": CALLER,
    "put /v1/users/me/preferences": CALLER,
    "get /v1/users/me/privacy": CALLER,
    "patch /v1/users/me/privacy": CALLER,
    "get /v1/users/me/recipes": CALLER,
    "get /v1/users/me/stats": CALLER,
    "get /v1/users/{user_id}": CALLER,
    "delete /v1/users/{user_id}/block": CALLER,
    "put /v1/users/{user_id}/block": CALLER,
    "get /v1/users/{user_id}/cooking": CALLER,
    "get /v1/users/{user_id}/posts": CALLER,
}


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
