"""Releases: the requests to CloudFormation step by step, and failures."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from deploy import __main__ as command
from deploy import aws, stacks
from deploy.commands import console
from deploy.commands import release as verbs
from deploy.environments import DEV, PROD, STAGING, Environment
from deploy.operations import release_windows, releases, rollout, synthetic_traffic
from deploy.operations.changes import ChangeOptions
from deploy.operations.rollout import Target
from smartcooking.probes.http import Unexpected
from tests.support import cloudformation_stub
from tests.support.cloudformation_stub import CloudFormation, Stack

pytestmark = pytest.mark.usefixtures("needs_aws")

OLD, NEW = f"sha256:{'0' * 64}", f"sha256:{'1' * 64}"
ALARM = "arn:aws:cloudwatch:ap-southeast-1:123456789012:alarm:release"
ROLE = "arn:aws:iam::123456789012:role/cloudformation"
NAME = "smart-cooking-prod"
AT_REST = {
    "BlueDigest": OLD, "GreenDigest": "", "BlueWeight": "100", "GreenWeight": "0", "BlueTasks": "3", "GreenTasks": "0",
    "PreviewKey": "", "PreviewColour": "Green",
}  # fmt: skip


@dataclass
class Service:
    """Answers smoke tests; `sick_after` so many of them its health is bad, and until `starting` it is not there."""

    url: str = ""
    keys: list[str | None] = field(default_factory=list)
    # Requests of the release's own traffic, and how many of them are answered before the others fail.
    marked: list[str | None] = field(default_factory=list)
    marked_sick_after: int = 10_000
    sick_after: int = 10_000
    starting: int = 0

    def answer(self, path: str, key: str | None, mark: str | None = None) -> tuple[int, bytes]:
        if mark is not None:
            self.marked.append(key)
            right = 401 if path == "/v1/users/me" else 200
            return (right if len(self.marked) <= self.marked_sick_after else 500), b"{}"
        self.keys.append(key)
        if len(self.keys) <= self.starting:
            return 503, b""
        if path == "/v1/users/me":
            return 401, b"{}"
        is_sick = len(self.keys) > self.sick_after
        services = b'{"database": "down"}' if is_sick else b"{}"
        return 200, b'{"status": "%s", "version": "9", "services": %s}' % (b"degraded" if is_sick else b"ok", services)


@pytest.fixture
def aws_() -> Iterator[CloudFormation]:
    stacks = {
        f"{NAME}-service": Stack(dict(AT_REST)),
        f"{NAME}-workers": Stack({"ImageDigest": OLD, "ClusterName": "c"}),
        f"{NAME}-schedule": Stack({"ImageDigest": OLD}),
        f"{NAME}-monitoring": Stack(outputs={"ReleaseAlarmArn": ALARM}),
        f"{NAME}-pipeline": Stack(outputs={"CloudFormationRoleArn": ROLE}),
    }
    with cloudformation_stub.start(stacks) as running:
        yield running
    aws.client.cache_clear()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    running = Service()
    # Without the minutes between them, and fewer.
    monkeypatch.setattr(synthetic_traffic, "WITHIN", 0.0)
    monkeypatch.setattr(synthetic_traffic, "ENOUGH", 4)
    monkeypatch.setattr(synthetic_traffic, "MOST", 8)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = running.answer(self.path, self.headers["X-Preview"], self.headers["X-Synthetic"])
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield running
    server.shutdown()
    server.server_close()
    thread.join()


def run(verb: str, aws_: CloudFormation, service: Service, *options: str) -> int:
    return command.main(
        [verb, "--env", "prod", "--endpoint-url", aws_.url, "--url", service.url, "--yes", *options]
    )  # fmt: skip


def release(aws_: CloudFormation, service: Service, digest: str = NEW) -> int:
    return run("release", aws_, service, "--image-digest", digest, "--now")


def parameters(aws_: CloudFormation, stack: str = "service") -> dict[str, str]:
    return aws_.stacks[f"{NAME}-{stack}"].parameters


def steps(aws_: CloudFormation) -> list[tuple[str | None, str | None, bool]]:
    """Return the weight of green, the minutes and whether the alarm was watched, of each change of the weights."""
    found: list[tuple[str | None, str | None, bool]] = []
    for asked in aws_.executed():
        given = {
            asked[f"Parameters.member.{n}.ParameterKey"]: asked.get(f"Parameters.member.{n}.ParameterValue")
            for n in range(1, 12)
            if f"Parameters.member.{n}.ParameterKey" in asked
        }
        if given.get("GreenWeight") is not None:
            alarm = asked.get("RollbackConfiguration.RollbackTriggers.member.1.Arn")
            minutes = asked["RollbackConfiguration.MonitoringTimeInMinutes"]
            found.append((given["GreenWeight"], minutes, alarm == ALARM))
    return found


def test_the_resting_colour_takes_over_in_watched_steps(aws_: CloudFormation, service: Service) -> None:
    assert release(aws_, service) == 0

    assert steps(aws_) == [("10", "5", True), ("25", "10", True), ("50", "15", True), ("100", "15", True)]
    assert parameters(aws_) == AT_REST | {
        "GreenDigest": NEW, "BlueWeight": "0", "GreenWeight": "100", "BlueTasks": "0", "GreenTasks": "3",
    }  # fmt: skip
    assert parameters(aws_, "workers") == {"ImageDigest": NEW, "ClusterName": "c"}
    assert parameters(aws_, "schedule") == {"ImageDigest": NEW}


def test_templates_stay_and_cloudformation_works_with_its_own_role(aws_: CloudFormation, service: Service) -> None:
    release(aws_, service)

    for asked in aws_.executed():
        assert (asked["UsePreviousTemplate"], asked["RoleARN"]) == ("true", ROLE)
        kind = asked.get("RollbackConfiguration.RollbackTriggers.member.1.Type", "AWS::CloudWatch::CompositeAlarm")
        assert kind == "AWS::CloudWatch::CompositeAlarm"


def test_every_step_is_tried_with_the_key_of_the_release(aws_: CloudFormation, service: Service) -> None:
    release(aws_, service)

    assert len(service.keys) == 3 * (1 + 4)
    (key,) = set(service.keys)
    assert key is not None
    assert len(key) == 32


def test_each_step_has_enough_requests_to_be_judged_by(
    aws_: CloudFormation, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether anybody comes or not; they bear a mark, and the key that leads them to the colour that is tried."""
    monkeypatch.undo()
    monkeypatch.setattr(synthetic_traffic, "WITHIN", 0.0)

    assert release(aws_, service) == 0

    assert len(service.marked) == 4 * synthetic_traffic.MOST >= 4 * 200
    assert set(service.marked) == set(service.keys)
    assert parameters(aws_)["GreenWeight"] == "100"


def test_failures_among_them_take_the_release_back(
    aws_: CloudFormation, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    service.marked_sick_after = 8 + 3

    assert release(aws_, service) == console.FAILED

    assert "5 of 8 synthetic requests failed, the first: GET /v1/schema answered 500" in capsys.readouterr().err
    assert (parameters(aws_)["GreenWeight"], parameters(aws_)["GreenTasks"]) == ("0", "0")
    assert [weight for weight, _, _ in steps(aws_)] == ["10", "25", "0"]


def test_too_few_answers_are_no_answer() -> None:
    with pytest.raises(Unexpected, match="only 20 of 200"):
        synthetic_traffic.Traffic(sent=20).judge()


def test_the_traffic_of_a_release_stays_within_what_an_address_may_ask() -> None:
    shortest = min(minutes for _, minutes in releases.STEPS)

    assert PROD.requests_per_address > synthetic_traffic.MOST
    assert synthetic_traffic.WITHIN * 60 * shortest / synthetic_traffic.MOST > 0.5


def test_releasing_the_same_image_again_changes_nothing(aws_: CloudFormation, service: Service) -> None:
    release(aws_, service)
    before = len(aws_.executed())

    assert release(aws_, service) == 0
    assert len(aws_.executed()) == before


def test_the_next_release_goes_to_the_other_colour(aws_: CloudFormation, service: Service) -> None:
    release(aws_, service)

    assert release(aws_, service, f"sha256:{'2' * 64}") == 0

    assert parameters(aws_)["BlueDigest"] == f"sha256:{'2' * 64}"
    assert (parameters(aws_)["BlueWeight"], parameters(aws_)["GreenTasks"]) == ("100", "0")


def test_an_alarm_takes_the_whole_release_back(
    aws_: CloudFormation, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    aws_.alarms_when = {"GreenWeight": "50"}

    assert release(aws_, service) == console.FAILED

    assert "alarm is in ALARM state" in capsys.readouterr().err
    assert (parameters(aws_)["BlueWeight"], parameters(aws_)["GreenWeight"]) == ("100", "0")
    assert (parameters(aws_)["GreenTasks"], parameters(aws_)["PreviewKey"]) == ("0", "")
    assert parameters(aws_, "workers")["ImageDigest"] == OLD


def test_a_failing_smoke_test_takes_the_release_back(
    aws_: CloudFormation, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    service.sick_after = 3 * 2

    assert release(aws_, service) == console.FAILED

    assert "says degraded: database" in capsys.readouterr().err
    assert parameters(aws_)["GreenWeight"] == "0"
    assert steps(aws_) == [("10", "5", True), ("25", "10", True), ("0", "0", False)]


@pytest.mark.parametrize("share", ["0", "10", "25", "50", "100"])
def test_an_interrupted_release_goes_on_where_it_stopped(aws_: CloudFormation, service: Service, share: str) -> None:
    parameters(aws_).update(
        GreenDigest=NEW, GreenTasks="3", PreviewKey="f" * 32, GreenWeight=share, BlueWeight=str(100 - int(share))
    )

    assert release(aws_, service) == 0

    left = [one for one in ("10", "25", "50", "100") if int(one) > int(share)]
    assert [weight for weight, _, _ in steps(aws_)] == left
    assert (parameters(aws_)["GreenWeight"], parameters(aws_)["BlueTasks"]) == ("100", "0")


def test_another_image_waits_until_the_release_is_over(aws_: CloudFormation, service: Service) -> None:
    parameters(aws_).update(GreenDigest=NEW, GreenTasks="3", PreviewKey="f" * 32, GreenWeight="10", BlueWeight="90")

    assert release(aws_, service, f"sha256:{'2' * 64}") == console.WRONG_USAGE
    assert aws_.executed() == []


def test_what_an_alarm_took_back_does_not_go_on_by_itself(aws_: CloudFormation, service: Service) -> None:
    parameters(aws_).update(GreenDigest=NEW, GreenTasks="3", PreviewKey="f" * 32, GreenWeight="10", BlueWeight="90")
    aws_.stacks[f"{NAME}-service"].status = "UPDATE_ROLLBACK_COMPLETE"

    assert release(aws_, service) == console.WRONG_USAGE
    assert run("rollback", aws_, service) == 0
    assert parameters(aws_)["BlueWeight"] == "100"


def test_rolling_back_starts_the_image_before_and_tries_it_first(aws_: CloudFormation, service: Service) -> None:
    release(aws_, service)
    service.keys.clear()

    assert run("rollback", aws_, service) == 0

    assert (parameters(aws_)["BlueWeight"], parameters(aws_)["BlueTasks"]) == ("100", "3")
    assert (parameters(aws_)["GreenWeight"], parameters(aws_)["GreenTasks"]) == ("0", "0")
    assert parameters(aws_, "workers")["ImageDigest"] == OLD
    assert len(service.keys) == 3
    assert run("rollback", aws_, service) == console.WRONG_USAGE


def test_an_interrupted_rollback_goes_on(aws_: CloudFormation, service: Service) -> None:
    release(aws_, service)
    parameters(aws_).update(BlueTasks="3", PreviewKey="b" * 32, PreviewColour="Blue")

    assert run("rollback", aws_, service) == 0
    assert (parameters(aws_)["BlueWeight"], parameters(aws_)["PreviewKey"]) == ("100", "")


def test_there_is_nothing_to_go_back_to_before_the_first_release(aws_: CloudFormation, service: Service) -> None:
    assert run("rollback", aws_, service) == console.WRONG_USAGE
    assert aws_.executed() == []


@dataclass
class FakeClock:
    """A clock that advances only by sleeping."""

    time: datetime
    slept: list[float] = field(default_factory=list)

    def as_clock(self) -> verbs.Clock:
        return verbs.Clock(now=lambda: self.time, sleep=self.slept.append)


def _arguments(aws_: CloudFormation, service: Service, *options: str) -> tuple[Any, Any]:
    args = command._parser().parse_args(
        ["release", "--env", "prod", "--endpoint-url", aws_.url, "--url", service.url, "--image-digest", NEW, *options]
    )
    return args, command._target(args)


def test_tasks_are_given_time_to_start(aws_: CloudFormation, service: Service) -> None:
    service.starting = 5
    clock = FakeClock(datetime(2026, 11, 24, 3, tzinfo=UTC))

    assert verbs.release(*_arguments(aws_, service), clock.as_clock()) == 0
    assert clock.slept == [10.0] * 5


def test_outside_the_window_nothing_begins(
    aws_: CloudFormation, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = FakeClock(datetime(2026, 11, 21, 10, tzinfo=UTC))

    assert verbs.release(*_arguments(aws_, service), clock.as_clock()) == console.TOO_EARLY
    assert "next Tue 2026-11-24 02:00" in capsys.readouterr().err
    assert aws_.sent == []


def test_waiting_ends_when_the_window_opens(aws_: CloudFormation, service: Service) -> None:
    clock = FakeClock(datetime(2026, 11, 21, 10, tzinfo=UTC))

    assert verbs.release(*_arguments(aws_, service, "--wait"), clock.as_clock()) == 0
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


def test_nothing_is_released_while_the_alarm_rings(
    aws_: CloudFormation, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    aws_.ringing = ["error-rate is in ALARM"]

    assert release(aws_, service) == console.WRONG_USAGE
    assert "error-rate is in ALARM" in capsys.readouterr().err
    assert aws_.executed() == []


def test_a_step_waits_until_the_alarm_is_quiet(aws_: CloudFormation, service: Service) -> None:
    # Quiet before the release; then a task that starts rings it.
    aws_.ringing = ["", "unhealthy-hosts-green is in ALARM", "unhealthy-hosts-green is in ALARM"]
    clock = FakeClock(datetime(2026, 11, 24, 3, tzinfo=UTC))

    assert verbs.release(*_arguments(aws_, service), clock.as_clock()) == 0
    assert clock.slept == [30.0] * 2
    assert [weight for weight, _, _ in steps(aws_)] == ["10", "25", "50", "100"]


def test_an_alarm_that_does_not_become_quiet_takes_the_release_back(
    aws_: CloudFormation, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    aws_.ringing = ["", *["latency is in ALARM"] * 30]
    clock = FakeClock(datetime(2026, 11, 24, 3, tzinfo=UTC))

    assert verbs.release(*_arguments(aws_, service), clock.as_clock()) == console.FAILED
    assert "latency is in ALARM" in capsys.readouterr().err
    assert (parameters(aws_)["BlueWeight"], parameters(aws_)["GreenTasks"]) == ("100", "0")


def test_the_image_that_ends_an_incident_is_not_watched(aws_: CloudFormation, service: Service) -> None:
    aws_.ringing = ["error-rate is in ALARM"] * 40
    aws_.alarms_when = {"GreenWeight": "10"}

    assert run("release", aws_, service, "--image-digest", NEW, "--now", "--unwatched") == 0
    assert steps(aws_) == [(share, "0", False) for share in ("10", "25", "50", "100")]


@pytest.mark.parametrize(("ringing", "watched"), [([], True), (["error-rate is in ALARM"], False)])
def test_a_change_of_the_apis_template_is_watched_unless_it_may_be_the_remedy(
    aws_: CloudFormation,
    ringing: list[str],
    watched: bool,  # noqa: FBT001
) -> None:
    aws_.ringing = ringing
    target = Target(PROD, aws_.url)
    (stack,) = stacks.select(PROD, ["service"])

    options = rollout._change_options(target, stack, "")

    assert options.rollback["RollbackTriggers"] == (
        [{"Arn": ALARM, "Type": "AWS::CloudWatch::CompositeAlarm"}] if watched else []
    )
    assert options.minutes == (5 if watched else 0)


def test_cloudformation_takes_the_terms_of_every_step() -> None:
    """It takes five triggers and 180 minutes at most."""
    for _, minutes in releases.STEPS:
        rollback = ChangeOptions({}, alarm=ALARM, minutes=minutes).rollback
        assert len(rollback["RollbackTriggers"]) <= 5
        assert 0 < rollback["MonitoringTimeInMinutes"] <= 180


@pytest.mark.parametrize("digest", ["latest", "sha256:abc", f"sha256:{'G' * 64}"])
def test_an_image_is_named_by_its_digest(aws_: CloudFormation, service: Service, digest: str) -> None:
    assert release(aws_, service, digest) == console.WRONG_USAGE
