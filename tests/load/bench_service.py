"""Run the service for a benchmark: its local AWS, data and web server; measure CPU and memory of their processes."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from deploy.local import child, servers
from tests.load import bench_http
from tests.load.bench_tables import Load

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Nau-an-123!"
# Enough people that none of them has more rows than real people do.
PEOPLE = 40
# The confirmation code of the local user pool.
_CODE = "123456"
_START_SECONDS = 180.0
_STOP_SECONDS = 15.0
# Time limit for all requests of one kind.
_LOAD_SECONDS = 60.0


@dataclass(frozen=True)
class Processes:
    """Processes with all their descendants."""

    roots: tuple[psutil.Process, ...]

    def all(self) -> list[psutil.Process]:
        return [one for root in self.roots for one in (root, *root.children(recursive=True))]

    def cpu_seconds(self) -> float:
        """Return user plus system time, including ended child processes."""
        times = [process.cpu_times() for process in self.all()]
        own = sum(one.user + one.system for one in times)
        ended = sum(one.children_user + one.children_system for one in times)
        return own + ended

    def resident_mb(self) -> float:
        return sum(process.memory_info().rss for process in self.all()) / 2**20

    def largest_mb(self) -> float:
        """Return the memory of the largest process; of gunicorn's, that is the worker."""
        return max(process.memory_info().rss for process in self.all()) / 2**20


@dataclass
class Stack:
    """A local AWS with an environment of its own."""

    directory: Path
    aws: Any
    env: dict[str, str]
    python: str = sys.executable

    @property
    def aws_processes(self) -> Processes:
        return Processes(tuple(psutil.Process(process.pid) for process in self.aws.processes))

    def manage(self, *command: str) -> str:
        """Run a command of manage.py; its progress goes to the terminal."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env=self.environment(), stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    def log_in(self) -> list[str]:
        """Return everybody's access tokens; register them the first time."""
        marker = self.directory / "people"
        with self.serving() as server:
            tokens = server.log_in_everybody(register=not marker.exists())
        marker.touch()
        return tokens

    def seed(self, recipes: int) -> float:
        """Seed the catalogue up to so many recipes and refresh its snapshot; return the seconds it took."""
        started = time.perf_counter()
        self.manage("seed_ingredients")
        self.manage("seed_demo", "--users", "200", "--recipes", str(recipes))
        self.manage("refresh_snapshot", "--force")
        return time.perf_counter() - started

    @contextmanager
    def serving(self) -> Iterator["Server"]:
        """Run gunicorn as the service does, on a free port of the loopback interface."""
        port = servers.free_port()
        command = [
            *child.prefix(),
            self.python,
            "-m",
            "gunicorn",
            "-c",
            "docker/gunicorn.conf.py",
            "-b",
            f"127.0.0.1:{port}",
        ]
        log = self.directory / f"gunicorn-{port}.log"
        started = time.perf_counter()
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*command, "smartcooking.wsgi:application"],
                cwd=ROOT, env=self.environment(), stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        server = Server(process, port, log, started)
        try:
            server.wait_until_alive()
            yield server
        finally:
            server.stop()

    def environment(self) -> dict[str, str]:
        """Return the environment of the service's processes."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        unlimited = {"RATE_LIMIT_SCALE": "0", "IN_FLIGHT_PER_PERSON": "1000", "SENDER_CPU_SHARE": "0"}
        return {**inherited, "LOG_LEVEL": "WARNING", **unlimited, **self.env}


@dataclass
class Server:
    """A running gunicorn; `alive_after` are the seconds until it answered /livez."""

    process: "subprocess.Popen[bytes]"
    port: int
    log: Path
    started: float
    alive_after: float = 0.0
    processes: Processes = field(init=False)

    def __post_init__(self) -> None:
        self.processes = Processes((psutil.Process(self.process.pid),))

    def wait_until_alive(self) -> None:
        request = bench_http.build("GET", "/livez")
        while time.perf_counter() - self.started < _START_SECONDS:
            if self.process.poll() is not None:
                raise RuntimeError(f"gunicorn ended:\n{self._tail()}")
            try:
                if bench_http.ask(self.port, request).status == 200:
                    self.alive_after = time.perf_counter() - self.started
                    return
            except (OSError, EOFError):
                time.sleep(0.02)
        raise RuntimeError(f"gunicorn does not answer:\n{self._tail()}")

    def log_in_everybody(self, *, register: bool) -> list[str]:
        """Return access tokens of the people who make the requests."""
        names = [f"bench_person_{number}" for number in range(PEOPLE)]
        if register:
            for name in names:
                self._register(name)
        logins = [self._post("/v1/auth/login", {"username": name, "password": PASSWORD}) for name in names]
        return [str(login.json()["access_token"]) for login in logins]

    def _register(self, name: str) -> None:
        form = {"email": f"{name}@example.com", "full_name": "Bench Person", "username": name, "password": PASSWORD}
        self._post("/v1/auth/register", form)
        self._post("/v1/auth/confirm", {"username": name, "code": _CODE})

    def _post(self, path: str, body: object) -> bench_http.Answer:
        return bench_http.ask(self.port, bench_http.build("POST", path, body=body))

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def _tail(self) -> str:
        return self.log.read_text("utf-8", "replace")[-3000:]


@contextmanager
def running(keep: Path | None, python: str) -> Iterator[Stack]:
    """Start a local AWS; remove its data at the end unless `keep` names a directory for it."""
    directory = keep or Path(tempfile.mkdtemp(prefix="smartcooking-bench-"))
    directory.mkdir(parents=True, exist_ok=True)
    aws = servers.start_local_aws(directory / "aws", is_saved=True)
    try:
        yield Stack(directory, aws, servers.deploy_into(aws.url, aws.dynamodb.url, "bench"), python)
    finally:
        aws.stop()
        if keep is None:
            shutil.rmtree(directory, ignore_errors=True)


def load(stack: Stack, server: Server, kind: str, requests: list[bytes], connections: int) -> Load:
    """Send the requests to the server and measure the CPU time of the server and the local AWS."""
    api, aws = server.processes.cpu_seconds(), stack.aws_processes.cpu_seconds()
    outcome = bench_http.drive(server.port, requests, connections=connections, seconds=_LOAD_SECONDS)
    answered = max(1, len(outcome.seconds))
    return Load(
        kind=kind,
        connections=connections,
        outcome=outcome,
        api_ms=(server.processes.cpu_seconds() - api) / answered * 1000,
        aws_ms=(stack.aws_processes.cpu_seconds() - aws) / answered * 1000,
    )
