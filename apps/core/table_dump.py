"""Dump the table to JSON lines, verify a dump, and load it. For operators' commands only.

Each line is one item in DynamoDB's JSON, `{"pk":{"S":"…"},…}`, with binary values as base64. The last line is a
summary of the others, so that a truncated file is detected.
"""

import base64
import gzip
import hashlib
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TextIO, cast

from apps.core import aws
from smartcooking.contract import table

Row = dict[str, Any]
Progress = Callable[[int], object]

# The maximum of BatchWriteItem.
_BATCH = 25
# Commands are patient: they wait out throttling instead of failing.
_ATTEMPTS = 10
_LONGEST_DELAY = 5.0
_MODULUS = 2**256
_SUMMARY = "summary"
_SETS = {"SS", "NS", "BS"}


class DamagedDump(Exception):
    """The file is not a complete dump, or was changed."""


@dataclass
class Summary:
    """The number of rows of each kind, and a hash over all rows that does not depend on their order."""

    kinds: Counter[str] = field(default_factory=Counter)
    hash_sum: int = 0

    def add(self, line: str, row: Row) -> None:
        self.kinds[row.get("kind", {}).get("S", "")] += 1
        self.hash_sum = (self.hash_sum + int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")) % _MODULUS

    @property
    def rows(self) -> int:
        return self.kinds.total()

    @property
    def sha256(self) -> str:
        return f"{self.hash_sum:064x}"

    def as_line(self) -> str:
        return json.dumps({_SUMMARY: {"rows": self.rows, "sha256": self.sha256}})


def scan_rows(name: str, *, partition: str = "") -> Iterator[Row]:
    """Yield the rows of a table, or of one of its partitions, by consistent reads (1 unit per 4 KB).

    Rows written during the scan may be missing. For a consistent state, read a table restored to a point in time.
    """
    client = _client()
    if partition:
        condition = {
            "KeyConditionExpression": "#pk = :pk",
            "ExpressionAttributeNames": {"#pk": table.PARTITION_KEY},
            "ExpressionAttributeValues": {":pk": {"S": partition}},
        }
        pages = client.get_paginator("query").paginate(TableName=name, ConsistentRead=True, **condition)
    else:
        pages = client.get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
    for page in pages:
        yield from page["Items"]


def estimate_row_count(name: str) -> int:
    """Return the number of rows, which DynamoDB updates every six hours. Good enough for a progress bar."""
    return cast("int", _client().describe_table(TableName=name)["Table"]["ItemCount"])


def is_empty(name: str) -> bool:
    return not _client().scan(TableName=name, Limit=1, ConsistentRead=True)["Items"]


def summarize_rows(found: Iterable[Row], progress: Progress) -> Summary:
    summary = Summary()
    for row in found:
        summary.add(encode_row(row), row)
        progress(1)
    return summary


def write_dump(path: Path, found: Iterable[Row], progress: Progress) -> Summary:
    """Write a dump that only its owner can read. It replaces an earlier file of that name once it is complete."""
    summary = Summary()
    unfinished = path.with_name(f"{path.name}.part")
    # The dump contains personal data.
    unfinished.touch(mode=0o600)
    with _opened(unfinished, "wt", packed=path.suffix == ".gz") as file:
        for row in found:
            line = encode_row(row)
            summary.add(line, row)
            file.write(f"{line}\n")
            progress(1)
        file.write(f"{summary.as_line()}\n")
    unfinished.replace(path)
    return summary


def verify_dump(path: Path) -> Summary:
    """Read the whole file and return its summary. Raise `DamagedDump` if it was truncated, changed, or is no dump."""
    summary = Summary()
    last: Row = {}
    for number, line in enumerate(_lines(path), start=1):
        last = _parsed(path, number, line)
        if _is_row(last):
            summary.add(encode_row(last), last)
    if last != json.loads(summary.as_line()):
        message = f"{path} was cut off or changed: its last line is not the summary of the others"
        raise DamagedDump(message)
    return summary


def load_dump(name: str, path: Path, progress: Progress) -> None:
    """Put the rows of a verified dump, overwriting rows with the same key."""
    client = _client()
    found = (row for row in map(decode_row, _lines(path)) if _is_row(row))
    while batch := list(islice(found, _BATCH)):
        _put(client, name, batch)
        progress(len(batch))


def encode_row(row: Row) -> str:
    return json.dumps(_ordered(row), default=_as_text, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def decode_row(line: str) -> Row:
    return cast("Row", json.loads(line, object_hook=_with_bytes))


def _put(client: Any, name: str, batch: list[Row]) -> None:
    """Write a batch, and repeat for the items that DynamoDB returns as unprocessed."""
    left = {name: [{"PutRequest": {"Item": row}} for row in batch]}
    delay = 0.05
    while left := client.batch_write_item(RequestItems=left)["UnprocessedItems"]:
        time.sleep(random.uniform(0, delay))  # noqa: S311
        delay = min(_LONGEST_DELAY, 2 * delay)


def _parsed(path: Path, number: int, line: str) -> Row:
    try:
        row = decode_row(line)
    except ValueError as error:
        message = f"{path}, line {number}: {error}"
        raise DamagedDump(message) from error
    if not _is_row(row) and list(row) != [_SUMMARY]:
        message = f"{path}, line {number}: not a row of the table"
        raise DamagedDump(message)
    return row


def _is_row(line: Row) -> bool:
    return {table.PARTITION_KEY, table.SORT_KEY} <= set(line)


def _lines(path: Path) -> Iterator[str]:
    try:
        with _opened(path, "rt", packed=path.suffix == ".gz") as file:
            for line in file:
                yield line.rstrip("\n")
    except (EOFError, gzip.BadGzipFile, UnicodeDecodeError) as error:
        message = f"{path} cannot be read: {error}"
        raise DamagedDump(message) from error


def _opened(path: Path, mode: Literal["rt", "wt"], *, packed: bool) -> TextIO:
    if packed:
        # The fastest compression: operators wait for the CPU, not for the disk.
        return cast("TextIO", gzip.open(path, mode, compresslevel=1, encoding="utf-8"))
    return path.open(mode, encoding="utf-8")


def _ordered(value: Any) -> Any:
    """Sort sets, which DynamoDB returns in any order, so that equal rows give equal lines."""
    if isinstance(value, list):
        return [_ordered(one) for one in value]
    if isinstance(value, dict):
        is_set = len(value) == 1 and isinstance(next(iter(value.values())), list) and next(iter(value)) in _SETS
        return {key: sorted(one) if is_set else _ordered(one) for key, one in value.items()}
    return value


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"not a DynamoDB value: {type(value)}")


def _with_bytes(value: Row) -> Row:
    """Decode binary values. An attribute of a map may also be named `B`; its value is then a typed one, not text."""
    if isinstance(text := value.get("B"), str) and len(value) == 1:
        return {"B": base64.b64decode(text, validate=True)}
    if isinstance(texts := value.get("BS"), list) and len(value) == 1:
        return {"BS": [base64.b64decode(text, validate=True) for text in texts]}
    return value


def _client() -> Any:
    return aws.client("dynamodb", _ATTEMPTS)
