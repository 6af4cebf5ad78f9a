"""The window in which releases may begin, and the programs that ask for it."""

from datetime import UTC, datetime, timedelta

import pytest

from deploy import __main__ as command
from deploy.commands import console
from deploy.commands import release as verbs
from deploy.environments import DEV, PROD, STAGING, Environment
from deploy.operations import release_windows
from tests.support.cloudformation_stub import CloudFormation
from tests.support.releases import FakeClock, Service, arguments
from tests.support.releases import aws_ as aws_  # noqa: PLC0414  a fixture
from tests.support.releases import service as service  # noqa: PLC0414  a fixture

pytestmark = pytest.mark.usefixtures("needs_aws")


def test_outside_the_window_nothing_begins(
    aws_: CloudFormation, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = FakeClock(datetime(2026, 11, 21, 10, tzinfo=UTC))

    assert verbs.release(*arguments(aws_, service), clock.as_clock()) == console.TOO_EARLY
    assert "next Tue 2026-11-24 02:00" in capsys.readouterr().err
    assert aws_.sent == []


def test_waiting_ends_when_the_window_opens(aws_: CloudFormation, service: Service) -> None:
    clock = FakeClock(datetime(2026, 11, 21, 10, tzinfo=UTC))

    assert verbs.release(*arguments(aws_, service, "--wait"), clock.as_clock()) == 0
    assert clock.slept == [64 * 3600.0]


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-24T02:00", "2026-11-24T02:00"),
        ("2026-11-24T03:59", "2026-11-24T03:59"),
        ("2026-11-24T04:00", "2026-11-25T02:00"),
        ("2026-11-26T05:00", "2026-12-01T02:00"),
        ("2026-11-24T01:59", "2026-11-24T02:00"),
    ],
)
def test_the_window_is_two_hours_on_three_days(now: str, opens: str) -> None:
    found = release_windows.opening(PROD, datetime.fromisoformat(now).replace(tzinfo=UTC))

    assert found == datetime.fromisoformat(opens).replace(tzinfo=UTC)


@pytest.mark.parametrize("env", [DEV, STAGING], ids=lambda env: env.name)
def test_where_nobody_is_disturbed_the_window_is_always_open(env: Environment) -> None:
    for hour in range(7 * 24):
        now = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=hour)
        assert release_windows.is_open(env, now)


def test_the_window_is_told_by_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    args = command._parser().parse_args(["window", "--env", "prod"])
    codes = [
        verbs.window(args, command._target(args), FakeClock(datetime(2026, 11, 24, hour, tzinfo=UTC)).as_clock())
        for hour in (3, 4)
    ]

    assert codes == [console.DONE, console.TOO_EARLY]
    assert capsys.readouterr().out.splitlines() == [
        "releases begin Tue, Wed, Thu 02:00-04:00 UTC; open",
        "releases begin Tue, Wed, Thu 02:00-04:00 UTC; next Wed 2026-11-25 02:00",
    ]
