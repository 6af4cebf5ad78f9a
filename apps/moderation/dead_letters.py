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
from apps.core.transactions import Transaction
from apps.moderation import acts, authority
from apps.moderation.acts import Act, Check, any_version
from apps.moderation.errors import DeadLetterNotFound
from smartcooking.contract.queues import DEAD_LETTERS_SUFFIX, QUEUES, Queue

TARGET = "dead_letter"
# A message never changes.
VERSION = 0
# SQS hands out ten messages at a time, and takes ten back.
_AT_A_TIME = 10
# Messages of a queue that are looked at, as many as are counted of other queues.
_MOST = 1000
# Seconds for which a message is not handed out again while it is looked at, where nobody puts it back before.
_LOOK_SECONDS = 10


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message of a task: what it was for, since when, how often it was tried."""

    id: str
    queue: Queue
    task: str
    args: list[str]
    sent_at: datetime
    receives: int
    request_id: str
    receipt: str


def count() -> dict[str, int]:
    """Return how many dead letters each queue has, about."""
    return {queue.name: _count(queue) for queue in QUEUES}


def _count(queue: Queue) -> int:
    answer = aws.client("sqs").get_queue_attributes(
        QueueUrl=_url(queue), AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    )
    return sum(int(number) for number in answer["Attributes"].values())


def peek() -> list[DeadLetter]:
    """Look at the dead letters of all queues, oldest first; they stay where they are, for others to see at once."""
    found = _look()
    _put_back(found)
    return found


def page(*, limit: int, after: list[str] | None) -> tuple[list[DeadLetter], list[str] | None]:
    """Return so many dead letters after a position, oldest first, and the position of the next page.

    A page is complete whatever was retried or dropped meanwhile: positions name when a message was sent, and which.
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
            # One that another has taken meanwhile is theirs: it fails alone.
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
    """Return Celery's message: JSON, in base64 where kombu wrote it so."""
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
    """Have a message tried again: its outbox row and the audit entry are one transaction, then it is deleted.

    Who is interrupted in between finds it once more; tasks are safe to run twice.
    """
    return _take(letter_id, Act.RETRY, actor=actor, reason=reason, check=check)


def discard(letter_id: str, *, actor: Actor, reason: str, check: Check = any_version) -> str:
    """Drop a message for good; the audit entry keeps what it said."""
    return _take(letter_id, Act.DISCARD, actor=actor, reason=acts.require_reason(reason), check=check)


def bring_back(entry: AuditEntry, *, actor: Actor, reason: str) -> str:
    """Have the task of a message run that was discarded: the audit entry kept what it said."""
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
    # Before the message is looked at: whoever is refused hides it from nobody.
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
