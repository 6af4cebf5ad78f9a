"""Count every request of this process to the table, in read and write units."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from apps.core import aws, keys
from apps.core.models import Item
from devtools.capacity import units
from devtools.capacity.item_sizes import Image, item_size
from devtools.capacity.units import TABLE, Consumed
from smartcooking.contract import table

Params = dict[str, Any]
Images = list[Image | None]

# Parameters of a query that change its result but not its cost.
_NARROWING = {"FilterExpression", "ProjectionExpression", "Select"}
_BEFORE = "before-parameter-build.dynamodb"
_AFTER = "after-call.dynamodb"
_HTTP_ERROR = 400
# Time limit for the messages of an action to be sent and removed from the outbox.
_SETTLE_SECONDS = 5.0
# Threads that poll change feeds every two seconds, independently of requests.
_FOLLOWERS = "follow-"
# Threads that send messages, including those of earlier actions.
_SENDERS = "outbox"


@dataclass
class Meter:
    """Records consumed units, and differences between our figures for writes and the emulator's."""

    consumed: Consumed = field(default_factory=Consumed)
    differences: list[str] = field(default_factory=list)
    _open_messages: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def before(self, params: Params, model: Any, context: Params, **_: Any) -> None:
        """Remember the items that are about to be written, and request the emulator's own figures."""
        if _is_follower() or model.name not in _WRITTEN_KEYS:
            return
        keys = _WRITTEN_KEYS[model.name](params)
        if self._is_sent_for_others(keys):
            return
        context["meter_keys"] = keys
        context["meter_old"] = _read(context["meter_keys"])
        params["ReturnConsumedCapacity"] = "INDEXES"

    def request(self, params: Params, model: Any, context: Params, **_: Any) -> None:
        """Keep the parameters of a read until its response arrives."""
        if not (_is_follower() or _is_polled(params)) and model.name in _READS:
            context["meter_params"] = params

    def after(self, http_response: Any, parsed: Params, model: Any, context: Params, **_: Any) -> None:
        if _is_follower() or not self._is_counted(model.name, context):
            return
        with self._lock:
            self.consumed.requests += 1
            if model.name in _READS:
                _READS[model.name](self.consumed, context["meter_params"], parsed)
            elif model.name in _WRITTEN_KEYS:
                self._count_writes(model.name, context, parsed, failed=http_response.status_code >= _HTTP_ERROR)
            else:
                message = f"{model.name} is not counted"
                raise NotImplementedError(message)

    @staticmethod
    def _is_counted(operation: str, context: Params) -> bool:
        if operation in _WRITTEN_KEYS:
            return "meter_keys" in context
        return operation not in _READS or "meter_params" in context

    def settle(self) -> None:
        """Wait until the messages of the action have been sent and removed, which counts as part of it."""
        deadline = time.monotonic() + _SETTLE_SECONDS
        while self._open_messages and time.monotonic() < deadline:
            time.sleep(0.01)

    def _is_sent_for_others(self, keys: list[tuple[str, Image]]) -> bool:
        """Say whether the request removes a message that was not written inside the block."""
        is_sender = threading.current_thread().name.startswith(_SENDERS)
        return is_sender and not any(key[table.SORT_KEY]["S"] in self._open_messages for _, key in keys)

    def _count_writes(self, operation: str, context: Params, parsed: Params, *, failed: bool) -> None:
        old: Images = context["meter_old"]
        new = old if failed else _read(context["meter_keys"])
        transactional = operation == "TransactWriteItems"
        counted = Consumed()
        for before, after in zip(old, new, strict=True):
            counted.write(units.write_units(before, after, transactional=transactional))
        self.consumed.write(dict(counted.writes))
        self._follow_messages(old, new)
        if not failed:
            self._compare(operation, counted, parsed)

    def _follow_messages(self, old: Images, new: Images) -> None:
        for before, after in zip(old, new, strict=True):
            if after and not before and after["kind"]["S"] == "outbox":
                self._open_messages.add(after["sk"]["S"])
            if before and not after and before["kind"]["S"] == "outbox":
                self._open_messages.discard(before["sk"]["S"])

    def _compare(self, operation: str, counted: Consumed, parsed: Params) -> None:
        """Compare our figures for writes with the emulator's, which are correct."""
        reported = parsed.get("ConsumedCapacity", [])
        for one in reported if isinstance(reported, list) else [reported]:
            indexes = one.get("GlobalSecondaryIndexes", {})
            # For a transaction the emulator reports the table's share without its name.
            theirs = {TABLE: one["Table"]["CapacityUnits"] if "Table" in one else one["WriteCapacityUnits"]}
            theirs |= {name: figures["CapacityUnits"] for name, figures in indexes.items() if figures["CapacityUnits"]}
            if dict(counted.writes) != theirs:
                self.differences.append(f"{operation}: {dict(counted.writes)}, the emulator says {theirs}")


@contextmanager
def metered() -> Iterator[Meter]:
    """Count the requests that this process makes inside the block, except those that it makes every few seconds anyway.

    The block ends when the messages that it caused have been sent; messages of earlier actions are not counted.
    """
    meter = Meter()
    events = Item._get_connection().connection.client.meta.events  # noqa: SLF001  PynamoDB has no public hook
    events.register(_BEFORE, meter.before)
    events.register(_BEFORE, meter.request)
    events.register(_AFTER, meter.after)
    try:
        yield meter
        meter.settle()
    finally:
        events.unregister(_BEFORE, meter.before)
        events.unregister(_BEFORE, meter.request)
        events.unregister(_AFTER, meter.after)


def _is_follower() -> bool:
    return threading.current_thread().name.startswith(_FOLLOWERS)


def _is_polled(params: Params) -> bool:
    """Return whether a row is read that each process caches for five seconds: whose action reads it is chance."""
    key = keys.ai_settings()
    return bool(params.get("Key") == {table.PARTITION_KEY: {"S": key.pk}, table.SORT_KEY: {"S": key.sk}})


def _plain() -> Any:
    """Return a client whose requests are not counted."""
    return aws.client("dynamodb")


def _read(keys: list[tuple[str, Image]]) -> Images:
    return [_plain().get_item(TableName=name, Key=key, ConsistentRead=True).get("Item") for name, key in keys]


def _key(item: Image) -> dict[str, Mapping[str, Any]]:
    return {name: item[name] for name in (table.PARTITION_KEY, table.SORT_KEY)}


def _put_key(params: Params) -> list[tuple[str, Image]]:
    return [(params["TableName"], _key(params["Item"]))]


def _named_key(params: Params) -> list[tuple[str, Image]]:
    return [(params["TableName"], params["Key"])]


def _batch_keys(params: Params) -> list[tuple[str, Image]]:
    found = []
    for name, requests in params["RequestItems"].items():
        for request in requests:
            put = request.get("PutRequest")
            found.append((name, _key(put["Item"]) if put else request["DeleteRequest"]["Key"]))
    return found


def _transaction_keys(params: Params) -> list[tuple[str, Image]]:
    actions = [action for entry in params["TransactItems"] for action in entry.values()]
    return [(one["TableName"], _key(one["Item"]) if "Item" in one else one["Key"]) for one in actions]


_WRITTEN_KEYS: dict[str, Callable[[Params], list[tuple[str, Image]]]] = {
    "PutItem": _put_key,
    "UpdateItem": _named_key,
    "DeleteItem": _named_key,
    "BatchWriteItem": _batch_keys,
    "TransactWriteItems": _transaction_keys,
}


def _get(consumed: Consumed, params: Params, parsed: Params) -> None:
    images = [parsed["Item"]] if "Item" in parsed else []
    consumed.read(units.query_units(images, consistent=params.get("ConsistentRead", False)))


def _batch_get(consumed: Consumed, params: Params, parsed: Params) -> None:
    """Count each item rounded up by itself; a missing item counts as the smallest."""
    for name, wanted in params["RequestItems"].items():
        found = parsed["Responses"].get(name, [])
        consistent = wanted.get("ConsistentRead", False)
        for image in [[item] for item in found] + [[]] * (len(wanted["Keys"]) - len(found)):
            consumed.read(units.query_units(image, consistent=consistent))


def _transact_get(consumed: Consumed, params: Params, parsed: Params) -> None:
    for answer in parsed["Responses"]:
        size = item_size(answer.get("Item", {}))
        consumed.read(units.read_units(size, consistent=True, transactional=True))


def _query(consumed: Consumed, params: Params, parsed: Params) -> None:
    """Count a page, which is read once more without filter or count: rows that a filter drops are billed too."""
    images = parsed.get("Items", [])
    if parsed["ScannedCount"] != parsed["Count"] or "ProjectionExpression" in params or "Select" in params:
        images = _plain().query(**_without_filter(params))["Items"]
    index = params.get("IndexName", TABLE)
    consumed.read(units.query_units(images, consistent=params.get("ConsistentRead", False)), index)


def _without_filter(params: Params) -> Params:
    """Remove the filter with the names and values that only it uses, since DynamoDB refuses unused ones."""
    kept = {name: value for name, value in params.items() if name not in _NARROWING}
    condition = kept["KeyConditionExpression"]
    for part in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        kept[part] = {name: value for name, value in kept.get(part, {}).items() if name in _words(condition)}
    return kept


def _words(expression: str) -> set[str]:
    return set(expression.replace("(", " ").replace(")", " ").replace(",", " ").split())


_READS: dict[str, Callable[[Consumed, Params, Params], None]] = {
    "GetItem": _get,
    "BatchGetItem": _batch_get,
    "TransactGetItems": _transact_get,
    "Query": _query,
}
