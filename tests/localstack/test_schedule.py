"""The scheduler of the local stack."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import boto3
import pytest
from django.conf import settings

from deploy.local import schedule
from smartcooking.contract.schedules import RUN_COMMAND, Schedule

# Seconds within which commands have started on the slowest machine.
_PATIENCE = 120.0
NOTES_AND_TAKES = """
import os, sys, time
with open(sys.argv[1], "a") as file:
    file.write(f"{sys.argv[3]} {time.monotonic()} {os.getpid()}\\n")
time.sleep(float(sys.argv[2]))
raise SystemExit(sys.argv[3] == "fails")
"""


class Start(NamedTuple):
    """When a command was started, by `time.monotonic()`, and its process."""

    when: float
    pid: int


def run_until(count: int, notes: Path, takes: float, *schedules: Schedule) -> dict[str, list[Start]]:
    """Run the schedules until each command was started so often, or patience ends; return its starts."""
    command = (sys.executable, "-c", NOTES_AND_TAKES, str(notes), str(takes))

    async def start(due: Schedule) -> None:
        await schedule.run(*command, due.command)

    async def keep() -> None:
        keeping = asyncio.ensure_future(schedule.keep_to(schedules, start))
        with suppress(TimeoutError):
            await asyncio.wait_for(_started(count, notes, schedules), _PATIENCE)
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping

    asyncio.run(keep())
    return {due.command: starts_of(due, notes) for due in schedules}


async def _started(count: int, notes: Path, schedules: Sequence[Schedule]) -> None:
    while any(len(starts_of(due, notes)) < count for due in schedules):  # noqa: ASYNC110  processes write the notes
        await asyncio.sleep(0.05)


def starts_of(due: Schedule, notes: Path) -> list[Start]:
    noted = notes.read_text().splitlines(keepends=True) if notes.exists() else []
    words = [line.split() for line in noted if line.endswith("\n")]
    return [Start(float(when), int(pid)) for command, when, pid in words if command == due.command]


def often(command: str, seconds: float) -> Schedule:
    """Return a schedule with a shorter interval than any real one."""
    return Schedule(command, every=seconds)  # type: ignore[arg-type]  # real ones are whole seconds


def test_a_command_is_never_run_beside_itself(tmp_path: Path) -> None:
    starts = run_until(3, tmp_path / "notes", 0.5, often("sweep", 0.1))["sweep"]

    assert len(starts) >= 3
    assert all(later.when - earlier.when > 0.5 for earlier, later in pairwise(starts))


def test_schedules_do_not_wait_for_each_other_or_stop_at_a_failure(tmp_path: Path) -> None:
    starts = run_until(2, tmp_path / "notes", 0.0, often("fails", 0.3), often("works", 0.3))

    assert {command: len(found) >= 2 for command, found in starts.items()} == {"fails": True, "works": True}


def test_what_is_running_ends_with_the_clock(tmp_path: Path) -> None:
    (start,) = run_until(1, tmp_path / "notes", 200.0, often("slow", 3600))["slow"]

    with pytest.raises(ProcessLookupError):
        os.kill(start.pid, 0)


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
