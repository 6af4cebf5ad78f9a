"""`backup restore --dry-run`: the source that is chosen, and the commands."""

import os
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from django.conf import settings

from deploy import __main__ as command
from deploy import console, restoring

TABLE_ARN = "arn:aws:dynamodb:ap-southeast-1:123456789012:table/smart-cooking-prod"


def restore(*options: str) -> int:
    place = ["--env", "local", "--endpoint-url", os.environ["AWS_ENDPOINT_URL"]]
    return command.main(["backup", "restore", *place, "--prefix", f"smart-cooking-{settings.ENVIRONMENT}", *options])


def test_the_last_moment_is_what_is_restored_unless_one_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    # The emulator leaves out of the template what turns it on.
    client = boto3.client("dynamodb", region_name=settings.AWS_REGION, endpoint_url=settings.AWS_ENDPOINT_URL)
    client.update_continuous_backups(
        TableName=settings.TABLE_NAME, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )

    code = restore("--dry-run")

    assert code == 0
    printed = capsys.readouterr().out
    assert "from: point-in-time recovery" in printed
    assert f"--target-table-name {settings.TABLE_NAME}-restored" in printed


def test_a_moment_of_which_nothing_was_kept_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert restore("--dry-run", "--at", "2001-01-01T00:00Z") == console.FAILED
    assert "cannot be restored to that moment" in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--dry-run", "--at", "yesterday"]])
def test_wrong_usage(options: list[str]) -> None:
    assert restore(*options) == console.WRONG_USAGE


def _vault(*days: int) -> tuple[Any, Stubber]:
    client = boto3.client("backup", region_name="ap-southeast-1")
    points = [
        {"RecoveryPointArn": f"arn:point-{day}", "CreationDate": datetime(2026, 11, day, tzinfo=UTC), "Status": status}
        for day, status in [(day, "COMPLETED") for day in days] + [(30, "PARTIAL")]
    ]
    stubber = Stubber(client)
    stubber.add_response("list_recovery_points_by_backup_vault", {"RecoveryPoints": points})
    stubber.activate()
    return client, stubber


def test_a_vault_gives_the_newest_whole_point_before_the_moment() -> None:
    client, _ = _vault(17, 19, 20)

    plan = restoring.by_recovery_point(client, "vault", TABLE_ARN, "role", datetime(2026, 11, 19, 12, tzinfo=UTC))

    assert "arn:point-19" in plan.source
    assert "targetTableName=smart-cooking-prod-restored" in plan.commands[0]


def test_a_vault_without_a_point_says_so() -> None:
    client, _ = _vault()

    with pytest.raises(restoring.CannotRestore, match="vault has no recovery point"):
        restoring.by_recovery_point(client, "vault", TABLE_ARN, "role", None)
