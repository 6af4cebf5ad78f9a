"""The built client as served in AWS: from its bucket, on the same site as the service.

Routing follows production's template and its function; responses get the headers of its policies.
"""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from deploy import __main__ as command
from deploy import aws
from deploy.environments import LOCAL
from tests.deploy.cloudfront import Site, serve
from tests.deploy.conftest import BUILT
from tests.support import browser, people, recipes

_BUILT = Path(__file__).resolve().parents[2] / "web" / "dist"


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


@pytest.fixture
def address(bucket: str, server: Any) -> Iterator[str]:
    """The URL of the site."""
    with serve(Site(BUILT["prod", "edge_global"], "Client"), _s3(), bucket, server.url) as running:
        yield running


def _s3() -> Any:
    return aws.client("s3", LOCAL, os.environ["AWS_ENDPOINT_URL"])


def test_the_published_client_and_the_service_are_one_site_to_a_browser(
    address: str, chromium: Any, server: Any, ana: Any, ben: Any
) -> None:
    """Sign-in, the session's cookie across a reload, pages by URL, and missing files."""
    recipe_id = recipes.publish_on(server, ben, title="Canh chua cá lóc của làng")
    page = browser.visitor(chromium, base_url=address, service_workers="block").new_page()
    page.set_default_timeout(30_000)
    complaints = browser.console_errors(page)

    page.goto("/plans")
    page.get_by_label("Username or email").fill(ana.username)
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=30_000)
    expect(page.get_by_role("link", name="Notifications")).to_be_visible(timeout=30_000)

    page.reload()
    expect(page.get_by_role("link", name="Notifications")).to_be_visible(timeout=30_000)
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "session"]
    assert (cookie["httpOnly"], cookie["secure"], cookie["sameSite"], cookie["path"]) == (
        True, True, "Strict", "/v1/session",
    )  # fmt: skip
    assert complaints == []

    shown = page.goto(f"/r/{recipe_id}")
    assert shown is not None
    assert shown.headers["cache-control"] == "public, max-age=60"
    expect(page.get_by_role("heading", name="Canh chua cá lóc của làng")).to_be_visible()
    for path, status in (("/assets/gone-00000000.js", 404), ("/v1/nothing", 404), ("/r/none", 404)):
        missing = page.request.get(path)
        assert (missing.status, "<div id=" in missing.text()) == (status, False)
