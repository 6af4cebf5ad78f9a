"""From the event to the notification and the mail, with a running worker."""

from typing import Any

import pytest
from django.conf import settings

from apps.core import aws, outbox
from apps.core.transactions import Transaction
from apps.notifications import services
from apps.notifications.events import NotificationKind
from smartcooking.contract import queues
from tests.support import friends, recipes
from tests.support.accounts import turn_mfa_on
from tests.support.notifications import cause, event, mails_to, read_notifications, unread
from tests.support.processes import quieten, until

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded")]


@pytest.fixture(autouse=True, scope="module")
def _quiet_queue() -> None:
    """Empty the queue of other tests' messages, and let messages of killed workers return soon."""
    quieten(queues.NOTIFICATIONS, visible_after=10)


def send(task: outbox.Task, *args: str) -> None:
    transaction = Transaction()
    transaction.after(task, *args)
    transaction.commit()


def rate(api: Any, people: Any, recipe: Any, stars: int) -> None:
    for one in people:
        answer = api.put(f"/v1/recipes/{recipe['id']}/rating", json={"stars": stars}, token=one.token)
        assert answer.status_code in {200, 201}, answer.content


def test_every_kind_arrives_once_although_its_message_is_delivered_twice(
    api: Any, ana: Any, ben: Any, worker: Any
) -> None:
    events = [
        event(kind.value, ana, ben, target="account" if kind is NotificationKind.ACCOUNT else "post")
        for kind in NotificationKind
    ]

    for one in events:
        for _ in range(2):
            cause(one)

    until(lambda: len(read_notifications(api, ana)) == len(NotificationKind), worker)
    until(lambda: len(mails_to(ana)) == 4, worker)
    until(lambda: worker.output().count("task_done") >= 2 * len(NotificationKind) + 4, worker)
    assert {one["kind"] for one in read_notifications(api, ana)} == {kind.value for kind in NotificationKind}
    assert (unread(api, ana), len(mails_to(ana))) == (len(NotificationKind), 4)


def test_owners_are_notified_and_mailed_when_ratings_approve_or_revoke_a_recipe(
    api: Any, ana: Any, person: Any, worker: Any
) -> None:
    recipe = recipes.create(api, ana)
    people = [person() for _ in range(5)]
    for one in people:
        show(recipe["id"], one)

    rate(api, people[:3], recipe, 5)
    until(lambda: len(read_notifications(api, ana)) == 1, worker)
    rate(api, people, recipe, 1)

    until(lambda: len(read_notifications(api, ana)) == 2, worker)
    assert [(one["kind"], one["actor"], one["target"]["id"]) for one in read_notifications(api, ana)] == [
        ("recipe_rejected", None, recipe["id"]),
        ("recipe_approved", None, recipe["id"]),
    ]
    until(lambda: len(mails_to(ana)) == 2, worker)


def show(recipe_id: str, person: Any) -> None:
    from apps.recipes import services as recipe_services  # noqa: PLC0415

    transaction = Transaction()
    recipe_services.grant_access(transaction, [recipe_id], user_id=person.id)
    transaction.commit()


def test_changes_of_password_and_second_factor_notify_and_mail(api: Any, ana: Any, worker: Any) -> None:
    totp = turn_mfa_on(api, ana.token, ana.password)
    both = {"password": ana.password, "code": totp.now()}
    assert api.delete("/v1/auth/mfa", json=both, token=ana.token).status_code == 204
    body = {"old_password": ana.password, "new_password": "Khac-han-456!"}
    assert api.post("/v1/auth/change-password", json=body, token=ana.token).status_code == 204

    until(lambda: len(mails_to(ana)) == 3, worker)
    assert {one["target"]["id"] for one in read_notifications(api, ana)} == {
        "password_changed",
        "mfa_enabled",
        "mfa_disabled",
    }
    assert {one["text"] for one in read_notifications(api, ana)} == {
        "Your password was changed",
        "Two-factor authentication was turned on",
        "Two-factor authentication was turned off",
    }


def test_worker_logs_name_tasks_but_no_people(api: Any, ana: Any, ben: Any, worker: Any) -> None:
    body = {"content": f"Chào @{ben.username}!", "visibility": "public"}
    assert api.post("/v1/posts", json=body, token=ana.token).status_code == 201

    until(lambda: read_notifications(api, ben), worker)
    until(lambda: "Task posts.mention[" in worker.output(), worker)
    assert "succeeded" in worker.output()
    assert ben.username not in worker.output()
    assert ana.username not in worker.output()


def test_a_wrong_password_changes_nothing_and_notifies_nobody(api: Any, ana: Any, ben: Any, worker: Any) -> None:
    body = {"old_password": "Falsch-123!", "new_password": "Khac-han-456!"}
    assert api.post("/v1/auth/change-password", json=body, token=ana.token).status_code == 400
    cause(event("mention", ana, ben))

    until(lambda: read_notifications(api, ana), worker)
    assert [one["kind"] for one in read_notifications(api, ana)] == ["mention"]


def test_friends_get_notifications_of_each_other_until_a_block(api: Any, ana: Any, ben: Any, worker: Any) -> None:
    assert friends.send_friend_request(api, ana, ben).status_code == 201
    # A friend request that is answered before the task runs is not notified.
    until(lambda: read_notifications(api, ben) and mails_to(ben), worker)
    assert friends.answer(api, ben, ana).status_code == 200

    until(lambda: read_notifications(api, ana), worker)
    assert [(one["kind"], one["actor"]["id"]) for one in read_notifications(api, ben)] == [("friend_request", ana.id)]
    assert [(one["kind"], one["actor"]["id"]) for one in read_notifications(api, ana)] == [("friend_accepted", ben.id)]
    assert (len(mails_to(ben)), mails_to(ana)) == (1, [])
    friends.block(api, ana, ben)
    assert (read_notifications(api, ana), read_notifications(api, ben)) == ([], [])
    until(lambda: unread(api, ana) == unread(api, ben) == 0, worker)


def test_a_message_that_keeps_failing_becomes_a_dead_letter(ana: Any, worker: Any) -> None:
    sqs, url = aws.client("sqs"), settings.QUEUE_URLS[queues.NOTIFICATIONS.name]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1"})

    send(services.DELIVER, "gossip", ana.id, "", "post", "x", "y")

    dead = f"{url}-dead"
    until(lambda: sqs.receive_message(QueueUrl=dead, WaitTimeSeconds=1).get("Messages"), worker)
