"""The local scheduler: runs the commands of `contract/schedules.py`, as EventBridge does in AWS."""

import asyncio
import os
import signal
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from deploy.local import child
from smartcooking.contract.schedules import SCHEDULES, Schedule

MANAGE = (sys.executable, str(Path(__file__).resolve().parents[2] / "manage.py"))


async def keep_to(schedules: Iterable[Schedule], start: Callable[[Schedule], Awaitable[None]]) -> None:
    """Start each command at once and then whenever it is due, but never while its previous run is still going."""
    async with asyncio.TaskGroup() as group:
        for schedule in schedules:
            group.create_task(_repeat(schedule, start))


async def _repeat(schedule: Schedule, start: Callable[[Schedule], Awaitable[None]]) -> None:
    due = time.monotonic()
    while True:
        await start(schedule)
        # Runs that would have been due during a run are skipped.
        missed = int((time.monotonic() - due) // schedule.every)
        due += (missed + 1) * schedule.every
        await asyncio.sleep(max(0.0, due - time.monotonic()))


async def start_as_in_aws(schedule: Schedule) -> None:
    """Send the command to the workers; a command that must run alone gets a process of its own."""
    if schedule.alone:
        await run(*MANAGE, *schedule.words)
    else:
        await asyncio.to_thread(send, schedule)


def send(schedule: Schedule) -> None:
    """Send the message that runs a command; if AWS does not answer, the next run makes up for it."""
    message = schedule.message(str(uuid.uuid4()), datetime.now(UTC).isoformat())
    try:
        sqs = boto3.session.Session().client("sqs", region_name=os.environ["AWS_REGION"])
        sqs.send_message(QueueUrl=os.environ["QUEUE_URL_DEFAULT"], MessageBody=message)
    except (BotoCoreError, ClientError) as error:
        print(f"{schedule.command} was not sent: {error}", file=sys.stderr, flush=True)


async def run(*command: str) -> None:
    """Run a command and wait for its end; print an error if it fails."""
    process = await asyncio.create_subprocess_exec(*child.prefix(), *command)
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        # It may have ended at this very moment.
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        raise
    if code != 0:
        print(f"{command[-1]} failed with exit code {code}", file=sys.stderr, flush=True)


async def _until_stopped() -> None:
    task = asyncio.ensure_future(keep_to(SCHEDULES, start_as_in_aws))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


if __name__ == "__main__":
    # The service has priority: the first commands are due while it starts.
    os.nice(10)
    asyncio.run(_until_stopped())
