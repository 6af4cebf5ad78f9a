"""The clock of the local stack."""

import asyncio
import sys
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from deploy.local import schedule
from smartcooking.contract.schedules import Schedule

NOTES_AND_TAKES = """
import sys, time
with open(sys.argv[1], "a") as file:
    file.write(f"{sys.argv[3]} {time.monotonic()}\\n")
time.sleep(float(sys.argv[2]))
raise SystemExit(sys.argv[3] == "fails")
"""


def run_for(seconds: float, notes: Path, takes: float, *schedules: Schedule) -> dict[str, list[float]]:
    """Keep to the schedules for some time; returns when each command was started."""
    command = (sys.executable, "-c", NOTES_AND_TAKES, str(notes), str(takes))

    async def keep() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(schedule.keep_to(schedules, command), seconds)

    asyncio.run(keep())
    starts: dict[str, list[float]] = {}
    for line in notes.read_text().splitlines():
        name, when = line.split()
        starts.setdefault(name, []).append(float(when))
    return starts


def test_a_command_is_never_run_beside_itself(tmp_path: Path) -> None:
    (starts,) = run_for(3.0, tmp_path / "notes", 0.5, Schedule("sweep", every=0.1)).values()

    assert len(starts) > 1
    assert all(later - earlier > 0.5 for earlier, later in pairwise(starts))


def test_schedules_do_not_wait_for_each_other_or_stop_at_a_failure(tmp_path: Path) -> None:
    starts = run_for(3.0, tmp_path / "notes", 0.0, Schedule("fails", every=0.3), Schedule("works", every=0.3))

    assert len(starts["fails"]) > 1
    assert len(starts["works"]) > 1


def test_what_is_running_ends_with_the_clock(tmp_path: Path) -> None:
    began = time.monotonic()
    run_for(0.5, tmp_path / "notes", 200.0, Schedule("slow", every=600))

    # Far from what the command takes, however busy the machine is.
    assert time.monotonic() - began < 100
