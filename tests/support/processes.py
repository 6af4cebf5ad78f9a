"""Real processes of the tests: gunicorn and the Celery worker, started, waited for, killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import urllib3
from django.conf import settings

from apps.core import aws
from deploy.local import child
from smartcooking.contract.queues import DEFAULT, QUEUES, Queue
from tests.support import warm
from tests.support.client import OverHttp

ROOT = Path(__file__).resolve().parents[2]
GUNICORN = ["gunicorn", "-c", "docker/gunicorn.conf.py"]
CELERY = ["celery", "-A", "smartcooking.celery"]
# How long to wait for what is certain to come: only a defect lasts so long, however busy the machine is.
PATIENCE = 200.0


# What a failing test may have left running: stopped when the run ends.
STARTED: list["Running"] = []


def stop_all() -> None:
    for running in STARTED:
        running.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """A process and what it has written."""

    process: subprocess.Popen[bytes] | warm.Program
    log: Path
    url: str = ""
    api: OverHttp = field(default_factory=lambda: OverHttp(""))

    def kill(self) -> None:
        """End it and its children as the kernel would: SIGKILL, no chance to tidy up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def output(self) -> str:
        return self.log.read_text("utf-8", "replace")


def start(name: str, command: list[str], directory: Path, **env: str) -> Running:
    log = directory / f"{name}-{time.monotonic_ns()}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*child.prefix(), *command],
            cwd=ROOT, env={**os.environ, **env}, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    running = Running(process, log)
    STARTED.append(running)
    return running


def start_warm(name: str, module: str, arguments: list[str], directory: Path, **env: str) -> Running:
    """Start a module as a program that has its imports behind it (tests/support/warm.py)."""
    log = directory / f"{name}-{time.monotonic_ns()}.log"
    log.touch()
    running = Running(warm.begin(module, arguments, env={**os.environ, **env}, log=log), log)
    STARTED.append(running)
    return running


def gunicorn(directory: Path, **env: str) -> Running:
    """Start the API on a free port and wait until it answers."""
    port = free_port()
    options = [*GUNICORN[1:], "-b", f"127.0.0.1:{port}", "smartcooking.wsgi:application"]
    running = start_warm("gunicorn", GUNICORN[0], options, directory, **env)
    running.url = f"http://127.0.0.1:{port}"
    running.api = OverHttp(running.url)
    until(lambda: _answers(running), running)
    return running


def quieten(*of: Queue, visible_after: int | None = None) -> None:
    """Take away what other tests have left in queues, and say after how many seconds messages of the killed come back.

    As in production unless a number is given, which is to be more than what a task takes.
    """
    sqs = aws.client("sqs")
    for queue in of:
        url, seconds = settings.QUEUE_URLS[queue.name], visible_after or queue.visibility_timeout
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)})
        sqs.purge_queue(QueueUrl=url)


def worker(directory: Path, *of: Queue, program: list[str] | None = None, is_cold: bool = False, **env: Any) -> Running:
    """Start the Celery worker, of all queues unless some are named, and wait until it is ready.

    Whoever waits for one kind of work names its queue: in the others may lie an hour's work that other tests have left.
    One that `is_cold` has imported, read and built nothing before.
    """
    options = ["--concurrency=2", "--without-mingle", "--without-gossip", "--without-heartbeat", "--loglevel=INFO"]
    chosen = f"--queues={','.join(queue.name for queue in of or QUEUES)}"
    module, *first = program or CELERY
    arguments = [*first, "worker", chosen, *options]
    if is_cold:
        running = start("worker", [sys.executable, "-m", module, *arguments], directory, **env)
    else:
        running = start_warm("worker", module, arguments, directory, **env)
    until(lambda: " ready." in running.output(), running)
    return running


def kill_and_resume(
    directory: Path, slow: str, caught: Callable[[], object], done: Callable[[], object], *, queue: Queue = DEFAULT
) -> None:
    """Kill a worker with a `slow` connection to DynamoDB as soon as it is `caught`, and let another finish."""
    doomed = worker(directory, queue, DYNAMODB_ENDPOINT_URL=slow)
    until(caught, doomed)
    doomed.kill()
    assert not done()
    heir = worker(directory, queue)
    until(done, heir)
    heir.stop()


def _answers(running: Running) -> bool:
    try:
        return running.api.get("/livez").status_code == 200
    except urllib3.exceptions.HTTPError:
        return False


def until(condition: Callable[[], object], running: Running | None = None) -> None:
    """Wait for a condition; fail with what the process has written if it dies or never gets there."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if running is not None and running.process.poll() is not None:
            raise AssertionError(f"the process ended:\n{running.output()[-4000:]}")
        if time.monotonic() > deadline:
            raise AssertionError(f"not in {PATIENCE} s:\n{running.output()[-4000:] if running else ''}")
        time.sleep(0.05)
