"""The outbox: messages stored in the transaction that causes them, and sent to SQS after its commit."""

import atexit
import random
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import structlog
from celery import current_app
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import PynamoDBException

from apps.core import clock, context, ids, keys
from apps.core.models import Item, JSONAttribute
from apps.core.telemetry import tracing
from smartcooking.contract.queues import Queue

log = structlog.get_logger()

# Spreads the writes: one partition takes 1,000 write units a second.
SHARDS = 4
# A message younger than this is probably being sent by the process that wrote it.
SWEEP_AFTER = timedelta(seconds=20)
_HIDDEN = "…"


@dataclass(frozen=True, slots=True)
class Task:
    """A Celery task as senders know it: the name of its messages, and their queue."""

    name: str
    queue: Queue


class OutboxMessage(Item, discriminator="outbox"):
    task = UnicodeAttribute()
    queue = UnicodeAttribute()
    args = JSONAttribute()
    request_id = UnicodeAttribute()


def message(task: Task, args: Sequence[str]) -> OutboxMessage:
    """Build the row. Arguments are ids only, so that queues hold nothing private."""
    key = keys.outbox(random.randrange(SHARDS), ids.new_id())  # noqa: S311
    return OutboxMessage(
        pk=key.pk,
        sk=key.sk,
        task=task.name,
        queue=task.queue.name,
        args=list(args),
        request_id=context.request_id.get(),
    )


def dispatch(messages: Sequence[OutboxMessage]) -> None:
    """Send in the background: an outage of SQS must not slow requests. `sweep` sends what remains."""
    if messages:
        # With the request's id for the logs, and its trace.
        _sender().submit(copy_context().run, _send_all, list(messages))


def sweep(*, older_than: timedelta = SWEEP_AFTER) -> int:
    """Send messages older than `older_than` and return how many. May send a message twice: tasks are safe to repeat."""
    bound = ids.first_id_at(clock.now() - older_than)
    return sum(_send_all(_left_in(shard, bound)) for shard in range(SHARDS))


def _left_in(shard: int, bound: str) -> Iterable[OutboxMessage]:
    partition = keys.outbox(shard, bound).pk
    return OutboxMessage.query(partition, OutboxMessage.sk < bound, consistent_read=True)


def _send_all(messages: Iterable[OutboxMessage]) -> int:
    return sum(_send(message) for message in messages)


def _send(message: OutboxMessage) -> bool:
    """Send, then remove the row. After any failure the row stays for the sweeper."""
    try:
        current_app.send_task(
            message.task,
            args=message.args,
            queue=message.queue,
            # What Celery shows of them in logs and events: nothing.
            argsrepr=_HIDDEN,
            kwargsrepr=_HIDDEN,
            headers={"request_id": message.request_id, "caused_at": _made_at(message), **tracing.headers()},
            retry=False,
        )
        message.delete(add_version_condition=False)
    except PynamoDBException:
        log.warning("outbox_row_not_removed", task=message.task, message_id=message.sk)
    except Exception as error:  # noqa: BLE001  kombu raises whatever its transport raises
        log.warning("outbox_not_sent", task=message.task, message_id=message.sk, error=type(error).__name__)
        return False
    return True


def _made_at(message: OutboxMessage) -> float:
    """Return when the change that causes the work was written, in seconds since 1970: its age begins there."""
    return ids.made_at(message.sk).timestamp()


@cache
def _sender() -> ThreadPoolExecutor:
    executor = ThreadPoolExecutor(max_workers=2, thread_name_prefix="outbox")
    atexit.register(executor.shutdown, wait=True)
    return executor
