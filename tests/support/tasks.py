"""Run tasks in this process, with the messages that a worker would receive."""

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
from django.conf import settings

from apps.core import aws, ids
from apps.core.tasks import RetriedTask
from smartcooking.celery import app
from smartcooking.contract.queues import DEAD_LETTERS_SUFFIX


def deliver_message(message: Any, *, times: int = 1, at_once: int = 1) -> None:
    """Process a message as often as SQS delivers it: one after another, or by several workers at once."""
    app.loader.import_default_modules()
    for _ in range(times):
        with ThreadPoolExecutor(at_once) as workers:
            list(workers.map(lambda _: _work(message), range(at_once)))
    # As its sender would, remove the message from the outbox, so that another test's sweeper doesn't find it.
    message.delete(add_version_condition=False)


def _work(message: Any) -> None:
    """Retry as Celery does after a conflict with another worker."""
    for _ in range(10):
        try:
            app.tasks[message.task](*message.args)
        except RetriedTask.autoretry_for:
            continue
        return
    raise AssertionError(f"{message.task} was in the way of itself")


def run_all(messages: list[Any], *, times: int = 1) -> None:
    """Process messages, and those that they cause, until there are none."""
    while messages:
        deliver_message(messages.pop(0), times=times)


def leave_dead_letter() -> str:
    """Put a message into a dead-letter queue and return its id."""
    headers = {"task": "notifications.deliver", "request_id": ids.new_id()}
    body = base64.b64encode(orjson.dumps([[ids.new_id(), "friend_request"], {}, {}])).decode()
    sent = aws.client("sqs").send_message(
        QueueUrl=settings.QUEUE_URLS["default"] + DEAD_LETTERS_SUFFIX,
        MessageBody=base64.b64encode(orjson.dumps({"headers": headers, "body": body})).decode(),
    )
    return str(sent["MessageId"])
