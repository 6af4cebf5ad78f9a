"""Exports of the table in a bucket: list them, choose those for a point in time, replay them into a table.

DynamoDB writes an export as files of JSON lines and a manifest that lists them. A full export has a line for each row.
An incremental export has a line for each row that changed in its period: its new image, or only its key if it was
deleted.
"""

import base64
import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from time import sleep
from typing import Any

from botocore.exceptions import ClientError

MANIFEST = "/manifest-summary.json"
# The maximum of BatchWriteItem.
BATCH = 25
# Files that are read concurrently, one per thread.
FILES_AT_ONCE = 8
LONGEST_PAUSE = 5.0

Row = dict[str, Any]
Tell = Callable[[int], object]


class Unusable(Exception):
    """The exports in a bucket do not make up a table, or one of them contradicts its manifest."""


@dataclass(frozen=True)
class Export:
    """A complete export: of the whole table as of `until`, or, with `since`, of the changes between the two."""

    bucket: str
    since: datetime | None
    until: datetime
    files_key: str
    rows: int


def list_exports(s3: Any, bucket: str, prefix: str) -> list[Export]:
    """Return the complete exports: DynamoDB writes the manifest last. Empty if the bucket does not exist."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{prefix}/AWSDynamoDB/")
    try:
        keys = [one["Key"] for page in pages for one in page.get("Contents", []) if one["Key"].endswith(MANIFEST)]
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchBucket":
            return []
        raise
    return [_read(s3, bucket, key) for key in keys]


def select_chain(exports: Sequence[Export], at: datetime | None) -> list[Export]:
    """Return the newest full export that is not after `at`, and the incremental exports that continue it.

    An incremental export may follow any time within its period: each line is the row's final state, so rows that the
    table already has are only written again. The chain ends before a gap.
    """
    usable = [one for one in exports if at is None or one.until <= at]
    whole = max((one for one in usable if one.since is None), key=lambda one: one.until, default=None)
    if whole is None:
        raise Unusable(f"no export of the whole table{f' before {at:%Y-%m-%d %H:%M} UTC' if at else ''}")
    links = [whole]
    changes = [one for one in usable if one.since is not None]
    while following := [one for one in changes if _leads_on(one, links[-1].until)]:
        links.append(max(following, key=lambda one: one.until))
    return links


def _leads_on(export: Export, moment: datetime) -> bool:
    return export.since is not None and export.since <= moment < export.until


def replay(s3: Any, dynamodb: Any, table: str, export: Export, tell: Tell) -> None:
    """Write an export to a table; `tell` is called with the number of rows of each batch.

    Idempotent. Replay exports one after the other and in order: a row may be in several of them.
    """
    listed = _lines(s3.get_object(Bucket=export.bucket, Key=export.files_key)["Body"].iter_lines())
    with ThreadPoolExecutor(FILES_AT_ONCE) as threads:
        for _ in threads.map(lambda file: _write(dynamodb, table, _requests(s3, export.bucket, file), tell), listed):
            pass


def is_empty(dynamodb: Any, table: str) -> bool:
    return not dynamodb.scan(TableName=table, Limit=1)["Items"]


def _read(s3: Any, bucket: str, key: str) -> Export:
    manifest = json.load(s3.get_object(Bucket=bucket, Key=key)["Body"])
    whole = manifest.get("exportType", "FULL_EXPORT") == "FULL_EXPORT"
    return Export(
        bucket,
        None if whole else datetime.fromisoformat(manifest["exportFromTime"]),
        datetime.fromisoformat(manifest["exportTime" if whole else "exportToTime"]),
        manifest["manifestFilesS3Key"],
        manifest["itemCount"],
    )


def _lines(lines: Iterator[bytes]) -> Iterator[Any]:
    return (json.loads(line) for line in lines if line.strip())


def _requests(s3: Any, bucket: str, file: Mapping[str, Any]) -> Iterator[Row]:
    """Yield a request of BatchWriteItem for each line of a file; raises Unusable if lines are missing."""
    count = 0
    with gzip.open(s3.get_object(Bucket=bucket, Key=file["dataFileS3Key"])["Body"]) as lines:
        for line in _lines(lines):
            count += 1
            if row := line.get("Item") or line.get("NewImage"):
                yield {"PutRequest": {"Item": _decoded(row)}}
            else:
                yield {"DeleteRequest": {"Key": _decoded(line["Keys"])}}
    if count != file["itemCount"]:
        raise Unusable(f"{file['dataFileS3Key']} has {count} rows, and {file['itemCount']} by its manifest")


def _decoded(row: Row) -> Row:
    return {name: _value(value) for name, value in row.items()}


def _value(value: Row) -> Row:
    """Convert a value from the export's JSON, in which bytes are base64, to boto3's format."""
    ((kind, held),) = value.items()
    match kind:
        case "B":
            return {kind: base64.b64decode(held)}
        case "BS":
            return {kind: [base64.b64decode(one) for one in held]}
        case "L":
            return {kind: [_value(one) for one in held]}
        case "M":
            return {kind: _decoded(held)}
    return value


def _write(dynamodb: Any, table: str, requests: Iterator[Row], tell: Tell) -> None:
    while batch := list(islice(requests, BATCH)):
        left, pause = {table: batch}, 0.1
        while left := dynamodb.batch_write_item(RequestItems=left)["UnprocessedItems"]:
            sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        tell(len(batch))
