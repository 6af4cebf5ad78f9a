"""The local scheduler: runs the commands of `contract/schedules.py`, as EventBridge does in AWS."""

import asyncio
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from deploy.local import child
from smartcooking.contract.schedules import SCHEDULES, Schedule

MANAGE = (sys.executable, str(Path(__file__).resolve().parents[2] / "manage.py"))


async def keep_to(schedules: Iterable[Schedule], command: tuple[str, ...] = MANAGE) -> None:
    """Run each command at once and then whenever its time has come, but never beside its own previous run."""
    async with asyncio.TaskGroup() as group:
        for schedule in schedules:
            group.create_task(_repeat(schedule, command))


async def _repeat(schedule: Schedule, command: tuple[str, ...]) -> None:
    due = time.monotonic()
    while True:
        await _run((*command, schedule.command))
        # Runs that would have been due during a run are skipped.
        missed = int((time.monotonic() - due) // schedule.every)
        due += (missed + 1) * schedule.every
        await asyncio.sleep(max(0.0, due - time.monotonic()))


async def _run(command: tuple[str, ...]) -> None:
    process = await asyncio.create_subprocess_exec(*child.prefix(), *command)
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    if code != 0:
        print(f"{command[-1]} failed with exit code {code}", file=sys.stderr, flush=True)


async def _until_stopped() -> None:
    task = asyncio.ensure_future(keep_to(SCHEDULES))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


if __name__ == "__main__":
    asyncio.run(_until_stopped())
