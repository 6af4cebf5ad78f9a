"""A local AWS for tests and trials: started, given an environment of its own, thrown away."""

import random
import secrets
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import urllib3

from deploy import environments, rollout
from deploy.rollout import Target
from docker import child, local_aws

ROOT = Path(__file__).resolve().parent.parent
START_PATIENCE = 30.0
STOP_PATIENCE = 10.0
PORTS = range(20_000, 32_000)


@dataclass
class LocalAws:
    """A running local AWS. It ends with the process that started it, if nobody stops it earlier."""

    directory: Path
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"http://{local_aws.HOST}:{self.port}"

    def stop(self) -> None:
        """Stop it in order; what it keeps in its directory stays."""
        self.process.terminate()
        try:
            self.process.wait(STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.wait()


def start_local_aws(directory: Path, port: int | None = None) -> LocalAws:
    """Start a local AWS that keeps its data in `directory`, on a free port unless one is named; takes 0.4 s.

    Raises RuntimeError with what it printed when it ends instead of answering. One serves all workers of a test run:
    the process that begins the run starts it and hands on the address, each worker calls `deploy_into` with a name of
    its own.
    """
    directory.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    with (directory / "log").open("ab") as log:
        process = subprocess.Popen(
            [*child.prefix(), sys.executable, "-m", "docker.local_aws", f"--port={port}", f"--directory={directory}"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C in the terminal is for the tests, which stop it when they are done.
            start_new_session=True,
        )
    aws = LocalAws(directory, port, process)
    _wait_until_up(aws)
    return aws


def deploy_into(url: str, environment_name: str) -> dict[str, str]:
    """Deploy the stacks for an environment of that name and return the variables of settings.py; takes 0.4 s.

    Environments of different names share nothing but the process. Deploying one again changes nothing, and its data
    stays.
    """
    target = Target(environments.test(environment_name), url)
    return {"SECRET_KEY": secrets.token_urlsafe(48), **rollout.deploy(target)}


def free_port() -> int:
    """Return a port that nobody listens on, below those that the kernel gives to outgoing connections."""
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind((local_aws.HOST, port))
            return port
    raise RuntimeError(f"no free port in {PORTS}")


def _wait_until_up(aws: LocalAws) -> None:
    deadline = time.monotonic() + START_PATIENCE
    while time.monotonic() < deadline:
        if aws.process.poll() is not None:
            raise RuntimeError(f"the local AWS ended: {_log(aws)}")
        if _is_up(aws):
            return
        time.sleep(0.02)
    aws.kill()
    raise RuntimeError(f"the local AWS does not answer: {_log(aws)}")


def _is_up(aws: LocalAws) -> bool:
    try:
        answer = urllib3.request("GET", f"{aws.url}{local_aws.HEALTH}", retries=False, timeout=1.0)
    except urllib3.exceptions.HTTPError:
        return False
    return answer.status == HTTPStatus.OK


def _log(aws: LocalAws) -> str:
    return (aws.directory / "log").read_text(errors="replace")[-2000:]
