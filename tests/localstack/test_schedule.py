"""The scheduler of the local stack."""

import asyncio
import json
import sys
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from django.conf import settings

from deploy.local import schedule
from smartcooking.contract.schedules import RUN_COMMAND, Schedule

NOTES_AND_TAKES = """
import sys, time
with open(sys.argv[1], "a") as file:
    file.write(f"{sys.argv[3]} {time.monotonic()}\\n")
time.sleep(float(sys.argv[2]))
raise SystemExit(sys.argv[3] == "fails")
"""


def run_for(seconds: float, notes: Path, takes: float, *schedules: Schedule) -> dict[str, list[float]]:
    """Run the schedules for some time; return when each command was started."""
    command = (sys.executable, "-c", NOTES_AND_TAKES, str(notes), str(takes))

    async def start(due: Schedule) -> None:
        await schedule.run(*command, due.command)

    async def keep() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(schedule.keep_to(schedules, start), seconds)

    asyncio.run(keep())
    starts: dict[str, list[float]] = {}
    for line in notes.read_text().splitlines():
        name, when = line.split()
        starts.setdefault(name, []).append(float(when))
    return starts


def often(command: str, seconds: float) -> Schedule:
    """Return a schedule with a shorter interval than any real one."""
    return Schedule(command, every=seconds)  # type: ignore[arg-type]  # real ones are whole seconds


def test_a_command_is_never_run_beside_itself(tmp_path: Path) -> None:
    (starts,) = run_for(3.0, tmp_path / "notes", 0.5, often("sweep", 0.1)).values()

    assert len(starts) > 1
    assert all(later - earlier > 0.5 for earlier, later in pairwise(starts))


def test_schedules_do_not_wait_for_each_other_or_stop_at_a_failure(tmp_path: Path) -> None:
    starts = run_for(3.0, tmp_path / "notes", 0.0, often("fails", 0.3), often("works", 0.3))

    assert len(starts["fails"]) > 1
    assert len(starts["works"]) > 1


def test_what_is_running_ends_with_the_clock(tmp_path: Path) -> None:
    began = time.monotonic()
    run_for(0.5, tmp_path / "notes", 200.0, often("slow", 600))

    # Much longer than the command takes, even on a busy machine.
    assert time.monotonic() - began < 100


@pytest.mark.usefixtures("needs_aws")
def test_a_command_is_sent_to_the_workers_as_in_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    sqs = boto3.client("sqs", region_name=settings.AWS_REGION, endpoint_url=settings.AWS_ENDPOINT_URL)
    queue = sqs.create_queue(QueueName=f"schedule-{uuid4().hex}")["QueueUrl"]
    monkeypatch.setenv("QUEUE_URL_DEFAULT", queue)

    asyncio.run(schedule.start_as_in_aws(often("sweep_outbox", 60)))

    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
    sqs.delete_queue(QueueUrl=queue)
    assert json.loads(message["Body"])["headers"]["task"] == RUN_COMMAND
    assert json.loads(json.loads(message["Body"])["body"])[0][0] == "sweep_outbox"


def test_a_command_that_cannot_be_sent_ends_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUEUE_URL_DEFAULT", "http://127.0.0.1:1/000000000000/default")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_REGION", "ap-southeast-1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    asyncio.run(schedule.start_as_in_aws(often("sweep_outbox", 60)))

    assert "sweep_outbox was not sent" in capsys.readouterr().err
