"""Messages in the dead-letter queues: inspect them, retry them, delete them."""

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from django.conf import settings

from apps.core import aws, clock, outbox
from apps.core.audit import AuditEntry
from apps.core.authentication import Actor
from apps.core.preconditions import Check, any_version
from apps.core.transactions import Transaction
from apps.moderation import acts, authority
from apps.moderation.acts import Act
from apps.moderation.errors import DeadLetterNotFound
from smartcooking.contract.queues import DEAD_LETTERS_SUFFIX, QUEUES, Queue

TARGET = "dead_letter"
# Messages never change, so their version is constant.
VERSION = 0
# SQS receives, and returns, at most ten messages at a time.
_AT_A_TIME = 10
# At most this many messages of a queue are read, as many as other queues count.
_MOST = 1000
# Visibility timeout, in seconds, of messages that are read and not returned earlier.
_LOOK_SECONDS = 10


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter: its task, its age, and how often it was tried."""

    id: str
    queue: Queue
    task: str
    args: list[str]
    sent_at: datetime
    receives: int
    request_id: str
    receipt: str


def count() -> dict[str, int]:
    """Return the approximate number of dead letters in each queue."""
    return {queue.name: _count(queue) for queue in QUEUES}


def _count(queue: Queue) -> int:
    answer = aws.client("sqs").get_queue_attributes(
        QueueUrl=_url(queue), AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    )
    return sum(int(number) for number in answer["Attributes"].values())


def peek() -> list[DeadLetter]:
    """Read the dead letters of all queues, oldest first. They become visible to others again at once."""
    found = _look()
    _put_back(found)
    return found


def page(*, limit: int, after: list[str] | None) -> tuple[list[DeadLetter], list[str] | None]:
    """Return a page of dead letters, oldest first, and the position of the next page.

    Positions consist of a message's time and id, so pages are complete whatever is retried or discarded meanwhile.
    """
    following = [letter for letter in peek() if after is None or _position(letter) > after]
    shown = following[:limit]
    return shown, _position(shown[-1]) if len(following) > limit else None


def _position(letter: DeadLetter) -> list[str]:
    return [clock.sortable(letter.sent_at), letter.id]


def _look() -> list[DeadLetter]:
    found = {letter.id: letter for queue in QUEUES for letter in _receive(queue)}
    return sorted(found.values(), key=_position)


def _put_back(letters: Sequence[DeadLetter]) -> None:
    for queue in QUEUES:
        receipts = [letter.receipt for letter in letters if letter.queue == queue]
        for start in range(0, len(receipts), _AT_A_TIME):
            entries = [
                {"Id": str(number), "ReceiptHandle": receipt, "VisibilityTimeout": 0}
                for number, receipt in enumerate(receipts[start : start + _AT_A_TIME])
            ]
            # A message that another process has received meanwhile fails on its own.
            aws.client("sqs").change_message_visibility_batch(QueueUrl=_url(queue), Entries=entries)


def _receive(queue: Queue) -> Iterator[DeadLetter]:
    for _ in range(_MOST // _AT_A_TIME):
        answer = aws.client("sqs").receive_message(
            QueueUrl=_url(queue), MaxNumberOfMessages=_AT_A_TIME, VisibilityTimeout=_LOOK_SECONDS, WaitTimeSeconds=0,
            MessageSystemAttributeNames=["SentTimestamp", "ApproximateReceiveCount"],
        )  # fmt: skip
        messages = answer.get("Messages", [])
        yield from (_letter(queue, message) for message in messages)
        if not messages:
            return


def _letter(queue: Queue, message: dict[str, Any]) -> DeadLetter:
    content = _content(message["Body"])
    headers, attributes = content.get("headers", {}), message.get("Attributes", {})
    return DeadLetter(
        id=message["MessageId"],
        queue=queue,
        task=str(headers.get("task", "?")),
        args=[str(one) for one in _args(content)],
        sent_at=datetime.fromtimestamp(int(attributes.get("SentTimestamp", 0)) / 1000, UTC),
        receives=int(attributes.get("ApproximateReceiveCount", 0)),
        request_id=str(headers.get("request_id", "")),
        receipt=message["ReceiptHandle"],
    )


def _content(body: str) -> dict[str, Any]:
    """Return Celery's message: JSON, which kombu may have encoded in base64."""
    try:
        found: Any = orjson.loads(body if body.startswith("{") else base64.b64decode(body))
    except (ValueError, binascii.Error):
        return {}
    return found if isinstance(found, dict) else {}


def _args(content: dict[str, Any]) -> list[Any]:
    try:
        found = orjson.loads(base64.b64decode(content.get("body", "")))
    except (ValueError, binascii.Error):
        return []
    return list(found[0]) if isinstance(found, list) and found else []


def retry(letter_id: str, *, actor: Actor, reason: str = "", check: Check = any_version) -> str:
    """Send a message again: write its outbox row and the audit entry in one transaction, then delete the message.

    If interrupted in between, the message stays in the queue; tasks are safe to run twice.
    """
    return _take(letter_id, Act.RETRY, actor=actor, reason=reason, check=check)


def discard(letter_id: str, *, actor: Actor, reason: str, check: Check = any_version) -> str:
    """Delete a message. The audit entry keeps its content."""
    return _take(letter_id, Act.DISCARD, actor=actor, reason=acts.require_reason(reason), check=check)


def bring_back(entry: AuditEntry, *, actor: Actor, reason: str) -> str:
    """Send a discarded message again, from the content in its audit entry."""
    who, said = authority.require_moderator(actor), entry.before
    queue = next((one for one in QUEUES if one.name == said["queue"]), None)
    if queue is None:
        raise DeadLetterNotFound
    transaction = Transaction()
    transaction.after(outbox.Task(said["task"], queue), *said["args"])
    entry_id = acts.record(
        transaction, Act.RETRY, who, TARGET, entry.target_id, title=said["task"], reason=reason, before=said
    )
    transaction.commit()
    return entry_id


def _take(letter_id: str, act: Act, *, actor: Actor, reason: str, check: Check) -> str:
    who = authority.require_moderator(actor)
    # Checked before the message is received, so that a refused request doesn't hide it from others.
    check(VERSION)
    found = _look()
    letter = next((one for one in found if one.id == letter_id), None)
    _put_back([one for one in found if one is not letter])
    if letter is None:
        raise DeadLetterNotFound
    transaction = Transaction()
    if act is Act.RETRY:
        transaction.after(outbox.Task(letter.task, letter.queue), *letter.args)
    entry_id = acts.record(
        transaction, act, who, TARGET, letter.id, title=letter.task, reason=reason,
        before={"queue": letter.queue.name, "task": letter.task, "args": letter.args},
    )  # fmt: skip
    transaction.commit()
    aws.client("sqs").delete_message(QueueUrl=_url(letter.queue), ReceiptHandle=letter.receipt)
    return entry_id


def _url(queue: Queue) -> str:
    return settings.QUEUE_URLS[queue.name] + DEAD_LETTERS_SUFFIX
