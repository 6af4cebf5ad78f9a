"""Python programs that begin with their imports behind them: forked from a process that has done nothing else.

A process of the service computes for four seconds before it begins its work: for imports, the master list, and what is
read from files. A run of the tests starts more than a hundred of them. Each program is a process of its own, with its
own session, environment and log, as one that was started by its command; it has opened no file or connection and
started no thread before.

Programs are forked from one of two processes. One has imported the service, with the environment of the tests, and has
what is built of the master list as it was seeded. It has noted which settings and variables its imports have read: a
program with other values of these is forked from the other process, which has imported libraries only.

    python -m tests.support.warm SOCKET [--with-service]
"""

import atexit
import ctypes
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, cast

from deploy.local import child
from tests.support import once

ROOT = Path(__file__).resolve().parents[2]
# What all of them use that reads no setting of ours, so that it is the same whatever the environment says.
LIBRARIES = (
    "boto3", "botocore.client", "celery.__main__", "celery.app.amqp", "celery.app.control", "celery.app.events",
    "celery.app.log", "celery.apps.worker", "celery.bin.celery", "celery.concurrency.prefork", "celery.fixups.django",
    "celery.loaders.app", "celery.worker.components", "celery.worker.consumer", "celery.worker.strategy",
    "cryptography.x509", "django.core.handlers.wsgi", "django.core.management", "django.db.models", "django.forms",
    "gunicorn.app.wsgiapp", "gunicorn.arbiter", "gunicorn.workers.gthread", "jsonschema", "jwt", "kombu.transport.SQS",
    "numpy", "orjson", "PIL.Image", "pynamodb.models", "rapidfuzz", "requests",
    "s3transfer.manager", "structlog", "urllib3", "whitenoise.middleware", "wsgiref.handlers", "yaml",
)  # fmt: skip
# The service itself.
SERVICE = (
    "smartcooking.celery", "smartcooking.scheduled", "smartcooking.urls", "smartcooking.buffering", "apps.core.broker"
)  # fmt: skip
_SETTINGS = "smartcooking.settings"
_WITH_SERVICE = "--with-service"
_PATIENCE = 200.0
# The environment that the service is imported with: that of this process as the first program begins.
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
            self.close()
        return self.returncode

    def close(self) -> None:
        self._replies.close()
        self._connection.close()

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def begin(module: str, arguments: list[str], *, env: dict[str, str], log: Path) -> Program:
    """Run `python -m MODULE ARGUMENTS` with exactly this environment; what it prints goes to the log."""
    env = _without_test(env)
    if not _USUAL:
        _USUAL.update(_without_test(os.environ))
    asked = json.dumps([module, arguments, env, str(log)]).encode() + b"\n"
    return _ask(asked, has_service=True) or cast(Program, _ask(asked, has_service=False))


def _without_test(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name != "PYTEST_CURRENT_TEST"}


def _ask(asked: bytes, *, has_service: bool) -> Program | None:
    """Return the program, None if its environment is not one for the process that has imported the service."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_PATIENCE)
    connection.connect(str(_parent(has_service=has_service)))
    connection.sendall(asked)
    program = Program(connection)
    if program.pid:
        return program
    program.close()
    return None


@cache
def _parent(*, has_service: bool) -> Path:
    """Start what programs of the usual environment are forked from, or of any other, and return its address."""
    path = Path(os.environ[once.DIRECTORY]) / f"warm-{os.getpid()}{'-service' if has_service else ''}"
    options = [_WITH_SERVICE] if has_service else []
    command = [*child.prefix(), sys.executable, "-m", "tests.support.warm", str(path), *options]
    process = subprocess.Popen(command, cwd=ROOT, env=_USUAL, start_new_session=True)
    atexit.register(process.terminate)
    deadline = time.monotonic() + _PATIENCE
    while not path.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the process that programs are forked from did not start")
        time.sleep(0.02)
    return path


class Readers:
    """Which modules have read a setting of the service while they were imported, and which variables were read."""

    def __init__(self) -> None:
        self.of_settings: dict[str, set[str]] = {}
        self.of_variables: set[str] = set()
        self.settings: dict[str, Any] = {}

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note who reads; a setting is not kept for the next reader, who would not be seen."""
        from django.conf import LazySettings  # noqa: PLC0415

        of_settings, of_variables = LazySettings.__getattr__, type(os.environ).__getitem__

        def setting(settings: Any, name: str) -> Any:
            self.of_settings.setdefault(name, set()).add(_caller(2))
            value = of_settings(settings, name)
            settings.__dict__.pop(name, None)
            return value

        def variable(environ: Any, name: str) -> str:
            # Settings read variables by the method `get`, which is in between.
            if _caller(3) != "smartcooking.env":
                self.of_variables.add(name)
            return of_variables(environ, name)

        LazySettings.__getattr__ = setting  # type: ignore[method-assign]
        type(os.environ).__getitem__ = variable  # type: ignore[method-assign]
        yield
        LazySettings.__getattr__ = of_settings  # type: ignore[method-assign]
        type(os.environ).__getitem__ = of_variables  # type: ignore[method-assign]

    def take_up(self, env: dict[str, str]) -> bool:
        """Give this process another environment and the settings that it makes; False if somebody has read others."""
        from django.conf import Settings, settings  # noqa: PLC0415

        changed = {name for name in {*env, *os.environ} if env.get(name) != os.environ.get(name)}
        os.environ.clear()
        os.environ.update(env)
        if not changed.isdisjoint(self.of_variables):
            return False
        now = _read_settings()
        settings._wrapped = Settings(_SETTINGS)
        differing = {name for name in {*self.settings, *now} if self.settings.get(name) != now.get(name)}
        for name in differing & self.of_settings.keys():
            reader, tell = _TOLD.get(name, ("", _nobody))
            if self.of_settings[name] != {reader}:
                return False
            tell(now[name])
        return True


def _read_settings() -> dict[str, Any]:
    """Read the settings again; Django adds to some of those that it has."""
    read = importlib.reload(_import(_SETTINGS))
    return {name: value for name, value in vars(read).items() if name.isupper()}


def _caller(depth: int) -> str:
    return str(sys._getframe(depth).f_globals["__name__"])


def _nobody(_value: Any) -> None: ...


def _tell_models(url: str) -> None:
    _import("apps.core.models").Item.Meta.host = url or None


def _tell_celery(url: str) -> None:
    for queue in _import(SERVICE[0]).app.conf.broker_transport_options["predefined_queues"].values():
        queue["endpoint_url"] = url


# Settings that many tests change, with the one module that reads each while it is imported, and what gives it another
# value.
_TOLD: dict[str, tuple[str, Callable[[str], None]]] = {
    "DYNAMODB_ENDPOINT_URL": ("apps.core.models", _tell_models),
    "AWS_ENDPOINT_URL": (SERVICE[0], _tell_celery),
}


def _serve(path: str, readers: Readers | None) -> tuple[str, list[str]]:
    """Fork a program for each that connects; returns in each of the programs, with what it is to run."""
    # Those that wait for the programs are not waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # What is here stays: no program looks through it for garbage, which would copy all of it.
    gc.collect()
    gc.freeze()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(f"{path}.new")
    listening.listen()
    Path(f"{path}.new").rename(path)
    while True:
        connection, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            return _wait_for_program(connection, readers)
        connection.close()


def _wait_for_program(connection: socket.socket, readers: Readers | None) -> tuple[str, list[str]]:
    """Fork the program, tell its number and in the end its exit code; returns in the program."""
    _end_with_parent()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with connection.makefile("r") as asked:
        module, arguments, env, log = json.loads(asked.readline())
    if readers and not readers.take_up(env):
        connection.sendall(b"0\n")
        os._exit(0)
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


def _import_service() -> Readers:
    readers = Readers()
    _import(_SETTINGS)
    with readers.noted():
        for name in SERVICE:
            _import(name)
            if name == SERVICE[0]:
                _import("django").setup()
        _import("tests.support.ingredients").share_what_is_built()
        _import("tests.support.economies").derive_at_once()
    readers.settings = _read_settings()
    return readers


def main() -> None:
    path, has_service = sys.argv[1], sys.argv[2:] == [_WITH_SERVICE]
    for name in LIBRARIES:
        _import(name)
    module, arguments = _serve(path, _import_service() if has_service else None)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
