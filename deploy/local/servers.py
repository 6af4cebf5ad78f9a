"""A local AWS for tests and benchmarks: start both servers, set the environment, remove everything afterwards."""

import random
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import urllib3

from deploy import environments
from deploy.local import child, dynamodb, emulator
from deploy.operations import rollout
from deploy.operations.rollout import Target

ROOT = Path(__file__).resolve().parents[2]
START_PATIENCE = 30.0
STOP_PATIENCE = 10.0
PORTS = range(20_000, 32_000)
DATABASE = "dynamodb.sqlite"


@dataclass
class Server:
    """One running server. It ends at the latest with the process that started it."""

    url: str
    log: Path
    process: "subprocess.Popen[bytes]"

    def stop(self) -> None:
        """Stop it gracefully; its directory stays."""
        self.process.terminate()
        try:
            self.process.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """Kill it, as a crash would."""
        self.process.kill()
        self.process.wait()


@dataclass
class LocalAws:
    """The running local AWS: DynamoDB, and the emulator of everything else."""

    directory: Path
    emulator: Server
    dynamodb: Server

    @property
    def url(self) -> str:
        return self.emulator.url

    @property
    def processes(self) -> list["subprocess.Popen[bytes]"]:
        return [self.emulator.process, self.dynamodb.process]

    def stop(self) -> None:
        self.emulator.stop()
        self.dynamodb.stop()

    def kill(self) -> None:
        self.emulator.kill()
        self.dynamodb.kill()


def start_local_aws(
    directory: Path, *, port: int | None = None, dynamodb_port: int | None = None, is_saved: bool = False
) -> LocalAws:
    """Start a local AWS, on free ports by default; takes 0.5 s.

    With `is_saved` its data is kept in `directory`, else in memory; its logs are in `directory` either way. One serves
    all workers of a test run: the main process starts it and passes on the addresses, and each worker calls
    `deploy_into` with a name of its own. Raises RuntimeError with a server's output if it ends instead of answering.
    """
    directory.mkdir(parents=True, exist_ok=True)
    port, dynamodb_port = port or free_port(), dynamodb_port or free_port()
    saved = [f"--directory={directory}"] if is_saved else []
    database = directory / DATABASE if is_saved else None
    started = LocalAws(
        directory,
        _start(port, directory / "log", [sys.executable, "-m", "deploy.local.emulator", f"--port={port}", *saved]),
        _start(dynamodb_port, directory / "dynamodb.log", dynamodb.command(dynamodb_port, database)),
    )
    try:
        _wait_until_up(started.dynamodb, "/")
        _wait_until_up(started.emulator, emulator.HEALTH)
    except RuntimeError:
        started.kill()
        raise
    return started


def deploy_into(aws_url: str, dynamodb_url: str, environment_name: str) -> dict[str, str]:
    """Deploy the stacks for an environment with this name and return the variables of settings.py; takes 0.4 s.

    Environments with different names share only the servers. Deploying one again changes nothing, and its data stays.
    """
    target = Target(environments.test(environment_name), aws_url, dynamodb_url)
    return {"SECRET_KEY": secrets.token_urlsafe(48), **rollout.deploy(target)}


def free_port() -> int:
    """Return a port on which nobody listens, below the range that the kernel uses for outgoing connections."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind((emulator.HOST, port))
            return port
    raise RuntimeError(f"no free port in {PORTS}")


def _start(port: int, log: Path, command: Sequence[str]) -> Server:
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*child.prefix(), *command],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C in the terminal is meant for the tests, which stop the server themselves.
            start_new_session=True,
        )
    return Server(f"http://{emulator.HOST}:{port}", log, process)


def _wait_until_up(server: Server, path: str) -> None:
    deadline = time.monotonic() + START_PATIENCE
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise RuntimeError(f"a server of the local AWS ended: {_end_of(server.log)}")
        if _answers(f"{server.url}{path}"):
            return
        time.sleep(0.02)
    raise RuntimeError(f"a server of the local AWS does not answer: {_end_of(server.log)}")


def _answers(url: str) -> bool:
    try:
        urllib3.request("GET", url, retries=False, timeout=1.0)
    except urllib3.exceptions.HTTPError:
        return False
    return True


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]
