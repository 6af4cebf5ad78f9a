"""What `manage.py probe upkeep` finds, given AWS's responses."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from smartcooking.probes import checks, upkeep
from smartcooking.probes.checks import Login
from smartcooking.probes.http import Answer, Api, Unexpected

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEPT = upkeep.Watched("smart-cooking-prod-table", "smart-cooking-prod-copies", "/smart-cooking-prod/api")


def recovery(**changes: Any) -> dict[str, Any]:
    on = {
        "PointInTimeRecoveryStatus": "ENABLED",
        "EarliestRestorableDateTime": NOW - timedelta(days=35),
        "LatestRestorableDateTime": NOW - timedelta(minutes=5),
    }
    return {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": on | changes}


def written(name: str = "manifest-summary.json", hours: int = 17) -> dict[str, Any]:
    return {"Key": f"table/AWSDynamoDB/01795000000000-0a1b2c3d/{name}", "LastModified": NOW - timedelta(hours=hours)}


@pytest.fixture
def look() -> Iterator[Any]:
    """Run the check against stubbed responses of AWS."""
    with ExitStack() as stack:

        def run(described: dict[str, Any], files: list[dict[str, Any]], lines: list[list[int]]) -> list[str]:
            clients: dict[str, Any] = {
                name: boto3.client(name, region_name="ap-southeast-1") for name in ("dynamodb", "s3", "logs")
            }
            stubs = {name: stack.enter_context(Stubber(client)) for name, client in clients.items()}
            stubs["dynamodb"].add_response("describe_continuous_backups", {"ContinuousBackupsDescription": described})
            stubs["s3"].add_response("list_objects_v2", {"Contents": files} if files else {})
            for number, page in enumerate(lines):
                events = [{"timestamp": int((NOW - timedelta(minutes=ago)).timestamp() * 1000)} for ago in page]
                more = {"nextToken": str(number)} if number < len(lines) - 1 else {}
                stubs["logs"].add_response("filter_log_events", {"events": events, **more})
            steps = upkeep.check(KEPT, clients["dynamodb"], clients["s3"], clients["logs"], now=NOW)
            return [step.name for step in steps]

        yield run


def test_all_is_well(look: Any) -> None:
    assert look(recovery(), [written()], [[], [3]]) == ["recovery", "backup", "logs"]


@pytest.mark.parametrize(
    ("described", "files", "lines", "told"),
    [
        (recovery(PointInTimeRecoveryStatus="DISABLED"), [written()], [[3]], "has no point-in-time recovery"),
        (
            recovery(LatestRestorableDateTime=NOW - timedelta(minutes=50)),
            [written()],
            [[3]],
            "can be turned back to 2026-11-24 11:10 UTC only",
        ),
        (recovery(), [], [[3]], "smart-cooking-prod-copies has no export of the last 30 hours"),
        (recovery(), [written(hours=41), written("data/a.json.gz")], [[3]], "has no export"),
        (recovery(), [written()], [[]], "has no line of the last 30 minutes"),
    ],
)
def test_what_is_not_well_is_named(look: Any, described: Any, files: Any, lines: Any, told: str) -> None:
    with pytest.raises(Unexpected, match=told):
        look(described, files, lines)


class _Timed(Api):
    """A service whose answers take as long as they are told to."""

    def __init__(self, login: float) -> None:
        super().__init__("http://service")
        self.login, self.asked = login, list[str]()

    def ask(self, method: str, path: str, **_: Any) -> Answer:
        self.asked.append(path)
        body = {"access_token": "a", "refresh_token": "r", "results": [{"ingredient": {"id": "egg"}}]}
        return Answer(200, body, self.login if path == "/v1/auth/login" else 100.0)


def test_signing_in_is_timed_without_the_handshake_and_beside_what_cognito_takes() -> None:
    api = _Timed(login=500 + checks.COGNITO_MS - 1)

    assert [step.name for step in checks.visit(api, Login("a", "b"), 500)] == ["login", "act", "logout"]
    assert api.asked[0] == "/livez"
    with pytest.raises(Unexpected, match="login took"):
        list(checks.visit(_Timed(login=500 + checks.COGNITO_MS + 1), Login("a", "b"), 500))
