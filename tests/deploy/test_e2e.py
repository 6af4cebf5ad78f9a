"""The end-to-end suites against a running gunicorn and its workers, as an operator runs them after a deployment."""

import json
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from django.conf import settings

from deploy import __main__ as command
from deploy.commands import console
from deploy.resources import tasks
from e2e import raters, runner
from e2e.people import Cast
from e2e.registrars import Local, Mailbox, Operators
from smartcooking import worker_health
from smartcooking.contract import queues
from smartcooking.contract.schedules import RUN_COMMAND, SCHEDULES
from smartcooking.probes.accounts import NAME, Accounts
from tests.support import processes as processes_
from tests.support import recipes

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def server(processes: Path, seeded: None) -> Iterator[Any]:
    """A gunicorn for which new accounts, and those behind one address, are one voice, which other tests disable."""
    rules = {name: tasks.RULES[name] for name in ("YOUNG_ACCOUNT_HOURS", "SAME_ADDRESS_SECONDS")}
    running = processes_.gunicorn(processes, **rules)
    yield running
    running.stop()


def ours() -> Accounts:
    table_url = os.environ.get("DYNAMODB_ENDPOINT_URL", settings.AWS_ENDPOINT_URL)
    cognito = boto3.client("cognito-idp", region_name=settings.AWS_REGION, endpoint_url=settings.AWS_ENDPOINT_URL)
    dynamodb = boto3.client("dynamodb", region_name=settings.AWS_REGION, endpoint_url=table_url)
    return Accounts(cognito, dynamodb, settings.COGNITO_POOL_ID, settings.TABLE_NAME)


def usernames() -> set[str]:
    client = boto3.client("cognito-idp", region_name=settings.AWS_REGION, endpoint_url=settings.AWS_ENDPOINT_URL)
    pages = client.get_paginator("list_users").paginate(UserPoolId=settings.COGNITO_POOL_ID)
    return {user["Username"] for page in pages for user in page["Users"]}


def test_every_suite_passes_and_nobody_is_left_behind(server: Any, worker: Any, person: Any) -> None:
    recipes.publish_on(server, person())
    before = usernames()
    lines: list[str] = []

    # Slowness of a busy machine doesn't count here.
    passed = runner.run(server.url, Local(ours()), most_ms=60_000.0, tell=lines.append)

    assert passed, "\n".join(lines)
    assert sum(line.startswith("  ok") for line in lines) >= 60
    assert not [line for line in lines if line.startswith("left:")]
    assert usernames() <= before


def test_a_worker_that_takes_messages_says_that_it_is_alive(
    processes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A container has one worker, this machine many: each has its own place for what it touches.
    monkeypatch.setattr(worker_health, "TOUCHED", tmp_path / worker_health.TOUCHED.name)
    running = processes_.worker(processes, queues.IMPORTS, TMPDIR=str(tmp_path))

    assert worker_health.is_alive()

    running.stop()
    assert not worker_health.is_alive()


def test_a_message_of_the_scheduler_is_run_by_a_worker(worker: Any) -> None:
    """In the form stored in SQS: plain JSON."""
    (planned,) = [one for one in SCHEDULES if one.command == "sweep_outbox"]
    text = planned.message(uuid4().hex, datetime.now(UTC).isoformat().replace("+00:00", "Z"))

    client = boto3.client("sqs", region_name=settings.AWS_REGION, endpoint_url=settings.AWS_ENDPOINT_URL)
    client.send_message(QueueUrl=settings.QUEUE_URLS["default"], MessageBody=text)

    def is_done() -> bool:
        return any(RUN_COMMAND in line and "task_done" in line for line in worker.output().splitlines())

    processes_.until(is_done, worker)
    assert is_done()


def test_a_failure_is_told_with_its_suite_and_its_reason(server: Any) -> None:
    class Nobody(Operators):
        def confirm(self, *_: Any) -> None: ...

    before, lines = usernames(), list[str]()

    assert not runner.run(server.url, Nobody(ours()), suites=["cost-metrics"], tell=lines.append)

    assert "\nCost metrics" in lines
    assert any(line.startswith("  FAILED") for line in lines)
    assert any("/v1/auth/login answered" in line for line in lines)
    assert not [line for line in lines if line.startswith("left:")]
    assert usernames() <= before


def test_the_six_suites_of_the_plan_are_there() -> None:
    assert list(runner.SUITES) == [
        "user-journey", "ai-suggestions", "auto-approval", "cost-metrics", "social-integration", "social-performance",
    ]  # fmt: skip


def test_a_mailbox_gives_each_person_an_address_of_their_own() -> None:
    mailbox = Mailbox("imaps://me:secret@mail.example.com/?address=e2e@example.com")

    assert mailbox.address("verify01") == "e2e+verify01@example.com"


def test_the_suites_go_with_an_account_of_their_own_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["verify", "--env", "local", "--full", "--quick"]) == console.WRONG_USAGE
    assert "--full makes people of its own" in capsys.readouterr().err


def test_without_raters_the_report_names_what_is_left_out(server: Any, worker: Any, person: Any) -> None:
    recipes.publish_on(server, person())
    lines: list[str] = []

    passed = runner.run(server.url, Operators(ours()), suites=["auto-approval"], tell=lines.append)

    assert passed, "\n".join(lines)
    assert any("left out, no raters: three cooks approve a recipe" in line for line in lines)
    assert any(line.endswith("accounts of today are one voice and approve nothing") for line in lines)
    assert not [line for line in lines if line.startswith("  ok") and "three cooks approve" in line]


def test_raters_that_are_enlisted_stay_and_their_file_is_their_owners(server: Any, tmp_path: Path) -> None:
    file = tmp_path / "raters.json"

    raters.enlist(Cast(server.url, Local(ours())), file)

    told = json.loads(file.read_text("utf-8"))
    names = {one["username"] for one in told}
    assert len(names) == raters.NEEDED
    assert names <= usernames()
    # The hourly check removes leftovers of journeys, but not these.
    assert not [name for name in names if NAME.fullmatch(name)]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        raters.enlist(Cast(server.url, Local(ours())), file)


@pytest.mark.parametrize("proxies", [["", "", ""], ["http://a", "http://a", "http://b"], ["http://a", "http://b"]])
def test_raters_each_call_through_a_proxy_of_their_own(tmp_path: Path, proxies: list[str]) -> None:
    file = tmp_path / "raters.json"
    file.write_text(json.dumps([{"username": "a", "password": "b", "proxy": proxy} for proxy in proxies]), "utf-8")

    with pytest.raises(raters.NoRaters, match="each with a proxy of its own"):
        raters.read(file)


def test_a_file_of_raters_that_is_missing_or_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_text('{"username": 1}')

    for name in ("wrong.json", "missing.json"):
        with pytest.raises(raters.NoRaters, match=name):
            raters.read(tmp_path / name)
