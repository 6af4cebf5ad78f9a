"""Backups: copies to the second region, the parts of a restoration, and writing exports back."""

import gzip
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import uuid4

import boto3
import botocore.session
import pytest
from boto3.dynamodb.types import Binary
from botocore.validate import ParamValidator
from django.conf import settings

from deploy import __main__ as command
from deploy.commands import console
from deploy.environments import PROD
from deploy.operations import exports, restore_plans
from deploy.operations.exports import Export
from deploy.stacks import backup
from tests.deploy.conftest import BUILT

pytestmark = pytest.mark.usefixtures("needs_aws")

NOW = "2026-11-20T18:00:00Z"
TABLE_ARN = "arn:aws:dynamodb:ap-southeast-1:123456789012:table/smart-cooking-prod-table"


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


def copied(s3: Any, bucket: str, lines: list[dict[str, Any]], **times: str) -> None:
    """Write an export like DynamoDB: files of lines, a list of the files, and a summary."""
    name = f"{backup.EXPORTS}/AWSDynamoDB/{uuid4().hex}"
    # The first file has a line, the second one the others.
    files = []
    for part in (lines[:1], lines[1:]):
        key = f"{name}/data/{uuid4().hex}.json.gz"
        s3.put_object(
            Bucket=bucket, Key=key, Body=gzip.compress(b"".join(json.dumps(one).encode() + b"\n" for one in part))
        )
        files.append({"itemCount": len(part), "dataFileS3Key": key})
    listed = "\n".join(json.dumps(one) for one in files)
    s3.put_object(Bucket=bucket, Key=f"{name}/manifest-files.json", Body=listed.encode())
    summary = {"itemCount": len(lines), "manifestFilesS3Key": f"{name}/manifest-files.json", **times}
    s3.put_object(Bucket=bucket, Key=f"{name}/manifest-summary.json", Body=json.dumps(summary).encode())


def row(key: str, **values: Any) -> dict[str, Any]:
    return {"pk": {"S": key}, "sk": {"S": "META"}, **values}


def changed(key: str, **values: Any) -> dict[str, Any]:
    keys = {"Metadata": {"WriteTimestampMicros": {"N": "1795000000000000"}}, "Keys": row(key)}
    return keys | {"NewImage": row(key, **values)} if values else keys


DAYS = [f"2026-11-{day}T18:00:00.000Z" for day in (14, 15, 16, 17, 18)]


def days(since: int) -> dict[str, str]:
    return {
        "exportType": "INCREMENTAL_EXPORT", "exportFromTime": DAYS[since], "exportToTime": DAYS[since + 1],
    }  # fmt: skip


@pytest.fixture
def bucket() -> Iterator[str]:
    """Exports of four days: the whole table of the second one, and what changed in each; nothing of the last night."""
    s3 = boto3.client("s3", region_name=settings.AWS_REGION, endpoint_url=settings.AWS_ENDPOINT_URL)
    name = f"copies-{uuid4().hex}"
    # The type lists the regions of today; ours is a setting.
    place: Any = {"LocationConstraint": settings.AWS_REGION}
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
    many = [row(f"ROW#{number}", held={"N": str(number)}) for number in range(60)]
    deep = {"M": {"list": {"L": [{"B": "AAH/"}, {"BOOL": True}]}, "set": {"BS": ["AQ==", "Ag=="]}}}
    whole = [*many, row("ROW#deep", held=deep)]
    copied(s3, name, [changed("ROW#old", held={"S": "before"})], **days(0))
    copied(s3, name, [{"Item": one} for one in whole], exportType="FULL_EXPORT", exportTime=DAYS[1])
    copied(
        s3,
        name,
        [changed("ROW#1", held={"S": "once"}), changed("ROW#2"), changed("ROW#new", held={"S": "a"})],
        **days(1),
    )
    copied(s3, name, [changed("ROW#1", held={"S": "twice"}), changed("ROW#new")], **days(2))
    # Begun, and never completed: without a summary.
    s3.put_object(Bucket=name, Key=f"{backup.EXPORTS}/AWSDynamoDB/{uuid4().hex}/_started", Body=b"")
    yield name
    for one in s3.list_objects_v2(Bucket=name)["Contents"]:
        s3.delete_object(Bucket=name, Key=one["Key"])
    s3.delete_bucket(Bucket=name)


@pytest.fixture
def table() -> Iterator[Any]:
    """An empty table beside the one of the stack data."""
    resource = boto3.resource("dynamodb", region_name=settings.AWS_REGION, endpoint_url=settings.AWS_ENDPOINT_URL)
    made = resource.create_table(
        TableName=f"replayed-{uuid4().hex}",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )
    yield made
    made.delete()


def replay(bucket: str, table: Any, *options: str) -> int:
    place = ["--env", "local", "--endpoint-url", os.environ["AWS_ENDPOINT_URL"]]
    return command.main(["backup", "replay", *place, "--yes", "--bucket", bucket, "--table", table.name, *options])


def test_exports_bring_the_table_back_as_it_was(bucket: str, table: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert replay(bucket, table) == 0

    rows = {one["pk"]: one.get("held") for one in table.scan()["Items"]}
    assert "is as it was at 2026-11-17 18:00 UTC: 3 exports" in capsys.readouterr().out
    assert len(rows) == 60
    assert rows["ROW#1"] == "twice"
    assert not {"ROW#2", "ROW#new", "ROW#old"} & set(rows)
    assert rows["ROW#59"] == 59
    assert rows["ROW#deep"] == {"list": [Binary(b"\x00\x01\xff"), True], "set": {Binary(b"\x01"), Binary(b"\x02")}}


def test_exports_bring_back_an_earlier_day(bucket: str, table: Any) -> None:
    assert replay(bucket, table, "--at", "2026-11-16T20:00Z") == 0

    rows = {one["pk"]: one.get("held") for one in table.scan()["Items"]}
    assert (rows["ROW#1"], rows["ROW#new"], "ROW#2" in rows) == ("once", "a", False)


def test_a_table_with_rows_is_not_written_over_unless_that_is_meant(bucket: str, table: Any) -> None:
    table.put_item(Item={"pk": "ROW#mine", "sk": "META"})

    assert replay(bucket, table) == console.WRONG_USAGE
    assert table.scan()["Count"] == 1
    assert replay(bucket, table, "--into-existing") == 0
    assert table.scan()["Count"] == 61


def test_a_file_that_is_cut_short_is_a_failure(bucket: str, table: Any, capsys: pytest.CaptureFixture[str]) -> None:
    s3 = boto3.client("s3", region_name=settings.AWS_REGION, endpoint_url=settings.AWS_ENDPOINT_URL)
    files = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket)["Contents"] if one["Key"].endswith(".json.gz")]
    for key in files:
        lines = gzip.decompress(s3.get_object(Bucket=bucket, Key=key)["Body"].read()).splitlines(keepends=True)
        s3.put_object(Bucket=bucket, Key=key, Body=gzip.compress(b"".join(lines[:-1])))

    assert replay(bucket, table) == console.FAILED
    assert "by its manifest" in capsys.readouterr().err


def of(since: int | None, until: int) -> Export:
    moments = [datetime.fromisoformat(day) for day in DAYS]
    return Export("copies", None if since is None else moments[since], moments[until], "files", 1)


def test_a_missing_day_ends_what_can_be_restored() -> None:
    links = exports.select_chain([of(None, 0), of(0, 1), of(2, 3), of(3, 4)], None)

    assert links == [of(None, 0), of(0, 1)]


def test_a_whole_export_may_be_made_at_any_moment() -> None:
    """Incremental exports may overlap the whole export: rows in both are written twice, with the same result."""
    at_noon = exports.Export("b", None, of(None, 0).until + timedelta(hours=18), "k", 1)

    links = exports.select_chain([at_noon, of(0, 1), of(1, 2), of(2, 3)], None)

    assert links == [at_noon, of(0, 1), of(1, 2), of(2, 3)]


def test_a_bucket_that_is_not_there_has_no_exports() -> None:
    client = boto3.client("s3", region_name=settings.AWS_REGION, endpoint_url=settings.AWS_ENDPOINT_URL)

    assert exports.list_exports(client, f"nowhere-{uuid4().hex}", backup.EXPORTS) == []


def test_before_the_first_export_the_history_is_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    client = boto3.client("dynamodb", region_name=settings.AWS_REGION, endpoint_url=settings.AWS_ENDPOINT_URL)
    client.update_continuous_backups(
        TableName=settings.TABLE_NAME, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    place = ["--env", "prod", "--endpoint-url", os.environ["AWS_ENDPOINT_URL"]]
    prefix = f"smart-cooking-{settings.ENVIRONMENT}"

    code = command.main(
        ["backup", "restore", *place, "--prefix", prefix, "--bucket", f"none-{uuid4().hex}", "--dry-run"]
    )

    printed = capsys.readouterr().out
    assert code == 0
    assert "from: point-in-time recovery" in printed
    assert "no export of the whole table" in printed


def test_the_first_night_exports_the_whole_table() -> None:
    """Its history is younger than the day that is asked for: what DynamoDB refuses, and goes on refusing."""
    changes = _states()["States"]["Changes"]

    (caught,) = changes["Catch"]
    assert (caught["ErrorEquals"], caught["Next"]) == (["DynamoDb.InvalidExportTimeException"], "Whole")
    assert changes["Retry"][0] == {"ErrorEquals": caught["ErrorEquals"], "MaxAttempts": 0}


def test_changes_alone_are_no_table() -> None:
    with pytest.raises(exports.Unusable, match="no export of the whole table before 2026-11-14 12:00 UTC"):
        exports.select_chain([of(None, 0), of(0, 1)], datetime(2026, 11, 14, 12, tzinfo=UTC))


def test_the_exports_are_what_a_table_is_made_of_where_its_own_history_is_gone(bucket: str) -> None:
    s3 = boto3.client("s3", region_name=settings.AWS_REGION, endpoint_url=settings.AWS_ENDPOINT_URL)

    plan = restore_plans.from_exports(s3, bucket, PROD, None)

    assert (
        plan.source == f"3 exports in {bucket}, the whole table of 2026-11-15 first, as it was at 2026-11-17T18:00:00Z"
    )
    assert plan.commands[1].endswith(f"backup replay --env prod --bucket {bucket} --at 2026-11-17T18:00:00Z")


def test_both_ways_back_are_shown(bucket: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Of production's own kind: history in the region, exports beside it."""
    client = boto3.client("dynamodb", region_name=settings.AWS_REGION, endpoint_url=settings.AWS_ENDPOINT_URL)
    client.update_continuous_backups(
        TableName=settings.TABLE_NAME, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    place = ["--env", "prod", "--endpoint-url", os.environ["AWS_ENDPOINT_URL"]]
    prefix = f"smart-cooking-{settings.ENVIRONMENT}"

    code = command.main(["backup", "restore", *place, "--prefix", prefix, "--bucket", bucket, "--dry-run"])

    printed = capsys.readouterr().out
    assert code == 0
    assert "from: point-in-time recovery" in printed
    assert f"if the region were gone: 3 exports in {bucket}" in printed
    assert "as it was at 2026-11-17T18:00:00Z" in printed


def _states() -> dict[str, Any]:
    machine = BUILT["prod", "backup"]["Resources"]["Machine"]["Properties"]
    return dict(machine["Definition"])


def test_every_step_of_the_export_leads_to_another_and_each_is_reached() -> None:
    definition = _states()
    reached, waiting = set(), [definition["StartAt"]]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            state = definition["States"][name]
            following = [one["Next"] for one in state.get("Choices", [])] + [state.get("Default"), state.get("Next")]
            waiting += [one for one in following if one]
            assert any(following) or state["Type"] in {"Succeed", "Fail"}, name

    assert reached == set(definition["States"])


def test_the_export_asks_for_what_dynamodb_knows() -> None:
    """Names and shapes are those of the call; times are computed by Step Functions and stand here for themselves."""
    model = botocore.session.get_session().get_service_model("dynamodb")
    for name in ("Whole", "Changes", "Look"):
        state = _states()["States"][name]
        operation = state["Resource"].rpartition(":")[2]
        shape = model.operation_model(operation[0].upper() + operation[1:]).input_shape
        arguments = json.loads(re.sub(r"\{%.*?%\}", NOW, json.dumps(state["Arguments"])))
        if "ExportArn" in arguments:
            arguments["ExportArn"] = f"{TABLE_ARN}/export/01795000000000-0a1b2c3d"
        assert shape is not None
        report = ParamValidator().validate(arguments, shape)
        assert not report.has_errors(), report.generate_report()


def test_each_day_is_exported_and_the_whole_table_twice_a_month(prod: dict[str, dict[str, Any]]) -> None:
    schedules = {
        one["Properties"]["ScheduleExpression"]: json.loads(one["Properties"]["Target"]["Input"])
        for one in prod["AWS::Scheduler::Schedule"].values()
        if one["Properties"]["Target"]["Arn"] == {"Ref": "Machine"}
    }

    assert schedules == {
        "cron(0 18 * * ? *)": {"at": "<aws.scheduler.scheduled-time>", "whole": False},
        "cron(0 18 1,15 * ? *)": {"at": "<aws.scheduler.scheduled-time>", "whole": True},
    }


def test_every_day_of_a_month_can_be_restored(prod: dict[str, dict[str, Any]]) -> None:
    """What is thirty days old needs the whole export before it, up to seventeen days older."""
    (rule,) = [
        rule
        for rule in prod["AWS::S3::Bucket"]["Copies"]["Properties"]["LifecycleConfiguration"]["Rules"]
        if rule.get("Prefix") == f"{backup.EXPORTS}/"
    ]
    gaps = [
        (second - first).days
        for first, second in pairwise(
            datetime(2026 + month // 12, month % 12 + 1, day, tzinfo=UTC) for month in range(48) for day in (1, 15)
        )
    ]

    assert rule["ExpirationInDays"] >= PROD.backup_days + max(gaps)
    assert PROD.backup_days == 30


def test_what_people_cannot_make_again_is_copied_to_the_second_region(prod: dict[str, dict[str, Any]]) -> None:
    buckets = prod["AWS::S3::Bucket"]
    copied_ones = {title for title, one in buckets.items() if "ReplicationConfiguration" in one["Properties"]}
    (rule,) = buckets["Images"]["Properties"]["ReplicationConfiguration"]["Rules"]

    # Workers write people's pictures there and nowhere else.
    assert copied_ones == {"Images"}
    assert rule["Status"] == rule["DeleteMarkerReplication"]["Status"] == "Enabled"
    assert rule["Filter"] == {"Prefix": "media/"}
    assert buckets["ImagesCopies"]["Properties"]["BucketName"] == "smart-cooking-prod-images-copies"
    assert rule["Destination"]["Bucket"]["Fn::Sub"].endswith(":s3:::smart-cooking-prod-images-copies")


def test_nobody_deletes_a_copy_for_good(prod: dict[str, dict[str, Any]]) -> None:
    for title in ("Copies", "ImagesCopies"):
        statements = prod["AWS::S3::BucketPolicy"][f"{title}Policy"]["Properties"]["PolicyDocument"]["Statement"]
        (denied,) = [one for one in statements if one["Action"] == "s3:DeleteObjectVersion"]
        assert (denied["Effect"], denied["Principal"]) == ("Deny", "*")
