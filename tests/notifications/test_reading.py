"""Notifications over HTTP: pages, unread ones, other people's ids, settings."""

from typing import Any

import pytest

from apps.core import ids, keys
from apps.notifications import delivery
from apps.notifications.events import NotificationKind
from apps.users.models import User
from tests.support.notifications import event, read_notifications, unread
from tests.support.processes import until


def comments(to: Any, actor: Any, count: int) -> list[str]:
    """Deliver comments and return the ids of their notifications, newest first."""
    events = [event("comment", to, actor) for _ in range(count)]
    for one in events:
        delivery.deliver(one)
    return sorted((one.notification_id for one in events), reverse=True)


def paged(api: Any, person: Any, query: str) -> list[str]:
    found: list[str] = []
    cursor = ""
    while True:
        page = api.get(f"/v1/notifications?{query}{cursor}", token=person.token).json()
        found += [one["id"] for one in page["items"]]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def test_pages_contain_everything_once_newest_first(api: Any, ana: Any, ben: Any) -> None:
    made = comments(ana, ben, 7)

    assert paged(api, ana, "limit=3") == made
    until(lambda: paged(api, ana, "limit=3&unread=true") == made)


def test_pages_are_full_although_something_was_deleted(api: Any, ana: Any, ben: Any) -> None:
    made = comments(ana, ben, 6)
    for one in made[:3]:
        api.delete(f"/v1/notifications/{one}", token=ana.token)

    first = api.get("/v1/notifications?limit=2", token=ana.token).json()

    assert [one["id"] for one in first["items"]] == made[3:5]
    assert first["next"] is not None


def test_marking_one_as_read_uncounts_it_once(api: Any, ana: Any, ben: Any) -> None:
    made = comments(ana, ben, 3)

    for _ in range(2):
        assert api.post(f"/v1/notifications/{made[1]}/read", token=ana.token).status_code == 204

    assert unread(api, ana) == 2
    assert [one["read"] for one in read_notifications(api, ana)] == [False, True, False]
    until(lambda: paged(api, ana, "unread=true") == [made[0], made[2]])


def test_read_all_covers_existing_notifications_only(api: Any, ana: Any, ben: Any) -> None:
    comments(ana, ben, 12)
    before = api.get("/v1/notifications?unread=true&limit=5", token=ana.token).json()["next"]

    assert api.post("/v1/notifications/read-all", token=ana.token).status_code == 204
    assert (unread(api, ana), read_notifications(api, ana, "?unread=true")) == (0, [])
    later = comments(ana, ben, 1)
    assert api.post("/v1/notifications/read-all", token=ben.token).status_code == 204

    assert unread(api, ana) == 1
    until(lambda: paged(api, ana, "unread=true") == later)
    assert sum(one["read"] for one in read_notifications(api, ana)) == 12
    assert read_notifications(api, ana, f"?unread=true&limit=5&cursor={before}") == []


def test_deleting_after_read_all_does_not_change_the_count(api: Any, ana: Any, ben: Any) -> None:
    made = comments(ana, ben, 2)
    api.post("/v1/notifications/read-all", token=ana.token)
    comments(ana, ben, 1)

    api.post(f"/v1/notifications/{made[0]}/read", token=ana.token)
    api.delete(f"/v1/notifications/{made[1]}", token=ana.token)

    assert unread(api, ana) == 1


@pytest.mark.parametrize(("method", "path"), [("POST", "/read"), ("DELETE", "")])
def test_another_persons_notification_does_not_exist(api: Any, ana: Any, ben: Any, method: str, path: str) -> None:
    (made,) = comments(ana, ben, 1)

    for one in (made, ids.new_id(), "nonsense"):
        answer = api.request(method, f"/v1/notifications/{one}{path}", token=ben.token)
        assert (answer.status_code, answer.json()["code"]) == (404, "notification_not_found")
    assert unread(api, ana) == 1


def test_a_cursor_of_somebody_else_or_another_list_is_refused(api: Any, ana: Any, ben: Any) -> None:
    comments(ana, ben, 2)
    cursor = api.get("/v1/notifications?limit=1", token=ana.token).json()["next"]

    for person, query in ((ben, "?limit=1"), (ana, "?limit=1&unread=true")):
        answer = api.get(f"/v1/notifications{query}&cursor={cursor}", token=person.token)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


def registered_in_vietnamese(person: Any) -> None:
    user = User.get(*keys.user(person.id))
    user.language = "vi"
    user.save()


def test_everything_is_on_until_it_is_switched_off(api: Any, ana: Any) -> None:
    registered_in_vietnamese(ana)

    found = api.get("/v1/users/me/notification-settings", token=ana.token).json()

    assert found["language"] == "vi"
    assert found["email"] == {"friend_requests": True, "approvals": True, "account": True}
    assert set(found["in_app"]) == {kind.value for kind in NotificationKind}
    assert all(found["in_app"].values())


def test_omitted_settings_stay(api: Any, ana: Any) -> None:
    registered_in_vietnamese(ana)
    path = "/v1/users/me/notification-settings"
    api.patch(path, json={"in_app": {"reaction": False}}, token=ana.token)
    changed = api.patch(path, json={"email": {"approvals": False}, "language": "en"}, token=ana.token)

    found = api.get(path, token=ana.token)

    assert found.json() == changed.json()
    assert (found.json()["in_app"]["reaction"], found.json()["in_app"]["comment"]) == (False, True)
    assert (found.json()["email"]["approvals"], found.json()["language"]) == (False, "en")
    stale = api.patch(path, json={"language": None}, token=ana.token, headers={"If-Match": '"1"'})
    assert (stale.status_code, found.headers["ETag"]) == (412, '"2"')
    assert api.patch(path, json={"language": None}, token=ana.token).json()["language"] == "vi"


@pytest.mark.parametrize(
    "body",
    [
        {"in_app": {"gossip": True}},
        {"in_app": {"comment": 1}},
        {"in_app": None},
        {"email": {"comment": True}},
        {"language": "fr"},
        {"sound": True},
    ],
)
def test_a_setting_that_does_not_exist_is_refused(api: Any, ana: Any, body: dict[str, Any]) -> None:
    answer = api.patch("/v1/users/me/notification-settings", json=body, token=ana.token)

    assert (answer.status_code, answer.json()["code"]) == (400, "validation_failed")


@pytest.mark.parametrize("kind", ["comment", "reaction"])
def test_kinds_that_are_switched_off_do_not_notify(api: Any, ana: Any, ben: Any, kind: str) -> None:
    api.patch("/v1/users/me/notification-settings", json={"in_app": {kind: False}}, token=ana.token)

    delivery.deliver(event(kind, ana, ben))
    delivery.deliver(event("mention", ana, ben))

    assert [one["kind"] for one in read_notifications(api, ana)] == ["mention"]
