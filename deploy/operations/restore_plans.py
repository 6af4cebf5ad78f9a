"""Plans for restoring the table: from point-in-time recovery, or from the exports in the second region."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from deploy.environments import Environment
from deploy.operations import exports
from deploy.stacks import backup


class CannotRestore(Exception):
    """There is no backup for that time."""


@dataclass(frozen=True)
class Plan:
    """The source of a restored table, and the commands that restore it."""

    source: str
    commands: tuple[str, ...]


def from_history(dynamodb: Any, table: str, at: datetime | None) -> Plan | None:
    """Return a plan by point-in-time recovery to `at` or the latest possible time; None if that is not possible."""
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


def from_exports(s3: Any, bucket: str, env: Environment, at: datetime | None) -> Plan:
    """Return a plan from the exports in the second region; raises CannotRestore if there is no full export."""
    try:
        links = exports.select_chain(exports.list_exports(s3, bucket, backup.EXPORTS), at)
    except exports.Unusable as error:
        message = f"{bucket}: {error}"
        raise CannotRestore(message) from error
    until = f"{links[-1].until:%Y-%m-%dT%H:%M:%SZ}"
    source = (
        f"{len(links)} exports in {bucket}, the whole table of {links[0].until:%Y-%m-%d} first, as it was at {until}"
    )
    return Plan(
        source,
        (
            f"python -m deploy deploy --env {env.name} --stack data",
            f"python -m deploy backup replay --env {env.name} --bucket {bucket} --at {until}",
        ),
    )


def _after(table: str) -> tuple[str, ...]:
    """Return the commands that set what a restored table lacks: TTL, point-in-time recovery, deletion protection."""
    change, named = "aws dynamodb", f"--table-name {table}-restored"
    recovery = "PointInTimeRecoveryEnabled=true"
    return (
        f"{change} wait table-exists {named}",
        f"{change} update-time-to-live {named} --time-to-live-specification Enabled=true,AttributeName=ttl",
        f"{change} update-continuous-backups {named} --point-in-time-recovery-specification {recovery}",
        f"{change} update-table {named} --deletion-protection-enabled",
    )
