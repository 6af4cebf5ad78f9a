"""Cause notification events, and read the notifications and mails that follow."""

from typing import Any

import urllib3
from django.conf import settings

from apps.core import ids
from apps.core.transactions import Transaction
from apps.notifications import services
from apps.notifications.events import NotificationEvent, NotificationKind, NotificationTarget


def event(
    kind: str, to: Any, actor: Any = None, target: str = "post", target_id: str = "", at: str = ""
) -> NotificationEvent:
    """Make an event that has just happened."""
    about = target_id or ids.new_id()
    return NotificationEvent(
        NotificationKind(kind), to.id, actor.id if actor else "", NotificationTarget(target), about, at or ids.new_id(),
        about if target == "post" else "",
    )  # fmt: skip


def cause(happened: NotificationEvent) -> None:
    """Commit a transaction that causes the event, as the services of other apps do."""
    transaction = Transaction()
    services.deliver_after_commit(transaction, happened)
    transaction.commit()


def read_notifications(api: Any, person: Any, query: str = "", **headers: str) -> list[dict[str, Any]]:
    answer = api.get(f"/v1/notifications{query}", token=person.token, headers=headers)
    assert answer.status_code == 200, answer.content
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def unread(api: Any, person: Any) -> int:
    return int(api.get("/v1/notifications/unread-count", token=person.token).json()["count"])


def mails_to(person: Any) -> list[dict[str, Any]]:
    """Return the mails that the local AWS has sent."""
    answer = urllib3.request("GET", f"{settings.AWS_ENDPOINT_URL}/_ministack/ses/messages").json()
    return [one for sent in answer["messages"].values() for one in sent if one["To"] == [person.email]]
