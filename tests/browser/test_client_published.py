"""The client that was built, out of the bucket that `frontend` publishes it to."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import Route, expect

from deploy import __main__ as command
from deploy import aws
from deploy.environments import LOCAL
from tests.support import browser

_BUILT = Path(__file__).resolve().parents[2] / "web" / "dist"
_SITE = "http://client.localhost"


@pytest.fixture
def bucket() -> Iterator[str]:
    prefix = f"client-{uuid.uuid4().hex[:8]}"
    place = ["--env", "local", "--endpoint-url", os.environ["AWS_ENDPOINT_URL"], "--prefix", prefix]
    assert command.main(["deploy", "--stack", "storage", *place]) == 0
    assert command.main(["frontend", str(_BUILT), *place]) == 0
    yield f"{prefix}-frontend"
    for kind in ("Versions", "DeleteMarkers"):
        for one in _s3().list_object_versions(Bucket=f"{prefix}-frontend").get(kind, []):
            _s3().delete_object(Bucket=f"{prefix}-frontend", Key=one["Key"], VersionId=one["VersionId"])
    command.main(["delete", "--stack", "storage", "--yes", *place])


def _s3() -> Any:
    return aws.client("s3", LOCAL, os.environ["AWS_ENDPOINT_URL"])


def test_the_published_client_opens_out_of_its_bucket(bucket: str) -> None:
    missing: list[str] = []

    def serve(route: Route) -> None:
        """Answer as CloudFront does: the object of the path, with its own media type."""
        path = urlsplit(route.request.url).path.lstrip("/") or "index.html"
        try:
            found = _s3().get_object(Bucket=bucket, Key=path)
        except ClientError:
            missing.append(path)
            route.fulfill(status=404)
            return
        route.fulfill(body=found["Body"].read(), content_type=found["ContentType"])

    with browser.chromium() as chromium:
        page = browser.visitor(chromium, service_workers="block").new_page()
        page.route(f"{_SITE}/**", serve)
        page.goto(_SITE)
        expect(page.get_by_role("heading", name="What is in your fridge?")).to_be_visible()
    assert not missing
