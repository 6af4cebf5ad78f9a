"""`python -m deploy` against the local AWS of the test run."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy import __main__ as command
from deploy import aws, stacks
from deploy.commands import console
from deploy.environments import LOCAL
from deploy.stacks import identity, messaging

pytestmark = pytest.mark.usefixtures("needs_aws")

Deploy = Callable[..., int]
VERBS = (
    "build", "diff", "deploy", "outputs", "delete", "release", "rollback", "window", "verify", "cost", "frontend",
    "backup",
)  # fmt: skip
LONGER_THAN_SQS_KEEPS = 15 * 24 * 3600


@pytest.fixture
def deploy() -> Iterator[Deploy]:
    """Run a verb on an environment of the test's own, which is deleted in the end."""
    prefix = f"command-{uuid.uuid4().hex[:8]}"

    def run(verb: str, *options: str) -> int:
        place = ["--env", "local", "--endpoint-url", os.environ["AWS_ENDPOINT_URL"], "--prefix", prefix]
        return command.main([verb, *place, *options])

    yield run
    run("delete", "--yes")


def test_deploying_again_changes_nothing(deploy: Deploy, capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy("deploy") == 0
    assert capsys.readouterr().out.count("created") == len(stacks.select(LOCAL))

    assert deploy("deploy") == 0
    assert capsys.readouterr().out.count("unchanged") == len(stacks.select(LOCAL))


def test_a_difference_is_shown_and_told_by_the_exit_code(deploy: Deploy, capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy("diff") == console.DIFFERENT
    assert "Add     AWS::DynamoDB::Table" in capsys.readouterr().out

    deploy("deploy")
    assert deploy("diff") == 0


def test_one_stack_can_be_deployed_alone(deploy: Deploy, capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy("deploy", "--stack", "messaging") == 0

    assert capsys.readouterr().out.splitlines()[-1].endswith("-messaging: created")
    assert deploy("outputs") == console.FAILED


def test_the_local_table_forgets_expired_rows(deploy: Deploy, capsys: pytest.CaptureFixture[str]) -> None:
    deploy("deploy")
    capsys.readouterr()

    deploy("outputs", "--format", "json")
    name = json.loads(capsys.readouterr().out)["TableName"]
    client = aws.client("dynamodb", LOCAL, os.environ["DYNAMODB_ENDPOINT_URL"])
    assert client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["AttributeName"] == "ttl"


def test_a_failure_names_the_resource_and_its_reason(
    deploy: Deploy, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messaging, "DEAD_LETTER_RETENTION", LONGER_THAN_SQS_KEEPS)

    assert deploy("deploy", "--stack", "messaging") == console.FAILED

    printed = capsys.readouterr().err
    assert "AiDeadLetters failed:" in printed
    assert "MessageRetentionPeriod" in printed.splitlines()[-1]


def test_a_failed_update_leaves_the_stack_as_it_was(
    deploy: Deploy, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy("deploy", "--stack", "messaging")
    with monkeypatch.context() as broken:
        broken.setattr(messaging, "DEAD_LETTER_RETENTION", LONGER_THAN_SQS_KEEPS)
        assert deploy("deploy", "--stack", "messaging") == console.FAILED

    assert "UPDATE_ROLLBACK_COMPLETE: " in capsys.readouterr().err.splitlines()[-1]
    assert deploy("diff", "--stack", "messaging") == console.DONE


def test_a_difference_names_the_properties(
    deploy: Deploy, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy("deploy", "--stack", "messaging")
    monkeypatch.setattr(messaging, "DEAD_LETTER_RETENTION", messaging.DEAD_LETTER_RETENTION - 60)

    assert deploy("diff", "--stack", "messaging") == console.DIFFERENT

    printed = capsys.readouterr().out
    assert "Modify  AWS::SQS::Queue                  AiDeadLetters" in printed
    assert "MessageRetentionPeriod" in printed


def test_a_parameter_without_a_value_is_wrong_usage(deploy: Deploy) -> None:
    assert deploy("diff", "--set", "BlueDigest") == console.WRONG_USAGE


def test_a_first_deployment_that_failed_can_be_repeated(deploy: Deploy, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(messaging, "DEAD_LETTER_RETENTION", LONGER_THAN_SQS_KEEPS)
        assert deploy("deploy", "--stack", "messaging") == console.FAILED

    assert deploy("deploy", "--stack", "messaging") == 0


def test_removing_a_resource_needs_consent(
    deploy: Deploy, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy("deploy", "--stack", "identity")
    monkeypatch.setattr(identity, "GROUPS", {"moderators": identity.GROUPS["moderators"]})

    assert deploy("deploy", "--stack", "identity") == console.DECLINED
    assert "Remove  AWS::Cognito::UserPoolGroup" in capsys.readouterr().out
    assert deploy("deploy", "--stack", "identity", "--yes") == 0


def test_deleting_needs_consent(deploy: Deploy, capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy("delete") == console.DECLINED
    assert "Pass --yes" in capsys.readouterr().err


def test_an_unknown_stack_is_wrong_usage(deploy: Deploy, capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy("deploy", "--stack", "kitchen") == console.WRONG_USAGE
    assert "local has no stack kitchen; it has: data, identity, storage, messaging" in capsys.readouterr().err


def test_whoever_stops_reading_is_told_nothing_more(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "deploy", "build", "--env", "dev", "--out", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout
    assert running.stderr
    running.stdout.close()

    assert running.wait(60) == console.DONE
    assert running.stderr.read() == b""
    running.stderr.close()


@pytest.mark.parametrize("verb", [(), *((verb,) for verb in VERBS)], ids=lambda verb: "-".join(verb) or "none")
def test_help_has_examples_and_exit_codes(verb: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main([*verb, "--help"])

    printed = capsys.readouterr().out
    assert ended.value.code == 0
    assert f"python -m deploy {' '.join(verb)}".strip() in printed.partition("example")[2]
    assert "exit codes:" in printed


def test_an_address_where_nobody_answers_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["outputs", "--env", "local", "--endpoint-url", "http://127.0.0.1:1"]

    assert command.main(arguments) == console.FAILED
    (line,) = capsys.readouterr().err.splitlines()
    assert "http://127.0.0.1:1" in line
