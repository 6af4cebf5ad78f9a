"""A trial of the image: containers of it beside a local AWS, and what checks share."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import urllib3

from deploy import environments
from deploy.local import servers
from deploy.operations import rollout
from deploy.operations.rollout import Target
from tests.image.containers import Engine, Failed

HOST = "127.0.0.1"
# Generous: the machine may be busy with other things.
PATIENCE = 120.0


@dataclass(frozen=True)
class Trial:
    """The image, the base that it was built upon, and the environment that its containers run in."""

    engine: Engine
    image: str
    base: str
    target: Target
    variables: Mapping[str, str]


@dataclass(frozen=True)
class Container:
    """A container of the image that was started."""

    engine: Engine
    name: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def run(self, *command: str, user: str = "10001") -> str:
        """Run something in it, beside what it runs."""
        return self.engine.podman("exec", f"--user={user}", self.name, *command)

    def logs(self) -> str:
        return self.engine.logs(self.name)

    def signal(self, name: str) -> None:
        self.engine.podman("kill", f"--signal={name}", self.name)

    def wait(self) -> int:
        """Return its exit code when it has ended."""
        return int(self.engine.podman("wait", self.name))

    def answers(self) -> bool:
        """Say whether it answers somebody who was not connected before."""
        try:
            answer = urllib3.PoolManager().request("GET", f"{self.url}/livez", retries=False, timeout=2.0)
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status == HTTPStatus.OK

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait; raises `Failed` with the container's last lines when the time is over."""
        deadline = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > deadline:
                raise Failed(f"waited {PATIENCE:.0f} s for {what}; it wrote: {self.logs()[-2000:]}")
            time.sleep(0.1)


@contextmanager
def container(trial: Trial, *command: str, **more: str) -> Iterator[Container]:
    """Run a container of the image, of its own command unless one is given; it is removed in the end."""
    made = Container(trial.engine, f"try-{secrets.token_hex(4)}", servers.free_port())
    where = {"BIND_HOST": HOST, "PORT": str(made.port)}
    try:
        trial.engine.start(trial.image, made.name, {**trial.variables, **where, **more}, *command)
        yield made
    finally:
        trial.engine.remove(made.name)


@contextmanager
def api(trial: Trial, **more: str) -> Iterator[Container]:
    """Run the API, and wait until it answers."""
    with container(trial, **more) as running:
        running.until(running.answers, "the API to answer")
        yield running


@contextmanager
def environment(directory: Path) -> Iterator[tuple[Target, Mapping[str, str]]]:
    """A local AWS for as long as it is needed, with the stacks of an environment in it."""
    aws = servers.start_local_aws(directory)
    try:
        target = Target(environments.test(f"image-{secrets.token_hex(3)}"), aws.url, aws.dynamodb.url)
        yield target, {"SECRET_KEY": secrets.token_urlsafe(48), **rollout.deploy(target)}
    finally:
        aws.stop()


def expect(holds: bool, seen: str) -> str:  # noqa: FBT001  reads as a sentence
    if not holds:
        raise Failed(seen)
    return seen
