"""`frontend` against the local S3: files, cache headers, and rollback."""

import os
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from deploy import __main__ as command
from deploy import aws
from deploy.aws import LOCAL_CREDENTIALS
from deploy.commands import console
from deploy.environments import LOCAL
from deploy.operations import frontend as publishing
from tests.deploy.conftest import BUILT

pytestmark = pytest.mark.usefixtures("needs_aws")

Run = Callable[..., int]


@pytest.fixture
def prefix() -> str:
    return f"client-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def frontend(prefix: str) -> Iterator[Run]:
    place = ["--env", "local", "--endpoint-url", os.environ["AWS_ENDPOINT_URL"], "--prefix", prefix]
    assert command.main(["deploy", "--stack", "storage", *place]) == 0
    yield lambda *options: command.main(["frontend", *options, *place])
    _empty(f"{prefix}-frontend")
    command.main(["delete", "--stack", "storage", "--yes", *place])


@pytest.fixture
def client(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("first")
    (tmp_path / "robots.txt").write_text("User-agent: *")
    (tmp_path / "assets" / "index-4fb3a1c9.js").write_text("1")
    return tmp_path


def _s3() -> Any:
    return aws.client("s3", LOCAL, os.environ["AWS_ENDPOINT_URL"])


def _empty(bucket: str) -> None:
    for kind in ("Versions", "DeleteMarkers"):
        for one in _s3().list_object_versions(Bucket=bucket).get(kind, []):
            _s3().delete_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])


def _served(prefix: str, key: str = "index.html") -> str:
    return str(_s3().get_object(Bucket=f"{prefix}-frontend", Key=key)["Body"].read().decode())


def test_files_are_kept_by_their_names_and_the_index_never(frontend: Run, client: Path, prefix: str) -> None:
    assert frontend(str(client)) == 0

    found = {
        key: _s3().head_object(Bucket=f"{prefix}-frontend", Key=key)
        for key in ("index.html", "robots.txt", "assets/index-4fb3a1c9.js")
    }
    assert {key: one["CacheControl"] for key, one in found.items()} == {
        "index.html": "no-cache",
        "robots.txt": "public, max-age=60",
        "assets/index-4fb3a1c9.js": "public, max-age=31536000, immutable",
    }
    assert found["index.html"]["ContentType"] == "text/html"
    newest = max(found, key=lambda key: found[key]["LastModified"])
    assert found["index.html"]["LastModified"] >= found[newest]["LastModified"]


def test_only_what_differs_is_written(frontend: Run, client: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frontend(str(client))
    (client / "robots.txt").write_text("User-agent: none")
    capsys.readouterr()

    assert frontend(str(client)) == 0
    assert "2 of 3 files written" in capsys.readouterr().out


def test_going_back_serves_the_version_before(frontend: Run, client: Path, prefix: str) -> None:
    frontend(str(client))
    (client / "index.html").write_text("second")
    (client / "assets" / "index-4fb3a1c9.js").rename(client / "assets" / "index-99aa11bb.js")
    frontend(str(client))
    assert _served(prefix) == "second"

    assert frontend("--rollback") == 0

    assert _served(prefix) == "first"
    assert _served(prefix, "assets/index-4fb3a1c9.js") == "1"
    assert frontend("--rollback") == console.WRONG_USAGE


def test_a_version_can_be_named(frontend: Run, client: Path, prefix: str, capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("first", "second", "third"):
        (client / "index.html").write_text(text)
        frontend(str(client))
    capsys.readouterr()
    frontend("--list")
    names = capsys.readouterr().out.splitlines()
    assert [name.endswith("is served") for name in names] == [True, False, False]

    assert frontend("--rollback", names[2]) == 0
    assert _served(prefix) == "first"
    assert frontend("--rollback", "nothing") == console.WRONG_USAGE


def test_cloudfront_is_told_to_forget_what_it_keeps() -> None:
    """For the distribution in the edge stack's outputs. The emulator has none."""
    client = boto3.client(
        "cloudfront",
        region_name="us-east-1",
        aws_access_key_id=LOCAL_CREDENTIALS["aws_access_key_id"],
        aws_secret_access_key=LOCAL_CREDENTIALS["aws_secret_access_key"],
    )
    made = {"Id": "I1", "Status": "InProgress", "CreateTime": datetime(2026, 11, 24, tzinfo=UTC)}
    batch = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": ANY}
    with Stubber(client) as stubber:
        stubber.add_response(
            "create_invalidation",
            {"Invalidation": made | {"InvalidationBatch": batch | {"CallerReference": "1"}}},
            {"DistributionId": "E1", "InvalidationBatch": batch},
        )

        assert publishing.invalidate(client, "E1") == "I1"
    assert "ClientDistribution" in BUILT["prod", "edge_global"]["Outputs"]


def test_a_directory_without_an_index_is_refused(frontend: Run, tmp_path: Path) -> None:
    assert frontend(str(tmp_path)) == console.WRONG_USAGE
    assert frontend() == console.WRONG_USAGE
