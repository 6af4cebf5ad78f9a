"""The client's site in AWS: what CloudFront serves from the bucket, and what from the service."""

import json
import os
import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.test import Client
from django.urls import Resolver404, resolve

from apps.web import views
from deploy import __main__ as command
from deploy import aws
from deploy.environments import DEV, LOCAL, PROD, STAGING, Environment
from deploy.stacks import edge_global
from deploy.stacks.storage import PUBLIC_PICTURES
from smartcooking.contract import site as contract
from smartcooking.probes import checks
from smartcooking.probes.http import Unexpected
from tests.deploy.cloudfront import Site, run
from tests.deploy.conftest import BUILT

EVERY_CLIENT = [Site(BUILT[env.name, "edge_global"], "Client") for env in (DEV, STAGING, PROD)]
SITE = EVERY_CLIENT[-1]
API = Site(BUILT["prod", "edge_global"], "ApiDistribution")
PAGES = ["/", "/recipes", "/recipes/01ARZ3NDEKTSV4RRFFQ69G5FAV/edit", "/people/a-b_c", "/r", "/v1x"]
FILES = ["/assets/index-4fb3a1c9.js", "/sw.js", "/manifest.webmanifest", "/icon.svg", "/index.html"]
NO_PAGES = ["/assets/gone-4fb3a1c9.js", "/gone.png", "/static/admin/css/base.css", "/livez", "/health"]
# Headers that say nothing about safety.
ORDINARY = {"Allow", "Cache-Control", "Content-Language", "Content-Length", "Content-Type", "Vary", "X-Request-Id"}


def test_the_interface_and_rendered_pages_are_asked_of_the_service_and_everything_else_of_the_bucket() -> None:
    service = ["/v1/users/me", "/v1/session/refresh", "/v1/schema", "/r/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/robots.txt"]

    assert {one.origin for one in SITE.passes([*service, "/sitemap.xml"])} == {"api"}
    assert {one.origin for one in SITE.passes([*PAGES, *FILES])} == {"frontend"}
    pictures = [f"/{pattern.replace('*', 'a/256.webp')}" for pattern in PUBLIC_PICTURES]
    assert {one.origin for one in SITE.passes(pictures)} == {"images"}


def test_a_page_is_the_index_and_a_file_is_itself() -> None:
    assert {one.path for one in SITE.passes(PAGES)} == {"/index.html"}
    assert [one.path for one in SITE.passes(FILES)] == FILES


@pytest.mark.parametrize("path", NO_PAGES)
def test_what_is_missing_is_not_shown_as_a_page(path: str) -> None:
    (passed,) = SITE.passes([path])

    assert (passed.origin, passed.path, passed.answer) == ("frontend", path, None)


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/docs"])
def test_the_admin_and_the_description_are_shown_by_the_services_own_site(path: str) -> None:
    (passed,) = SITE.passes([path])

    assert passed.answer is not None
    assert passed.answer["statusCode"] == 302
    assert passed.answer["headers"]["location"]["value"] == f"https://api.smartcooking.com{path}"


def test_a_program_is_told_where_the_interface_is() -> None:
    ((first, other), (silent,)) = SITE.passes(["/", "/recipes"], accept="*/*"), SITE.passes(["/"], accept=None)

    for passed in (first, silent):
        assert passed.answer is not None
        assert json.loads(passed.answer["body"]["data"]) == contract.DESCRIPTION
    assert (other.path, other.answer) == ("/recipes", None)


def test_a_header_that_was_sent_twice_is_read_whole() -> None:
    twice = {"value": "image/png", "multiValue": [{"value": "image/png"}, {"value": "text/html"}]}
    event = {"request": {"method": "GET", "uri": "/plans", "headers": {"accept": twice}}}

    assert run(SITE.resources["Pages"]["Properties"]["FunctionCode"], [event])[0]["uri"] == "/index.html"


@pytest.mark.parametrize("path", [*PAGES, *FILES, *NO_PAGES, "/v1/x", "/admin/x/", "/docs"])
def test_the_service_and_cloudfront_agree_on_what_a_page_is(path: str) -> None:
    """Paths that the service answers itself come before: that of a page is its view's."""
    try:
        is_page = getattr(resolve(path).func, "view_class", None) is views.Client
    except Resolver404:
        is_page = False

    (passed,) = SITE.passes([path])
    assert (passed.path == "/index.html" and path != "/index.html") is is_page


def test_no_error_is_kept_or_turned_into_a_page() -> None:
    """CloudFront keeps errors for ten seconds, whatever Cache-Control says: one person's 404 would be another's."""
    for distribution in (*EVERY_CLIENT, API):
        listed = distribution.config["CustomErrorResponses"]
        assert {one["ErrorCode"] for one in listed} >= {400, 403, 404, 405, 414, 500, 501, 502, 503, 504}
        assert all(set(one) == {"ErrorCode", "ErrorCachingMinTTL"} for one in listed)
        assert {one["ErrorCachingMinTTL"] for one in listed} == {0}


def test_calls_of_the_interface_reach_the_service_whole_and_no_answer_is_kept() -> None:
    """Cookies, Authorization, Idempotency-Key, If-Match, Accept-Language and the query: all that the viewer sends."""
    for distribution in (*EVERY_CLIENT, API):
        behavior = distribution.behaviors["/v1/*" if distribution is not API else "*"]
        assert behavior["CachePolicyId"] == edge_global.CACHING_DISABLED
        assert behavior["OriginRequestPolicyId"] == edge_global.ALL_OF_THE_VIEWER
        assert set(behavior["AllowedMethods"]) == {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}
        assert behavior["ViewerProtocolPolicy"] == "https-only"
    assert next(iter(SITE.behaviors)) == "/v1/*"


@pytest.mark.parametrize("path", contract.RENDERED)
def test_a_rendered_page_is_kept_as_long_as_it_says_and_knows_nothing_of_who_asks(path: str) -> None:
    behavior = SITE.behaviors[path]
    kept = SITE.named(behavior["CachePolicyId"])["CachePolicyConfig"]
    sent = SITE.named(behavior["OriginRequestPolicyId"])["OriginRequestPolicyConfig"]

    assert (kept["MinTTL"], kept["DefaultTTL"]) == (0, 0)
    assert kept["MaxTTL"] >= views.RECIPE_SECONDS
    assert kept["ParametersInCacheKeyAndForwardedToOrigin"]["EnableAcceptEncodingBrotli"] is True
    assert sent["HeadersConfig"] == {"HeaderBehavior": "whitelist", "Headers": ["Host", "Accept-Language"]}
    assert sent["CookiesConfig"]["CookieBehavior"] == sent["QueryStringsConfig"]["QueryStringBehavior"] == "none"
    assert behavior["Compress"] is True


@pytest.mark.parametrize("env", [DEV, STAGING, PROD], ids=lambda env: env.name)
def test_the_balancer_and_the_service_answer_for_every_site_that_asks_them(env: Environment) -> None:
    asking = {
        alias
        for title in ("Client", "ApiDistribution")
        for site in [Site(BUILT[env.name, "edge_global"], title)]
        if any(one["TargetOriginId"] == "api" for one in site.behaviors.values())
        for alias in site.config["Aliases"]
    }
    service = BUILT[env.name, "service"]["Resources"]
    certificate = service["Certificate"]["Properties"]
    (hosts,) = service["Weights"]["Properties"]["Conditions"]
    settings = service["BlueTask"]["Properties"]["ContainerDefinitions"][0]["Environment"]
    (allowed,) = [one["Value"] for one in settings if one["Name"] == "ALLOWED_HOSTS"]

    assert asking == {env.domain, env.api_domain}
    assert asking <= {certificate["DomainName"], *certificate["SubjectAlternativeNames"]}
    assert asking <= set(hosts["HostHeaderConfig"]["Values"])
    assert asking <= set(allowed.split(","))


@pytest.mark.usefixtures("in_production")
@pytest.mark.parametrize(("path", "pattern"), [("/recipes", "*"), ("/r/nonsense", "/r/*")])
def test_pages_have_the_headers_that_the_service_gives_them(path: str, pattern: str) -> None:
    answer = Client().get(path, headers={"Accept": "text/html"})

    told = {name: value for name, value in answer.headers.items() if name not in ORDINARY}
    assert told == SITE.headers(SITE.behaviors[pattern])


@pytest.mark.usefixtures("in_production")
def test_answers_have_the_headers_that_the_service_gives_them() -> None:
    told = {name: value for name, value in Client().get("/livez").headers.items() if name not in ORDINARY}

    of_calls = SITE.headers(SITE.behaviors["/v1/*"])
    assert of_calls == API.headers(API.behaviors["*"])
    assert told == of_calls


def test_scripts_reach_no_bucket_but_that_of_the_pictures() -> None:
    policy = SITE.headers(SITE.behaviors["*"])["Content-Security-Policy"]
    rules = dict(one.split(" ", 1) for one in policy.split("; "))

    assert rules["connect-src"] == "'self' https://smart-cooking-prod-images.s3.ap-southeast-1.amazonaws.com"
    assert "*" not in policy


def test_no_cookie_and_no_question_is_in_a_log(prod: dict[str, dict[str, Any]]) -> None:
    for one in prod["AWS::Logs::Delivery"].values():
        assert {"c-ip", "cs-uri-stem", "sc-status", "time-taken"} <= set(one["Properties"]["RecordFields"])
        assert not {"cs(Cookie)", "cs-uri-query"} & set(one["Properties"]["RecordFields"])
    (firewall,) = prod["AWS::WAFv2::LoggingConfiguration"].values()
    redacted = {one["SingleHeader"]["Name"] for one in firewall["Properties"]["RedactedFields"]}
    assert redacted == {"authorization", "cookie"}


@pytest.fixture
def in_production(tmp_path: Path, settings: Any) -> Iterator[None]:
    """The service with production's names, and a client that has been built."""
    (tmp_path / "index.html").write_text("<!doctype html><title>built</title>")
    settings.WEB_ROOT = tmp_path
    settings.AWS_ENDPOINT_URL, settings.IMAGES_BUCKET = "", "smart-cooking-prod-images"
    settings.MEDIA_BASE_URL = f"https://{PROD.domain}"
    views._client_page.cache_clear()
    yield
    views._client_page.cache_clear()


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[str]:
    """The bucket of a client that `frontend` has published."""
    (tmp_path / "assets").mkdir()
    for name, text in (("index.html", "<title>published</title>"), ("assets/index-4fb3a1c9.js", "1"), ("sw.js", "2")):
        (tmp_path / name).write_text(text)
    prefix = f"site-{uuid.uuid4().hex[:8]}"
    place = ["--env", "local", "--endpoint-url", os.environ["AWS_ENDPOINT_URL"], "--prefix", prefix]
    assert command.main(["deploy", "--stack", "storage", *place]) == 0
    assert command.main(["frontend", str(tmp_path), *place]) == 0
    name = f"{prefix}-frontend"
    yield name
    s3 = aws.client("s3", LOCAL, os.environ["AWS_ENDPOINT_URL"])
    for kind in ("Versions", "DeleteMarkers"):
        for one in s3.list_object_versions(Bucket=name).get(kind, []):
            s3.delete_object(Bucket=name, Key=one["Key"], VersionId=one["VersionId"])
    command.main(["delete", "--stack", "storage", "--yes", *place])


def _answer(bucket: str, path: str) -> tuple[int, str]:
    """Return status and kind of what a browser gets at the site, out of the local bucket or from the service."""
    (passed,) = SITE.passes([path])
    if passed.origin == "api":
        answer = Client().get(passed.path, headers={"Accept": "text/html,*/*"})
        return answer.status_code, answer["Content-Type"].partition(";")[0]
    if passed.answer:
        return passed.answer["statusCode"], ""
    s3 = aws.client("s3", LOCAL, os.environ["AWS_ENDPOINT_URL"])
    try:
        return 200, s3.get_object(Bucket=bucket, Key=passed.path.removeprefix("/"))["ContentType"]
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"], ""


@pytest.mark.usefixtures("needs_aws")
def test_the_published_client_and_the_service_are_one_site(bucket: str) -> None:
    expected = {
        "/": (200, "text/html"),
        "/plans/new": (200, "text/html"),
        "/sw.js": (200, "text/javascript"),
        "/assets/index-4fb3a1c9.js": (200, "text/javascript"),
        "/assets/index-gone1234.js": (404, ""),
        "/favicon.ico": (404, ""),
        "/v1/users/me": (401, "application/problem+json"),
        "/v1/nothing": (404, "application/problem+json"),
        "/r/nonsense": (404, "text/html"),
        "/robots.txt": (200, "text/plain"),
        "/admin/": (302, ""),
    }

    assert {path: _answer(bucket, path) for path in expected} == expected


def test_a_site_is_checked_from_its_pages_to_its_missing_files(server: Any) -> None:
    assert [step.name for step in checks.site(server.url)] == [name for name, *_ in checks.SITE]


def test_a_site_that_shows_a_page_in_place_of_a_missing_file_fails_its_check(everything_is_a_page: str) -> None:
    with pytest.raises(Unexpected, match=r"/assets/missing-00000000\.js answered 200 instead of 404"):
        list(checks.site(everything_is_a_page))


def test_a_site_whose_interface_answers_with_pages_fails_its_check(
    everything_is_a_page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "SITE", [("interface", "/v1/schema", 200, "application/json")])

    with pytest.raises(Unexpected, match="/v1/schema is text/html instead of application/json"):
        list(checks.site(everything_is_a_page))


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def everything_is_a_page() -> Iterator[str]:
    """A site as an error page for every 404 makes it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()
