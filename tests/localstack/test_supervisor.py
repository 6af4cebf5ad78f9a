"""The supervisor restarts programs, and stops them in order without leaving processes behind."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from deploy.local.supervisor import Program, Supervisor
from tests.support.processes import PATIENCE

SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = f"""
import subprocess, sys, time
print('child', subprocess.Popen([sys.executable, '-c', {SLEEPER!r}]).pid, flush=True)
time.sleep(60)
"""
TELLS_WHEN_STOPPED = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (print('bye', sys.argv[1], flush=True), sys.exit()))
print('up', flush=True)
time.sleep(60)
"""


def python(name: str, code: str, *arguments: str, patience: float = 5.0) -> Program:
    return Program(name, (sys.executable, "-c", code, *arguments), patience)


def supervise(tmp_path: Path, work: Callable[[Supervisor], Awaitable[None]]) -> None:
    """Run the work with a supervisor that stops everything afterwards."""

    async def whole() -> None:
        supervisor = Supervisor(tmp_path, dict(os.environ))
        try:
            await work(supervisor)
        finally:
            supervisor.hurry = True
            await supervisor.stop_all(last="")

    asyncio.run(whole())


async def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def test_a_killed_program_is_started_again_while_the_others_go_on(tmp_path: Path) -> None:
    async def work(supervisor: Supervisor) -> None:
        await supervisor.start(python("web", SLEEPER))
        await supervisor.start(python("worker", SLEEPER))
        web, worker = supervisor.pid("web"), supervisor.pid("worker")
        assert web is not None

        os.kill(web, signal.SIGKILL)
        await until(lambda: supervisor.pid("web") != web)

        assert supervisor.pid("worker") == worker
        assert is_running(supervisor.pid("web") or 0)

    supervise(tmp_path, work)


def test_what_a_killed_program_had_started_goes_with_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async def work(supervisor: Supervisor) -> None:
        await supervisor.start(python("web", PARENT))
        printed = ""

        def has_child() -> bool:
            nonlocal printed
            printed += capfd.readouterr().out
            return "child" in printed

        await until(has_child)
        child = int(printed.partition("child ")[2].split()[0])
        os.kill(supervisor.pid("web") or 0, signal.SIGKILL)
        await until(lambda: not is_running(child))

    supervise(tmp_path, work)


def test_the_last_one_is_stopped_when_the_others_are_gone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async def work(supervisor: Supervisor) -> None:
        for name in ("aws", "web", "worker"):
            await supervisor.start(python(name, TELLS_WHEN_STOPPED, name))
        printed = ""

        def all_up() -> bool:
            nonlocal printed
            printed += capfd.readouterr().out
            return printed.count("up") == 3

        await until(all_up)
        await supervisor.stop_all(last=("aws",))

    supervise(tmp_path, work)
    goodbyes = [line.split("bye ")[1] for line in capfd.readouterr().out.splitlines() if "bye" in line]
    assert set(goodbyes) == {"aws", "web", "worker"}
    assert goodbyes[-1] == "aws"


def test_a_program_that_does_not_stop_is_killed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async def work(supervisor: Supervisor) -> None:
        await supervisor.start(python("deaf", DEAF, patience=0.3))
        await until(lambda: "up" in capfd.readouterr().out)
        pid = supervisor.pid("deaf") or 0

        await supervisor.stop("deaf")

        assert not is_running(pid)

    supervise(tmp_path, work)


def test_a_command_is_run_to_its_end(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async def work(supervisor: Supervisor) -> None:
        assert await supervisor.run(python("seed", "print('sown'); raise SystemExit(3)")) == 3

    supervise(tmp_path, work)
    assert "sown" in capfd.readouterr().out


def test_a_program_that_does_not_exist_says_so_and_is_tried_again(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async def work(supervisor: Supervisor) -> None:
        await supervisor.start(Program("web", ("/nonexistent/program",)))
        printed = ""

        def explained() -> bool:
            nonlocal printed
            printed += capfd.readouterr().out
            return "starts again" in printed

        await until(explained)
        assert "/nonexistent/program: No such file or directory" in printed

    supervise(tmp_path, work)
