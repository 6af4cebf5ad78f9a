"""Tests with workers of their own: killed during a delivery, without a connection to SES, and with short timeouts."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.core import aws
from apps.notifications import repositories
from smartcooking.contract import queues
from tests.support import processes as start
from tests.support.notifications import cause, event, mails_to, read_notifications, unread
from tests.support.processes import Running, quieten, until
from tests.support.proxy import UNAVAILABLE, Cuttable
from tests.support.suggestions import wait_for

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded")]


@pytest.fixture(autouse=True)
def _quiet_queue() -> Iterator[None]:
    """Let messages of killed workers return soon, and leave no worker that would take other tests' messages."""
    # Longer than a task takes here. The long poll of a stopped worker may still receive a message.
    quieten(queues.NOTIFICATIONS, queues.AI, visible_after=10)
    before = list(start.STARTED)
    yield
    for running in start.STARTED:
        if running not in before:
            running.stop()


def queue_is_empty() -> bool:
    sqs, url = aws.client("sqs"), settings.QUEUE_URLS[queues.NOTIFICATIONS.name]
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    return set(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values()) == {"0"}


def test_people_are_notified_of_a_suggestion_unless_they_have_read_it(
    api: Any, ana: Any, ben: Any, processes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With a model configured, a worker generates; its first provider is the rules.
    monkeypatch.setattr(settings, "AI_PROVIDERS", ["rules", "bedrock"])
    running = start.worker(
        processes, queues.AI, queues.NOTIFICATIONS, SUGGESTION_READY_AFTER="3", AI_PROVIDERS="rules,bedrock"
    )
    asked = {"ingredients": ["thịt nai", "khoai lang"], "recipe_count": 3, "max_minutes": 73}
    left, waited = (api.post("/v1/suggestions", json=asked, token=one.token).json() for one in (ana, ben))

    assert wait_for(api, ben, waited["id"]).json()["status"] == "complete"

    until(lambda: read_notifications(api, ana), running)
    (one,) = read_notifications(api, ana)
    target = {"type": "suggestion", "id": left["id"], "post_id": None}
    assert (one["kind"], one["target"]) == ("suggestion_ready", target)
    assert read_notifications(api, ben) == []
    running.stop()


@pytest.mark.parametrize("pause", [0.0, 0.3, 0.6, 1.0])
def test_a_worker_killed_in_a_delivery_leaves_it_to_the_next_complete_and_once(
    api: Any, ana: Any, ben: Any, processes: Path, pause: float
) -> None:
    """Killed at different moments: before the row, between row and mail, and while the mail is sent."""
    way = Cuttable(settings.DYNAMODB_ENDPOINT_URL, delay=0.1)
    doomed = start.worker(processes, queues.NOTIFICATIONS, DYNAMODB_ENDPOINT_URL=way.url)
    happened = event("friend_request", ana, ben)
    cause(happened)
    until(lambda: "received" in doomed.output(), doomed)
    time.sleep(pause)
    doomed.kill()
    way.close()

    heir = start.worker(processes, queues.NOTIFICATIONS)
    until(lambda: len(read_notifications(api, ana)) == 1, heir)
    until(queue_is_empty, heir)
    heir.stop()

    assert unread(api, ana) == 1
    assert len(mails_to(ana)) <= 1
    assert repositories.find_notification(ana.id, happened.notification_id) is not None


def away(processes: Path, answer: bytes | None) -> tuple[Cuttable, Running]:
    """Start a worker for which SES gives this response, or none, while everything else works."""
    way = Cuttable(settings.AWS_ENDPOINT_URL)
    way.refused, way.answer = b"/v2/email/outbound-emails", answer
    return way, start.worker(processes, queues.NOTIFICATIONS, AWS_ENDPOINT_URL=way.url)


def test_during_an_outage_of_ses_people_are_notified_and_mailed_afterwards(
    api: Any, ana: Any, ben: Any, processes: Path
) -> None:
    way, running = away(processes, UNAVAILABLE)

    cause(event("friend_request", ana, ben))

    until(lambda: read_notifications(api, ana), running)
    until(lambda: "TransientFailure" in running.output(), running)
    assert mails_to(ana) == []
    way.refused = None
    until(lambda: len(mails_to(ana)) == 1, running)
    running.stop()
    way.close()


def test_a_mail_whose_response_is_lost_is_not_sent_again(api: Any, ana: Any, ben: Any, processes: Path) -> None:
    way, running = away(processes, None)

    cause(event("friend_request", ana, ben))

    until(lambda: "mail_unanswered" in running.output(), running)
    way.refused = None
    until(queue_is_empty, running)
    assert (len(read_notifications(api, ana)), mails_to(ana)) == (1, [])
    running.stop()
    way.close()
