"""Scheduled commands: how often they run, and what happens to late or unknown ones."""

import json
import os
import re
import subprocess
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from kombu.transport import virtual

from deploy.environments import PROD
from deploy.stacks import schedule
from smartcooking import scheduled
from smartcooking.celery import app
from smartcooking.contract.queues import QUEUES
from smartcooking.contract.schedules import SCHEDULES
from smartcooking.contract.schedules import Schedule as Planned

Resources = dict[str, dict[str, Any]]


def test_every_command_runs_as_often_as_planned(prod: Resources) -> None:
    found = Counter[tuple[str, str]]()
    for one in prod["AWS::Scheduler::Schedule"].values():
        if "EcsParameters" in one["Properties"]["Target"]:
            override = json.loads(one["Properties"]["Target"]["Input"])["containerOverrides"][0]
            words = re.findall(r"python manage\.py ([^&]+?)(?= &|$)", " ".join(override["command"]))
            found.update((called, one["Properties"]["ScheduleExpression"]) for called in words)
        elif ":sqs:" in json.dumps(one["Properties"]["Target"]["Arn"]):
            ((called, _), _, _) = json.loads(json.loads(one["Properties"]["Target"]["Input"])["body"])
            found[called, one["Properties"]["ScheduleExpression"]] += 1

    assert found == {(" ".join(planned.words), schedule.rate(planned.every)): 1 for planned in schedule.schedules(PROD)}


def test_workers_can_process_every_scheduled_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the form received from SQS."""
    ran: list[str] = []
    monkeypatch.setattr(scheduled, "call_command", lambda name, *_: ran.append(name))
    due = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    for planned in SCHEDULES:
        if planned.alone:
            continue
        text = planned.message("5a1e", due)
        transport: Any = app.connection_for_read().transport
        channel = transport.Channel.__new__(transport.Channel)
        payload = json.loads(channel._optional_b64_decode(text.encode()))
        message = virtual.Message(payload, channel=channel)
        arguments, words, _ = message.decode()

        assert message.headers["task"] in app.tasks
        app.tasks[message.headers["task"]].run(*arguments, **words)

    assert ran == [one.command for one in SCHEDULES if not one.alone]


@pytest.mark.parametrize(("late", "runs"), [(timedelta(seconds=100), True), (timedelta(hours=2), False)])
def test_a_long_overdue_command_is_skipped(
    late: timedelta,
    runs: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(scheduled, "call_command", lambda name, *_: ran.append(name))

    scheduled.run_command("sweep_outbox", (datetime.now(UTC) - late).isoformat())

    assert bool(ran) is runs


def test_a_command_without_a_schedule_is_refused() -> None:
    with pytest.raises(scheduled.UnknownCommand):
        scheduled.run_command("create_user", datetime.now(UTC).isoformat())


def test_commands_due_at_the_same_time_run_concurrently(tmp_path: Path) -> None:
    """The first one fails, the second is slow, and neither affects the other."""
    (tmp_path / "python").write_text('#!/bin/sh\ntest "$2" = fails && exit 3\nsleep 0.2\necho "$2" >> done\n')
    (tmp_path / "python").chmod(0o755)
    words = schedule.command([Planned("fails", 60), Planned("slow", 60), Planned("other", 60)])

    path = f"{tmp_path}:{os.environ['PATH']}"
    subprocess.run(words, cwd=tmp_path, env={"PATH": path}, check=True)

    assert sorted((tmp_path / "done").read_text().split()) == ["other", "slow"]


def test_probes_run_as_often_as_planned(prod: Resources) -> None:
    url = "--url https://api.smartcooking.com"
    schedules = [one["Properties"] for one in prod["AWS::Scheduler::Schedule"].values()]
    often = [one["Description"] for one in schedules if one["ScheduleExpression"] == "rate(5 minutes)"]
    hourly = ", ".join(one["Description"] for one in schedules if one["ScheduleExpression"] == "rate(1 hour)")

    assert often == [f"manage.py probe sign-in {url} --most-ms 500"]
    assert f"manage.py probe journey {url}" in hourly
    assert "manage.py probe upkeep --copies smart-cooking-prod-copies" in hourly


def test_sweeps_are_messages_and_their_delay_raises_an_alarm(prod: Resources) -> None:
    """Whichever worker is there takes it: no task has to start first. Work that waits too long raises an alarm."""
    on_spot = {
        word
        for one in prod["AWS::Scheduler::Schedule"].values()
        if "FARGATE_SPOT" in json.dumps(one["Properties"]["Target"].get("EcsParameters", {}))
        for word in re.findall(r"manage\.py (\w+)", one["Properties"]["Description"])
    }
    watched = {one["Properties"]["AlarmName"] for one in prod["AWS::CloudWatch::Alarm"].values()}

    assert on_spot == {"erase_due", "expire_registrations", "probe", "refresh_snapshot"}
    assert {f"smart-cooking-prod-queue-age-{queue.name}" for queue in QUEUES} <= watched
    assert {planned.command for planned in SCHEDULES if planned.command.startswith("sweep_")} & on_spot == set()
