"""Python programs that begin with their imports behind them: forked from a process that has done nothing else.

A process of the service computes for two seconds and a half before it begins its work, nearly all of it imports; a run
of the tests starts more than a hundred of them. Each program is a process of its own, with its own session, environment
and log, as one that was started by its command; it has opened no file or connection and started no thread before. Those
with the service's usual environment share what is built of the master list, if that is as it was seeded when they have
read it.

    python -m tests.support.warm SOCKET MODULE...
"""

import atexit
import ctypes
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from deploy.local import child
from tests.support import once

ROOT = Path(__file__).resolve().parents[2]
# What all of them use that reads no setting, so that it is the same whatever the environment says.
LIBRARIES = (
    "boto3", "botocore.client", "celery.__main__", "celery.app.amqp", "celery.app.control", "celery.app.events",
    "celery.app.log", "celery.apps.worker", "celery.bin.celery", "celery.concurrency.prefork", "celery.fixups.django",
    "celery.loaders.app", "celery.worker.components", "celery.worker.consumer", "celery.worker.strategy",
    "cryptography.x509", "django.core.handlers.wsgi", "django.core.management", "django.db.models", "django.forms",
    "gunicorn.app.wsgiapp", "gunicorn.arbiter", "gunicorn.workers.gthread", "jsonschema", "jwt", "kombu.transport.SQS",
    "numpy", "orjson", "PIL.Image", "pynamodb.models", "rapidfuzz", "requests",
    "s3transfer.manager", "structlog", "urllib3", "whitenoise.middleware", "yaml",
)  # fmt: skip
# The service itself, for programs that find the environment that it was imported with.
SERVICE = ("smartcooking.celery", "smartcooking.scheduled", "smartcooking.urls", "apps.core.broker")
_PATIENCE = 200.0
# The environment that the service is imported with: that of the first program.
_USUAL: dict[str, str] = {}


class Program:
    """A program that was begun, with the part of `subprocess.Popen` that the tests use."""

    def __init__(self, connection: socket.socket) -> None:
        self.returncode: int | None = None
        self._connection = connection
        self._replies = connection.makefile("r")
        self.pid = int(self._replies.readline())

    def poll(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit code as `Popen` does; raises TimeoutExpired."""
        if self.returncode is None:
            self._connection.settimeout(timeout)
            try:
                first = self._connection.recv(1, socket.MSG_PEEK)
            except (BlockingIOError, TimeoutError):
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0) from None
            self._connection.settimeout(_PATIENCE)
            # Nothing to read: whoever waited for it has been killed with it.
            self.returncode = int(self._replies.readline()) if first else -signal.SIGKILL
            self._replies.close()
            self._connection.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def begin(module: str, arguments: list[str], *, env: dict[str, str], log: Path) -> Program:
    """Run `python -m MODULE ARGUMENTS` with exactly this environment; what it prints goes to the log."""
    # pytest changes it with each test.
    env = {name: value for name, value in env.items() if name != "PYTEST_CURRENT_TEST"}
    if not _USUAL:
        _USUAL.update(env)
    connection = _connect(_parent(has_service=env == _USUAL))
    connection.sendall(json.dumps([module, arguments, env, str(log)]).encode() + b"\n")
    return Program(connection)


@cache
def _parent(*, has_service: bool) -> Path:
    """Start what programs of the usual environment are forked from, or of any other, and return its address."""
    path = Path(os.environ[once.DIRECTORY]) / f"warm-{os.getpid()}{'-service' if has_service else ''}"
    modules = [*LIBRARIES, *(SERVICE if has_service else ())]
    command = [*child.prefix(), sys.executable, "-m", "tests.support.warm", str(path), *modules]
    process = subprocess.Popen(command, cwd=ROOT, env=_USUAL, start_new_session=True)
    atexit.register(process.terminate)
    deadline = time.monotonic() + _PATIENCE
    while not path.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the process that programs are forked from did not start")
        time.sleep(0.02)
    return path


def _connect(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_PATIENCE)
    connection.connect(str(path))
    return connection


def _serve(path: str) -> tuple[str, list[str]]:
    """Fork a program for each that connects; returns in each of the programs, with what it is to run."""
    # Those that wait for the programs are not waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(f"{path}.new")
    listening.listen()
    Path(f"{path}.new").rename(path)
    while True:
        connection, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            return _wait_for_program(connection)
        connection.close()


def _wait_for_program(connection: socket.socket) -> tuple[str, list[str]]:
    """Fork the program, tell its number and in the end its exit code; returns in the program."""
    _end_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with connection.makefile("r") as asked:
        module, arguments, env, log = json.loads(asked.readline())
    pid = os.fork()
    if pid == 0:
        connection.close()
        _become(env, log)
        return module, arguments
    connection.sendall(f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    with suppress(OSError):
        connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _become(env: dict[str, str], log: str) -> None:
    os.setsid()
    _end_with_parent()
    written = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for number in (1, 2):
        os.dup2(written, number)
    os.close(written)
    os.environ.clear()
    os.environ.update(env)


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(child.PR_SET_PDEATHSIG, signal.SIGTERM)


def _import(name: str) -> Any:
    return importlib.import_module(name)


def main() -> None:
    path, *modules = sys.argv[1:]
    for name in modules:
        _import(name)
        if name == SERVICE[0]:
            _import("django").setup()
    if SERVICE[0] in modules:
        _import("tests.support.ingredients").share_what_is_built()
    module, arguments = _serve(path)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
