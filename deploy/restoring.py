"""What could be restored, and how: the moment to go back to, or the recovery point of a vault, and the commands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError


class CannotRestore(Exception):
    """Nothing was kept of that time."""


@dataclass(frozen=True)
class Plan:
    """The source of a restored table, and the commands that make it."""

    source: str
    commands: tuple[str, ...]


def by_time(dynamodb: Any, table: str, at: datetime | None) -> Plan | None:
    """Return how to make the table as it was at a moment, or at the last one; None without point-in-time recovery."""
    try:
        described = dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    except ClientError as error:
        if error.response["Error"]["Code"] in {"TableNotFoundException", "ResourceNotFoundException"}:
            return None
        raise
    recovery = described.get("PointInTimeRecoveryDescription", {})
    if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
        return None
    first, last = recovery["EarliestRestorableDateTime"], recovery["LatestRestorableDateTime"]
    moment = at or last
    if not first <= moment <= last:
        return None
    source = f"point-in-time recovery, at {moment:%Y-%m-%d %H:%M:%S} UTC (from {first:%Y-%m-%d %H:%M} to {last:%H:%M})"
    restore = (
        "aws dynamodb restore-table-to-point-in-time"
        f" --source-table-name {table} --target-table-name {table}-restored"
        f" --restore-date-time {moment:%Y-%m-%dT%H:%M:%SZ}"
    )
    return Plan(source, (restore, *_after(table)))


def by_recovery_point(backup: Any, vault: str, table_arn: str, role: str, at: datetime | None) -> Plan:
    """Return how to make the table from the newest recovery point that is not after the moment."""
    points = [point for point in _points(backup, vault, table_arn) if at is None or point["CreationDate"] <= at]
    if not points:
        message = f"{vault} has no recovery point of {table_arn}{f' before {at:%Y-%m-%d %H:%M} UTC' if at else ''}"
        raise CannotRestore(message)
    chosen = max(points, key=lambda point: point["CreationDate"])
    table = table_arn.rpartition("/")[2]
    source = f"{chosen['RecoveryPointArn']}, of {chosen['CreationDate']:%Y-%m-%d %H:%M} UTC, in {vault}"
    restore = (
        f"aws backup start-restore-job --recovery-point-arn {chosen['RecoveryPointArn']} --iam-role-arn {role}"
        f" --metadata targetTableName={table}-restored,encryptionType=Default"
    )
    return Plan(source, (restore, *_after(table)))


def _points(backup: Any, vault: str, arn: str) -> Iterator[Any]:
    pages = backup.get_paginator("list_recovery_points_by_backup_vault").paginate(
        BackupVaultName=vault, ByResourceArn=arn
    )
    return (point for page in pages for point in page["RecoveryPoints"] if point["Status"] == "COMPLETED")


def _after(table: str) -> tuple[str, ...]:
    """Return what a restored table lacks: it comes without what expires rows, protects it, and recovers it."""
    change, named = "aws dynamodb", f"--table-name {table}-restored"
    recovery = "PointInTimeRecoveryEnabled=true"
    return (
        f"{change} wait table-exists {named}",
        f"{change} update-time-to-live {named} --time-to-live-specification Enabled=true,AttributeName=ttl",
        f"{change} update-continuous-backups {named} --point-in-time-recovery-specification {recovery}",
        f"{change} update-table {named} --deletion-protection-enabled",
    )
