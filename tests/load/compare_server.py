"""Measure gunicorn in two trees, as each tree configures it: processor time a request, switches of threads, memory."""

import os
import signal
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from deploy.local import child, servers
from tests.load import bench_http, compare_requests
from tests.load.bench_tables import table

_CONNECTIONS = (1, 4)
_REQUESTS = 150
_WARM_UP = 30
_SECONDS = 60.0
_PEOPLE = 8
# Seconds in which gunicorn has imported the service and answers.
_PATIENCE = 60.0
# What a thread alone does not tell is the same for all kinds: these stand for what reads memory, the table, and writes.
_KINDS = ("recipe by id", "list of 25", "feed", "log in")


@dataclass
class OverHttp:
    """A running gunicorn, asked as `compare_requests.Application` asks a WSGI application."""

    port: int
    process: psutil.Process

    def environ(self, request: compare_requests.Request) -> bytes:
        method, path, body, token = request
        return bench_http.build(method, path, token=token, body=body)

    def answer(self, request: bytes) -> tuple[int, bytes]:
        found = bench_http.ask(self.port, request)
        return found.status, found.body

    def ask(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        return bench_http.ask(self.port, bench_http.build(method, path, token=token, body=body)).json()

    def worker(self) -> psutil.Process:
        return self.process.children()[0]

    def cpu_seconds(self) -> float:
        times = self.worker().cpu_times()
        return float(times.user + times.system)

    def switches(self) -> int:
        return sum(self.worker().num_ctx_switches())


def compare(trees: Sequence[Any], directory: Path, *, rounds: int) -> str:
    found: dict[str, list[list[float]]] = defaultdict(lambda: [[] for _ in trees])
    for _ in range(rounds):
        for number, tree in enumerate(trees):
            with _serving(tree, directory) as server:
                for name, value in _measure(server):
                    found[name][number].append(value)
                    sys.stderr.write(f"{tree.path.name}: {name} {value:.2f}\n")
    rows = [(name, *(f"{statistics.median(one):,.2f}" for one in values)) for name, values in found.items()]
    return "\n".join(table(("gunicorn", *(tree.path.name for tree in trees)), rows)) + "\n"


def _measure(server: OverHttp) -> Iterator[tuple[str, float]]:
    yield from _memory(server, "at start")
    kinds = compare_requests.Kinds(server, _PEOPLE).all()
    for kind in _KINDS:
        bench_http.drive(server.port, _build(server, kinds[kind], _WARM_UP), connections=4, seconds=_SECONDS)
        for connections in _CONNECTIONS:
            requests = _build(server, kinds[kind], _REQUESTS)
            cpu, switches = server.cpu_seconds(), server.switches()
            outcome = bench_http.drive(server.port, requests, connections=connections, seconds=_SECONDS)
            answered = max(1, len(outcome.seconds))
            label = f"{kind}, {connections} connection{'s' * (connections > 1)}"
            yield f"{label}: CPU ms", (server.cpu_seconds() - cpu) / answered * 1000
            yield f"{label}: switches", (server.switches() - switches) / answered
    yield from _memory(server, "under load")


def _memory(server: OverHttp, moment: str) -> Iterator[tuple[str, float]]:
    memory = server.worker().memory_full_info()
    master = server.process.memory_full_info()
    yield f"worker {moment}: resident MB", memory.rss / 2**20
    yield f"worker {moment}: its own MB", memory.uss / 2**20
    yield f"with its master {moment}: proportional MB", (memory.pss + master.pss) / 2**20


def _build(server: OverHttp, make: Callable[[], compare_requests.Request], number: int) -> list[bytes]:
    return [server.environ(make()) for _ in range(number)]


@contextmanager
def _serving(tree: Any, directory: Path) -> Iterator[OverHttp]:
    port = servers.free_port()
    command = [sys.executable, "-m", "gunicorn", "-c", "docker/gunicorn.conf.py", "-b", f"127.0.0.1:{port}"]
    with (directory / "gunicorn.log").open("wb") as out:
        process = subprocess.Popen(
            [*child.prefix(), *command, "smartcooking.wsgi:application"],
            cwd=tree.path, env=tree.environment, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    try:
        _wait_until_alive(port, process)
        yield OverHttp(port, psutil.Process(process.pid))
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _wait_until_alive(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            bench_http.ask(port, bench_http.build("GET", "/livez"))
        except (OSError, EOFError):
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("gunicorn ended, or did not answer in time")
