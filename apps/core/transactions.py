"""All-or-nothing writes. Each condition names what it protects; conflicts are retried with jitter."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import structlog
from pynamodb.connection import Connection
from pynamodb.exceptions import DeleteError, PutError, PynamoDBException, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from apps.core import clock, dry_runs, events, outages, outbox, retries
from apps.core.errors import Unavailable
from apps.core.ids import new_id
from apps.core.keys import Key
from apps.core.models import Item

P = ParamSpec("P")
R = TypeVar("R")
log = structlog.get_logger()

# DynamoDB: at most 100 actions in one transaction.
MAX_ACTIONS = 100

_CONFLICTS = {"TransactionConflict", "TransactionConflictException"}
_CONDITION = {"ConditionalCheckFailed", "ConditionalCheckFailedException"}


class WriteConflict(Exception):
    """Somebody else changed a row since it was read: read again and retry."""


def retry_conflicts(function: Callable[P, R]) -> Callable[P, R]:
    """Retry `function`, from its first read, after each `WriteConflict`; `Unavailable` (503) once the time is over."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        until, attempt = retries.deadline(), 0
        while True:
            try:
                return function(*args, **kwargs)
            except WriteConflict as conflict:
                if not retries.pause(attempt, until):
                    raise Unavailable from conflict
                attempt += 1

    return run


class Transaction:
    """Writes that happen together or not at all, with the messages that they cause.

    Each action names in `otherwise` the error of its failed condition; an action without one fails as a
    `WriteConflict`. Messages of `after` become outbox rows in the same transaction and are sent once it is committed.
    """

    _connection: Connection | None = None

    def __init__(self) -> None:
        self._checks: list[tuple[Any, Exception | None]] = []
        self._deletes: list[tuple[Any, Exception | None]] = []
        self._discards: list[tuple[Any, Exception | None]] = []
        self._puts: list[tuple[Any, Exception | None]] = []
        self._updates: list[tuple[Any, Exception | None]] = []
        self._messages: list[outbox.OutboxMessage] = []

    def check(self, model: type[Item], key: Key, condition: Condition, otherwise: Exception | None = None) -> None:
        """Commit only if the row at `key` meets `condition`. A row may appear in one action of a transaction only."""
        self._checks.append(((model, key, condition), otherwise))

    def delete(self, item: Item, otherwise: Exception | None = None) -> None:
        self._deletes.append((item, otherwise))

    def discard(self, item: Item) -> None:
        """Delete the row at the key of `item`, whether or not there is one."""
        self._discards.append((item, None))

    def save(self, item: Item, condition: Condition | None = None, otherwise: Exception | None = None) -> None:
        """Put the item: a fresh one only where there is none, one that was read only if nobody changed it."""
        self._puts.append(((item, condition), otherwise))

    def update(
        self,
        item: Item,
        actions: Sequence[Action],
        condition: Condition | None = None,
        otherwise: Exception | None = None,
    ) -> None:
        """Change single attributes without having read the row: counters, and rows that may not exist yet.

        The version is not compared but moves, so that writers who did read the row notice.
        """
        # PynamoDB adds 1 to a version that it knows and sets one that it does not: no row must fall back.
        item.version = item.version or 0
        whole = [*actions, Item.kind.set(type(item)), Item.schema.set(item.SCHEMA)]
        self._updates.append(((item, whole, condition), otherwise))

    def after(self, task: outbox.Task, *args: str) -> None:
        """Have `task` run once the transaction is committed: at least once, however the process ends."""
        message = outbox.message(task, args)
        self._messages.append(message)
        self.save(message)

    def publish(self, event: events.Event) -> None:
        """Have the tasks that are subscribed to `event` run once the transaction is committed, each at least once."""
        for task in events.subscribed_tasks(type(event)):
            self.after(task, *event.arguments)

    def __len__(self) -> int:
        return len(self._actions())

    def commit(self) -> None:
        """Write; DomainError of the first failed condition, `WriteConflict` where reading again may help.

        What AWS throttled, failed or did not answer is sent again; `Unavailable` once the time is over. All attempts
        carry one token: DynamoDB writes once even where only its answer was lost.
        Costs 2 write units per KB and row, plus the indexes.
        """
        dry_runs.end_before_write()
        token, until, attempt = new_id(), retries.deadline(), 0
        while not self._write(token):
            if not retries.pause(attempt, until):
                raise Unavailable
            attempt += 1
        outbox.dispatch(self._messages)

    def _write(self, token: str) -> bool:
        """Send once; False where the same may succeed in a moment."""
        try:
            self._send(token)
        except TransactWriteError as error:
            explained = self._explain(error)
            if explained is error and outages.is_worth_a_retry(error):
                log.warning("transaction_retried", cause=str(error.cause)[:200])
                return False
            raise explained from error
        return True

    def _send(self, token: str) -> None:
        with TransactWrite(connection=shared_connection(), client_request_token=token) as transaction:
            for (model, key, condition), _ in self._checks:
                transaction.condition_check(model, key.pk, key.sk, condition=condition)
            for item, _ in self._deletes:
                transaction.delete(item)
            for item, _ in self._discards:
                transaction.delete(item, add_version_condition=False)
            for (item, condition), _ in self._puts:
                transaction.save(item, condition=condition)
            for (item, actions, condition), _ in self._updates:
                transaction.update(item, list(actions), condition=condition, add_version_condition=False)

    def _actions(self) -> list[tuple[Any, Exception | None]]:
        """Return all actions in the order in which they are sent."""
        return [*self._checks, *self._deletes, *self._discards, *self._puts, *self._updates]

    def _explain(self, error: TransactWriteError) -> Exception:
        """Find whose condition failed. PynamoDB sends checks, deletes, puts, updates in this order, and so do we."""
        code = response_code(error)
        if code is None:
            return error
        if code in _CONFLICTS:
            return WriteConflict()
        reasons = [reason.code if reason else None for reason in error.cancellation_reasons]
        for reason, (_, otherwise) in zip(reasons, self._actions(), strict=False):
            if reason in _CONDITION:
                return otherwise or WriteConflict()
        return WriteConflict() if _CONFLICTS.intersection(filter(None, reasons)) else error


def shared_connection() -> Connection:
    """Return the one connection for transactions: a new one costs up to seconds."""
    if Transaction._connection is None:  # noqa: SLF001
        Transaction._connection = Item._get_connection().connection  # noqa: SLF001
    return Transaction._connection  # noqa: SLF001


def save(item: Item, otherwise: Exception | None = None) -> None:
    """Put one item under the same rules as in a transaction, at half its cost."""
    try:
        item.save()
    except PutError as error:
        raise explain_single(error, otherwise) from error


def delete(item: Item, otherwise: Exception | None = None) -> None:
    try:
        item.delete()
    except DeleteError as error:
        raise explain_single(error, otherwise) from error


def claim(item: Item, otherwise: Exception | None = None) -> None:
    """Put an item where there is none, or where one has expired that the TTL has not deleted yet."""
    free = Item.pk.does_not_exist() | (Item.ttl <= clock.epoch(clock.now()))
    try:
        item.save(condition=free, add_version_condition=False)
    except PutError as error:
        raise explain_single(error, otherwise) from error


def explain_single(error: PutError | UpdateError | DeleteError, otherwise: Exception | None) -> Exception:
    """Turn the failed condition of a single write into its domain error, or into a `WriteConflict`."""
    code = response_code(error)
    if code in _CONDITION:
        return otherwise or WriteConflict()
    return WriteConflict() if code in _CONFLICTS else error


def response_code(error: PynamoDBException) -> str | None:
    """Return DynamoDB's code; None where it did not answer at all, which PynamoDB's own property stumbles over."""
    response = getattr(error.cause, "response", None)
    return response["Error"]["Code"] if response else None
