"""Checks of safeguards that are missed only when needed: point-in-time recovery, backups, logs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from smartcooking.probes.checks import Step
from smartcooking.probes.http import Unexpected

# Point-in-time recovery lags by five minutes (docs/runbooks/restore.md); the promise is an hour.
RECOVERY_BEHIND = timedelta(minutes=15)
# One is made each night, within six hours after it is due.
BACKUP_AGE = timedelta(hours=30)
# The exports' prefix in the bucket of the second region, and the file that DynamoDB writes last.
EXPORTS, MANIFEST = "table/AWSDynamoDB/", "/manifest-summary.json"
# The sign-in check produces log lines every five minutes.
SILENCE = timedelta(minutes=30)


@dataclass(frozen=True)
class Watched:
    """The names of the resources that are checked."""

    table: str
    copies: str
    log_group: str


def check(watched: Watched, dynamodb: Any, s3: Any, logs: Any, now: datetime | None = None) -> Iterator[Step]:
    """Yield a step for each check that passes; raises `Unexpected` at the first that fails."""
    moment = now or datetime.now(UTC)
    yield Step("recovery", 0.0, f"to {_recoverable(dynamodb, watched.table, moment):%Y-%m-%d %H:%M} UTC")
    yield Step("backup", 0.0, f"of {_newest_export(s3, watched.copies, moment):%Y-%m-%d %H:%M} UTC")
    yield Step("logs", 0.0, f"of {_newest_line(logs, watched.log_group, moment):%H:%M} UTC")


def _recoverable(dynamodb: Any, table: str, moment: datetime) -> datetime:
    described = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    recovery = described.get("PointInTimeRecoveryDescription", {})
    if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
        message = f"{table} has no point-in-time recovery"
        raise Unexpected(message)
    last: datetime = recovery["LatestRestorableDateTime"]
    if moment - last > RECOVERY_BEHIND:
        message = f"{table} can be turned back to {last:%Y-%m-%d %H:%M} UTC only"
        raise Unexpected(message)
    return last


def _newest_export(s3: Any, bucket: str, moment: datetime) -> datetime:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=EXPORTS)
    made: list[datetime] = [
        one["LastModified"] for page in pages for one in page.get("Contents", []) if one["Key"].endswith(MANIFEST)
    ]
    if not made or moment - max(made) > BACKUP_AGE:
        message = f"{bucket} has no export of the last {BACKUP_AGE.total_seconds() / 3600:.0f} hours"
        raise Unexpected(message)
    return max(made)


def _newest_line(logs: Any, group: str, moment: datetime) -> datetime:
    begin = int((moment - SILENCE).timestamp() * 1000)
    try:
        # A page may be empty although later ones are not.
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=begin)
        stamp = next((event["timestamp"] for page in pages for event in page["events"]), None)
    except ClientError as error:
        message = f"{group}: {error}"
        raise Unexpected(message) from error
    if stamp is None:
        message = f"{group} has no line of the last {SILENCE.total_seconds() / 60:.0f} minutes"
        raise Unexpected(message)
    return datetime.fromtimestamp(stamp / 1000, UTC)
