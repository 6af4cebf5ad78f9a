"""Releases: the requests to CloudFormation step by step, and failures."""

from datetime import UTC, datetime

import pytest

from deploy import stacks
from deploy.commands import console
from deploy.commands import release as verbs
from deploy.environments import PROD
from deploy.operations import releases, rollout, synthetic_traffic
from deploy.operations.changes import ChangeOptions
from deploy.operations.rollout import Target
from smartcooking.probes.http import Unexpected
from tests.support.cloudformation_stub import CloudFormation
from tests.support.releases import ALARM, AT_REST, NAME, NEW, OLD, ROLE, FakeClock, Service, arguments, release, run
from tests.support.releases import aws_ as aws_  # noqa: PLC0414  a fixture
from tests.support.releases import service as service  # noqa: PLC0414  a fixture

pytestmark = pytest.mark.usefixtures("needs_aws")


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


def test_tasks_are_given_time_to_start(aws_: CloudFormation, service: Service) -> None:
    service.starting = 5
    clock = FakeClock(datetime(2026, 11, 24, 3, tzinfo=UTC))

    assert verbs.release(*arguments(aws_, service), clock.as_clock()) == 0
    assert clock.slept == [10.0] * 5


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

    assert verbs.release(*arguments(aws_, service), clock.as_clock()) == 0
    assert clock.slept == [30.0] * 2
    assert [weight for weight, _, _ in steps(aws_)] == ["10", "25", "50", "100"]


def test_an_alarm_that_does_not_become_quiet_takes_the_release_back(
    aws_: CloudFormation, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    aws_.ringing = ["", *["latency is in ALARM"] * 30]
    clock = FakeClock(datetime(2026, 11, 24, 3, tzinfo=UTC))

    assert verbs.release(*arguments(aws_, service), clock.as_clock()) == console.FAILED
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
