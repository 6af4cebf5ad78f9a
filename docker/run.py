"""`make run`: the whole service on this machine, from its local AWS up to the web server."""

import asyncio
import os
import secrets
import shlex
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

import urllib3
from honcho.environ import parse_procfile

from deploy import rollout
from deploy.environments import LOCAL
from deploy.rollout import Target
from docker import leftovers, local_aws, locks
from docker.supervisor import Program, Supervisor

ROOT = Path(__file__).resolve().parent.parent
PROCFILE = ROOT / "docker" / "Procfile"
AWS = "aws"
# The local AWS stops when nothing needs it any more, and has little left to write then.
PATIENCE = {AWS: 3.0}
# Seconds for a start on a slow machine; a program that ends meanwhile is started again and says why.
AWS_PATIENCE = 60.0
WEB_PATIENCE = 90.0


class Refused(Exception):
    """Something is in the way; the message is the one line that the person at the terminal reads."""


@dataclass(frozen=True)
class Demo:
    """Somebody to sign in as."""

    username: str
    email: str
    options: tuple[str, ...] = ()


PEOPLE = (
    Demo("demo", "demo@example.com"),
    Demo("mod", "mod@example.com", ("--group", "moderators")),
)
# Run at every start: each does nothing where there is nothing to do.
SEEDS = (("seed_ingredients",), ("seed_recipes",))


@dataclass(frozen=True)
class Options:
    """What may differ between two stacks on one machine."""

    directory: Path
    port: int
    aws_port: int

    @property
    def aws_url(self) -> str:
        return f"http://{local_aws.HOST}:{self.aws_port}"

    @property
    def url(self) -> str:
        return f"http://{local_aws.HOST}:{self.port}"


def main() -> int:
    try:
        options = _options(os.environ)
        _take_directory(options)
        _check_ports(options)
        return asyncio.run(_run(options))
    except Refused as refusal:
        print(f"make run: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _options(environ: Mapping[str, str]) -> Options:
    return Options(
        directory=Path(environ.get("LOCAL_DIR") or ".local").expanduser().resolve(),
        port=_port(environ, "PORT", 8000),
        aws_port=_port(environ, "LOCAL_AWS_PORT", 4566),
    )


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    raw = environ.get(name) or str(default)
    if not raw.isdigit() or not 0 < int(raw) < 65536:
        raise Refused(f"{name} must be the number of a port, not {raw!r}")
    return int(raw)


def _take_directory(options: Options) -> None:
    """Make sure that nobody else runs from here, and end what an earlier run left behind."""
    try:
        options.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = locks.take(options.directory / "lock")
    except OSError as error:
        raise Refused(f"cannot write to {options.directory} ({error.strerror}); LOCAL_DIR names another") from error
    if lock is None:
        raise Refused(f"it already runs from {options.directory}; LOCAL_DIR, PORT and LOCAL_AWS_PORT make a second one")
    leftovers.end(options.directory)


def _check_ports(options: Options) -> None:
    if options.port == options.aws_port:
        raise Refused(f"PORT and LOCAL_AWS_PORT are both {options.port}")
    for name, port in (("PORT", options.port), ("LOCAL_AWS_PORT", options.aws_port)):
        if not _is_free(port):
            raise Refused(f"port {port} is taken by another program; `make run {name}={port + 1}` uses another")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((local_aws.HOST, port))
        except OSError:
            return False
    return True


async def _run(options: Options) -> int:
    supervisor = Supervisor(ROOT, _environment(options))
    _stop_on_signals(supervisor)
    try:
        await _bring_up(options, supervisor)
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        supervisor.say("", "stopping")
    finally:
        await supervisor.stop_all(last=AWS)
    return 0


def _stop_on_signals(supervisor: Supervisor) -> None:
    """Stop in order at the first signal, at once at the second."""
    task = asyncio.current_task()
    assert task is not None

    def stop() -> None:
        supervisor.hurry = bool(task.cancelling())
        task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop)
