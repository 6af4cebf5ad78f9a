"""Moderation over REST: requires a one-time code, honors `If-Match`, and says who decided first."""

import time
from typing import Any

import pytest

from apps.moderation import current_groups
from tests.support import moderators, recipes, society
from tests.support.client import InProcess
from tests.support.moderators import Staff

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.fixture(scope="module")
def mod() -> Staff:
    return moderators.make()


@pytest.fixture(scope="module")
def other() -> Staff:
    return moderators.make()


PATHS = ("/v1/moderation/queues", "/v1/moderation/queues/recipes", "/v1/moderation/audit")
# A target that doesn't exist: people without rights are refused before that is known.
ABSENT = "/v1/moderation/names/" + "0" * 32


@pytest.mark.parametrize("path", PATHS)
def test_only_moderators_with_a_code_have_access(api: Any, ana: Any, mod: Staff, path: str) -> None:
    refused = [api.get(path, token=token) for token in (ana.token, mod.person.token)]

    assert [(one.status_code, one.json()["code"]) for one in refused] == [
        (403, "not_moderator"), (403, "second_factor_needed"),
    ]  # fmt: skip
    assert api.get(path, token=mod.token).status_code == 200


def test_a_subject_is_shown_only_to_moderators_with_a_code(api: Any, ana: Any, mod: Staff) -> None:
    answers = [api.get(ABSENT, token=token) for token in (ana.token, mod.person.token, mod.token)]

    assert [one.json()["code"] for one in answers] == ["not_moderator", "second_factor_needed", "name_not_found"]


def test_an_act_needs_a_moderator_too(api: Any, ana: Any) -> None:
    recipe = recipes.create(api, ana)["id"]

    refused = api.post(f"/v1/moderation/recipes/{recipe}/approve", json={}, token=ana.token)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_moderator")


def find(api: Any, mod: Staff, queue: str, id_: str) -> Any:
    cursor: str | None = ""
    while cursor is not None:
        page = api.get(f"/v1/moderation/queues/{queue}?limit=100{cursor}", token=mod.token).json()
        for entry in page["items"]:
            if entry["id"] == id_:
                return entry
        cursor = f"&cursor={page['next']}" if page["next"] else None
    return None


def test_the_second_moderator_learns_who_decided_and_how(api: Any, ana: Any, mod: Staff, other: Staff) -> None:
    recipe = recipes.create(api, ana)["id"]
    entry = find(api, mod, "recipes", recipe)
    path, match = f"/v1/moderation/recipes/{recipe}", {"If-Match": f'"{entry["version"]}"'}

    done = api.post(f"{path}/approve", json={}, token=mod.token, headers=match)
    late = api.post(f"{path}/approve", json={}, token=other.token, headers=match)
    stale = api.post(f"{path}/reject", json={"reason": "Trùng"}, token=other.token, headers=match)

    assert (done.status_code, late.status_code, stale.status_code) == (200, 409, 412)
    assert late.json()["code"] == "decided_already"
    assert (late.json()["decided_by"], late.json()["decided_as"]) == (mod.username, "approve")
    assert find(api, mod, "recipes", recipe) is None


def test_repeating_ones_own_decision_returns_it(api: Any, ana: Any, mod: Staff) -> None:
    recipe = recipes.create(api, ana)["id"]
    entry = find(api, mod, "recipes", recipe)
    path, match = f"/v1/moderation/recipes/{recipe}", {"If-Match": f'"{entry["version"]}"'}

    def reject(reason: str) -> Any:
        return api.post(f"{path}/reject", json={"reason": reason}, token=mod.token, headers=match)

    done, again, other = reject("Trùng"), reject("Trùng"), reject("Thiếu bước")

    assert (done.status_code, again.status_code, again.json()) == (200, 200, done.json())
    assert (other.status_code, other.json()["code"]) == (409, "decided_already")


def test_reports_are_decided_and_the_audit_log_says_so(api: Any, ana: Any, mod: Staff, person: Any) -> None:
    post = society.post(api, ana)["id"]
    for _ in range(3):
        body = {"target_type": "post", "target_id": post, "reason": "spam"}
        api.post("/v1/reports", json=body, token=person().token)
    case = f"post:{post}"
    assert find(api, mod, "reports", case)["details"]["reporters"] == 3

    done = api.post(f"/v1/moderation/reports/{case}/dismiss", json={}, token=mod.token)

    assert done.status_code == 200, done.content
    logged = api.get(f"/v1/moderation/audit?target={case}", token=mod.token).json()["items"]
    assert [(one["act"], one["actor"]["username"]) for one in logged] == [("dismiss", mod.username)]
    by_actor = api.get(f"/v1/moderation/audit?actor={mod.id}&act=dismiss", token=mod.token).json()["items"]
    assert logged[0]["id"] in {one["id"] for one in by_actor}


def test_unknown_acts_and_queues_are_absent(api: Any, mod: Staff) -> None:
    absent = (
        api.get("/v1/moderation/queues/dreams", token=mod.token),
        api.post("/v1/moderation/recipes/01JD0000000000000000000000/dance", json={}, token=mod.token),
        api.post("/v1/moderation/reports/nothing/confirm", json={"reason": "a"}, token=mod.token),
    )

    assert [one.status_code for one in absent] == [404, 404, 404]


def test_somebody_is_suspended_until_a_moment(api: Any, ana: Any, mod: Staff) -> None:
    path = f"/v1/moderation/users/{ana.id}"
    missing = api.post(f"{path}/suspend", json={"reason": "Spam"}, token=mod.token)
    past = api.post(f"{path}/suspend", json={"reason": "Spam", "until": "2020-01-01T00:00:00Z"}, token=mod.token)
    done = api.post(f"{path}/suspend", json={"reason": "Spam", "until": "2099-01-01T00:00:00Z"}, token=mod.token)

    assert [one.status_code for one in (missing, past, done)] == [400, 400, 200]
    assert api.post("/v1/posts", json={"content": "a"}, token=ana.token).status_code == 403


@pytest.fixture
def leaver() -> Staff:
    """A former moderator whose token still names the group."""
    made = moderators.make()
    assert InProcess().get("/v1/moderation/queues", token=made.token).status_code == 200
    moderators.remove_from_group(made)
    return made


def test_former_moderators_cannot_act_on_people_at_once(api: Any, ana: Any, leaver: Staff) -> None:
    body = {"reason": "Spam", "until": "2099-01-01T00:00:00Z"}

    refused = api.post(f"/v1/moderation/users/{ana.id}/suspend", json=body, token=leaver.token)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_moderator")
    assert api.post("/v1/posts", json={"content": "a"}, token=ana.token).status_code == 201


def test_former_moderators_lose_access_within_five_minutes(
    api: Any, leaver: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, later = "/v1/moderation/queues", time.monotonic() + current_groups.BELIEVED_SECONDS + 1
    assert api.get(path, token=leaver.token).status_code == 200

    monkeypatch.setattr("apps.moderation.current_groups.time.monotonic", lambda: later)

    assert api.get(path, token=leaver.token).json()["code"] == "not_moderator"


def test_admins_sign_somebody_out_everywhere_and_moderators_do_not(api: Any, ana: Any, mod: Staff) -> None:
    chief, path = moderators.make("admins"), f"/v1/moderation/users/{ana.id}/end_sessions"

    refused = api.post(path, json={}, token=mod.token)
    before = api.get("/v1/users/me", token=ana.token)
    done = api.post(path, json={"reason": "Tài khoản bị chiếm"}, token=chief.token)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_admin")
    assert (before.status_code, done.status_code) == (200, 200)
    assert api.get("/v1/users/me", token=ana.token).status_code == 401
