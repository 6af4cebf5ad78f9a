"""The journal of the local DynamoDB: every change on disk before its answer leaves, replayed at the next start.

The emulator keeps tables in memory and writes them when it is stopped in order, so `kill -9` would undo everything
since. A line of the journal is what one request changed, as a JSON array: a transaction is replayed whole or, when its
line is torn, not at all. The first element says what the rest is:

    ["tables", {...}]                              all tables without their items, after one was made or changed
    ["items", [[table id, pk, sk, item], ...]]     items written, or deleted where `item` is null
    ["whole", table id, [[table id, pk, ...]...]]  all items of a table, in place of those it had

Not kept: backups, exports, imports and streams, which nothing here uses.
"""

# ruff: noqa: SLF001 (the emulator has no public way to do this, hence its pinned version)

import json
import logging
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import orjson
from ministack.core import persistence
from ministack.services import dynamodb

from docker.wrapping import wrap

logger = logging.getLogger("journal")

Table = dict[str, Any]
# Table id, partition key, sort key, item.
Change = tuple[str, str, str, Any]

# Stores of the emulator's module that describe tables; the items are inside of `_tables`.
DESCRIPTIONS = ("_tags", "_ttl_settings", "_pitr_settings", "_contributor_insights", "_resource_policies")
# Entries of a table that are its content, or that follow from it.
CONTENT = {"items", "ItemCount", "TableSizeBytes", dynamodb._INDEX_MEMBERS}
# Requests that leave the tables' descriptions as they are.
ITEM_REQUESTS = {
    "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems",
    "GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems", "DescribeTable",
}  # fmt: skip
# A journal longer than this, half of which tells of what is gone, is rewritten at start.
REWRITE_BYTES = 32 * 1024 * 1024
# Items in one line of a rewritten journal.
BATCH = 500
# Bytes to read at once when looking for the last line.
BLOCK = 64 * 1024


class Journal:
    """An open journal, and the changes of the request under way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.changes: list[Change] = []
        self.tables = b""
        self.known: set[str] = set()
        self._file = -1

    def open(self) -> None:
        self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def close(self) -> None:
        """Put the journal on the disk itself, so that an orderly stop survives a power cut too."""
        os.fsync(self._file)
        os.close(self._file)

    def append(self, line: bytes) -> None:
        """Hand the line to the kernel, which keeps it whatever becomes of this process."""
        try:
            written = os.write(self._file, line)
        except OSError as error:
            _give_up(error)
        if written != len(line):
            _give_up(OSError(f"wrote {written} of {len(line)} bytes"))

    def save_items(self) -> None:
        """Append what was changed since the last call, as one line."""
        if not self.changes:
            return
        changes, self.changes = self.changes, []
        if any(change[0] not in self.known for change in changes):
            self.save_tables()
        self.append(_line("items", changes))

    def save_tables(self) -> None:
        """Append the tables' descriptions, if they differ from the last ones."""
        described = _describe_tables()
        if described == self.tables:
            return
        self.append(b'["tables",' + described + b"]\n")
        self.tables = described
        self.known = {table["TableId"] for table in dynamodb._tables.all_values()}

    def save_whole(self, table: Table) -> None:
        """Append the whole content of a table that was exchanged at once."""
        self.changes = [change for change in self.changes if change[0] != table["TableId"]]
        self.save_tables()
        batches = [item for batch in _batches(table) for item in batch]
        self.append(_line("whole", table["TableId"], batches))


def start(path: Path) -> Journal:
    """Bring back what the journal holds, and from now on keep every change in it."""
    _cut_torn_line(path)
    changes = _replay(path) if path.exists() else 0
    items = sum(table["ItemCount"] for table in dynamodb._tables.all_values())
    journal = Journal(path)
    if changes > 2 * items and path.stat().st_size > REWRITE_BYTES:
        _rewrite(journal)
    journal.open()
    journal.save_tables()
    _attach(journal)
    logger.info("%s items in %s tables", items, len(journal.known))
    return journal


def _attach(journal: Journal) -> None:
    """Have the emulator report each change: all of them go through these three functions."""

    @wrap(dynamodb, "_set_item")
    def set_item(original: Callable[..., Any], table: Table, pk: str, sk: str, item: Any) -> Any:
        journal.changes.append((table["TableId"], pk, sk, item))
        return original(table, pk, sk, item)

    @wrap(dynamodb, "_remove_item")
    def remove_item(original: Callable[..., Any], table: Table, pk: str, sk: str) -> Any:
        journal.changes.append((table["TableId"], pk, sk, None))
        return original(table, pk, sk)

    @wrap(dynamodb, "_items_replaced")
    def items_replaced(original: Callable[..., Any], table: Table) -> None:
        original(table)
        journal.save_whole(table)

    @wrap(dynamodb, "handle_request")
    async def handle_request(original: Callable[..., Any], method: str, path: str, headers: Any, *rest: Any) -> Any:
        try:
            return await original(method, path, headers, *rest)
        finally:
            journal.save_items()
            if headers.get("x-amz-target", "").rpartition(".")[2] not in ITEM_REQUESTS:
                journal.save_tables()


def _cut_torn_line(path: Path) -> None:
    """Drop the end of a line whose writing was interrupted: its request was never answered."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.truncate(_end_of_last_line(file, size))


def _end_of_last_line(file: BinaryIO, end: int) -> int:
    while end > 0:
        start_at = max(0, end - BLOCK)
        file.seek(start_at)
        found = file.read(end - start_at).rfind(b"\n")
        if found >= 0:
            return start_at + found + 1
        end = start_at
    return 0


def _replay(path: Path) -> int:
    """Apply the journal to the emulator's tables; returns the number of changes in it."""
    changes = 0
    tables: dict[str, Table] = {}
    with path.open("rb") as file:
        for line in file:
            kind, *content = _read(line)
            if kind == "tables":
                tables = _apply_tables(line, tables)
                continue
            if kind == "whole":
                tables[content[0]]["items"].clear()
            _apply_items(tables, content[-1])
            changes += len(content[-1])
    for table in tables.values():
        dynamodb._items_replaced(table)
    return changes


def _apply_items(tables: dict[str, Table], changes: list[list[Any]]) -> None:
    for table_id, pk, sk, item in changes:
        if table_id not in tables:
            continue
        items = tables[table_id]["items"]
        if item is not None:
            items[pk][sk] = item
        elif pk in items:
            items[pk].pop(sk, None)
            if not items[pk]:
                del items[pk]


def _apply_tables(line: bytes, before: dict[str, Table]) -> dict[str, Table]:
    """Take over the descriptions; a table keeps its items for as long as it keeps its id."""
    described = json.loads(line, object_hook=persistence._json_object_hook)[1]
    for name, store in described.items():
        getattr(dynamodb, name)._data = store._data
    tables = {table["TableId"]: table for table in dynamodb._tables.all_values()}
    for table_id, table in tables.items():
        table["items"] = before[table_id]["items"] if table_id in before else defaultdict(dict)
    return tables


def _rewrite(journal: Journal) -> None:
    """Write what there is into a journal of its own and put that in place of the old one, in one step."""
    draft = Journal(journal.path.with_suffix(".draft"))
    draft.path.unlink(missing_ok=True)
    draft.open()
    draft.save_tables()
    for table in dynamodb._tables.all_values():
        for batch in _batches(table):
            draft.append(_line("items", batch))
    draft.close()
    draft.path.replace(journal.path)


def _batches(table: Table) -> Iterator[list[Change]]:
    batch: list[Change] = []
    for pk, partition in table["items"].items():
        batch += [(table["TableId"], pk, sk, item) for sk, item in partition.items()]
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _line(*content: object) -> bytes:
    try:
        return orjson.dumps(content) + b"\n"
    except orjson.JSONEncodeError:
        # Half of a surrogate pair is no Unicode; the emulator takes it, and the standard library escapes it.
        return json.dumps(content).encode() + b"\n"


def _read(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return json.loads(line)


def _describe_tables() -> bytes:
    tables = type(dynamodb._tables)()
    for key, table in dynamodb._tables._data.items():
        tables._data[key] = {name: value for name, value in table.items() if name not in CONTENT}
    described = {"_tables": tables, **{name: getattr(dynamodb, name) for name in DESCRIPTIONS}}
    return json.dumps(described, default=persistence._json_default).encode()


def _give_up(error: OSError) -> NoReturn:
    """Stop at once: memory already holds what the disk does not, and no answer may tell of it."""
    logger.critical("the journal cannot be written: %s", error)
    os._exit(1)
