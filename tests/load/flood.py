"""Compare other people's latencies with and without somebody flooding the service.

    python -m tests.load.flood                        all floods, half an hour
    python -m tests.load.flood --keep .local/bench    keep the data for the next run
    python -m tests.load.flood --only reads --only validations

Starts a local AWS with the service's stacks, and gunicorn with production's limits, all on the loopback interface, and
stops them at the end. The service has one processor to itself, which is what a task has in AWS; the rest shares the
others, where a flood, a process of its own, comes last. Rounds without and with a flood alternate, and so do their
order; intervals come from drawing rounds again.
"""

import argparse
import multiprocessing
import multiprocessing.sharedctypes
import multiprocessing.synchronize
import os
import platform
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.load import bench_http, bench_service
from tests.load.bench_http import build
from tests.load.bench_service import Server
from tests.load.slow_senders import send_slowly

# Production's limits; other benchmarks lift them.
LIMITS = {"RATE_LIMIT_SCALE": "1", "IN_FLIGHT_PER_PERSON": "8", "SENDER_CPU_SHARE": "0.1"}
CONNECTIONS = 32
# Requests of the quiet person per second: within all limits.
PER_SECOND = 20
# Resamples of an interval, and its bounds.
_RESAMPLES = 1000
_BOUNDS = (0.025, 0.975)
# Upper limit in seconds, in case nobody ends the flood.
_FLOOD_SECONDS = 90.0
_FLOOD_REQUESTS = 200_000
# Seconds of quiet requests that are not counted.
_WARM_UP = 3.0


@dataclass(frozen=True)
class Flood:
    """A request that is sent again and again over some connections, or only begun over 400 if it `is_slow`."""

    name: str
    request: Callable[[str], bytes]
    connections: int = CONNECTIONS
    is_slow: bool = False


_PICTURE = {"purpose": "post", "content_type": "image/png", "size": 1_000_000}
_ASKED = {"ingredients": ["thit bo", "ca chua", "hanh tay", "toi"], "recipe_count": 5}
# Almost 64 KB, the most that a recipe may have, and nothing in it is valid.
_WORST = {"title": "Phở", "ingredients": [{}] * 21_000}

FLOODS = (
    Flood("reads of a person", lambda token: build("GET", "/v1/pantry", token=token)),
    Flood("many connections", lambda token: build("GET", "/v1/pantry", token=token), connections=600),
    Flood("searches of a person", lambda token: build("GET", "/v1/recipes?q=canh+chua+ca&limit=50", token=token)),
    Flood("writes of a person", lambda token: build("PATCH", "/v1/users/me", token=token, body={"bio": "Phở"})),
    Flood("posts of a person", lambda token: build("POST", "/v1/posts", token=token, body={"content": "Phở"})),
    Flood(
        "validations of a person",
        lambda token: build("POST", "/v1/ingredients/validate", token=token, body={"ingredients": ["thit bo"] * 20}),
    ),
    Flood("suggestions of a person", lambda token: build("POST", "/v1/suggestions", token=token, body=_ASKED)),
    Flood("uploads of a person", lambda token: build("POST", "/v1/uploads", token=token, body=_PICTURE)),
    Flood("worst bodies of a person", lambda token: build("POST", "/v1/recipes", token=token, body=_WORST)),
    Flood(
        "logins of an address",
        lambda _: build("POST", "/v1/auth/login", body={"username": "nobody.here", "password": "Sai-123!"}),
    ),
    Flood(
        "mails of an address",
        lambda _: build("POST", "/v1/auth/forgot-password", body={"username": "bench_person_3"}),
    ),
    Flood("descriptions for an address", lambda _: build("GET", "/v1/schema")),
    Flood("a forged token", lambda _: build("GET", "/v1/pantry", token="forged")),
    Flood("slow senders", lambda token: build("POST", "/v1/recipes", token=token, body=_WORST), is_slow=True),
)


def main() -> int:
    parser = argparse.ArgumentParser("flood", description="What a quiet person waits beside floods.")
    parser.add_argument("--keep", type=Path, help="where to keep the data for the next run")
    parser.add_argument("--only", action="append", default=[], metavar="WORD", help="floods whose name begins with it")
    parser.add_argument("--rounds", type=int, default=8, help="pairs of a round without a flood and one with it")
    parser.add_argument("--seconds", type=float, default=6.0, help="length of a round")
    parser.add_argument("--realtime", action="store_true", help="come before all else on the machine; needs root")
    options = parser.parse_args()
    if options.realtime:
        # Inherited by the server and the local AWS, but not by the flood.
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    chosen = [flood for flood in FLOODS if not options.only or flood.name.startswith(tuple(options.only))]
    first, *others = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, others or {first})
    with bench_service.running(options.keep, sys.executable) as stack:
        stack.manage("seed_ingredients")
        stack.manage("seed_recipes")
        quiet, noisy, *_ = stack.log_in()
        _put_last(stack.aws.emulator.process.pid)
        limited = replace(stack, env={**stack.env, **LIMITS})
        rounds = f"{options.rounds} rounds of {options.seconds:g} s without and with a flood"
        quietly = f"{PER_SECOND} quiet requests a second"
        _print(f"Python {platform.python_version()}, {rounds}, {quietly}, {CONNECTIONS} connections a flood")
        _print(
            "| flood | p50 ms without | with | slower by | p95 ms without | with | slower by | later p95 | answers/s |"
        )
        _print("|---|---|---|---|---|---|---|---|---|")
        for flood in chosen:
            # A new server for each flood: its rate limits are unused, and nothing is left of the previous flood.
            with _on({first}), limited.serving() as server:
                with _on(others or {first}):
                    trial = Trial(server, flood, quiet=quiet, noisy=noisy, seconds=options.seconds)
                    trial.run(options.rounds)
                _print(trial.row())
    return 0


@contextmanager
def _on(processors: "set[int] | list[int]") -> Iterator[None]:
    """Keep this process, and those that it starts, on these processors."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, processors)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Trial:
    """Latencies in ms of the quiet person's requests, by round, without and with one flood."""

    def __init__(self, server: Server, flood: Flood, *, quiet: str, noisy: str, seconds: float) -> None:
        self._server = server
        self._flood = flood
        self._request = build("GET", "/v1/users/me", token=quiet)
        self._noisy = noisy
        self._seconds = seconds
        self._without: list[list[float]] = []
        self._beside: list[list[float]] = []
        self._answered = 0

    def run(self, rounds: int) -> None:
        if not self._flood.is_slow:
            # What a process loads for its first request of a kind is no part of a flood.
            bench_http.ask(self._server.port, self._flood.request(self._noisy))
        self._measure(_WARM_UP)
        for number in range(rounds):
            for is_flooded in (number % 2 == 1, number % 2 == 0):
                self._round(is_flooded=is_flooded)

    def row(self) -> str:
        begun = [one[PER_SECOND:] for one in self._beside]
        figures = (
            *(self._compare(self._beside, share) for share in (0.5, 0.95)),
            f"{_quantile(_flat(begun), 0.95):.1f}",
            f"{self._answered / len(self._beside) / self._seconds:.0f}",
        )
        return f"| {self._flood.name} | {' | '.join(figures)} |"

    def _round(self, *, is_flooded: bool) -> None:
        if not is_flooded:
            self._without.append(self._measure(self._seconds))
            return
        with _running(self._server, self._flood, self._noisy) as counted:
            self._beside.append(self._measure(self._seconds))
            self._answered += counted.value

    def _measure(self, seconds: float) -> list[float]:
        """Request somebody's own profile at a steady rate."""
        requests = [self._request] * round(seconds * PER_SECOND)
        outcome = bench_http.drive_evenly(self._server.port, requests, per_second=PER_SECOND)
        if outcome.errors or outcome.stalls:
            raise RuntimeError(f"{self._flood.name}: {outcome.errors}, {outcome.stalls} stalled")
        return [one * 1000 for one in outcome.seconds]

    def _compare(self, beside: list[list[float]], share: float) -> str:
        quiet, flooded = _quantile(_flat(self._without), share), _quantile(_flat(beside), share)
        drawn = sorted(
            _quantile(_draw(beside), share) / _quantile(_draw(self._without), share) for _ in range(_RESAMPLES)
        )
        low, high = (drawn[round(bound * (_RESAMPLES - 1))] - 1 for bound in _BOUNDS)
        return f"{quiet:.1f} | {flooded:.1f} | {flooded / quiet - 1:+.0%} ({low:+.0%} to {high:+.0%})"


def _draw(rounds: list[list[float]]) -> list[float]:
    return _flat(random.choices(rounds, k=len(rounds)))


def _flat(rounds: list[list[float]]) -> list[float]:
    return [one for each in rounds for one in each]


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@contextmanager
def _running(server: Server, flood: Flood, token: str) -> "Iterator[multiprocessing.sharedctypes.Synchronized[int]]":
    """Flood from a process of its own; yield the counter of its answered requests."""
    counted, ready = multiprocessing.Value("i", 0), multiprocessing.Barrier(2)
    process = multiprocessing.Process(target=_flood, args=(server.port, flood, token, counted, ready), daemon=True)
    process.start()
    # Copying this process delays it, which would count for the flood.
    ready.wait()
    try:
        yield counted
    finally:
        process.terminate()
        process.join()


def _put_last(process: int) -> None:
    """Let others on the machine go first: the emulator's saving of its state would be a tenth of all latencies.

    Every second it takes 20 ms, and quiet requests only need DynamoDB, a process of its own.
    """
    for thread in Path(f"/proc/{process}/task").iterdir():
        os.sched_setscheduler(int(thread.name), os.SCHED_OTHER, os.sched_param(0))
        os.setpriority(os.PRIO_PROCESS, int(thread.name), 10)


def _flood(
    port: int,
    flood: Flood,
    token: str,
    counted: "multiprocessing.sharedctypes.Synchronized[int]",
    ready: "multiprocessing.synchronize.Barrier",
) -> None:
    # The flood's own computing must not slow the others down: its machine would be another one.
    _put_last(os.getpid())
    request = flood.request(token)
    ready.wait()
    if flood.is_slow:
        send_slowly(port, request, seconds=_FLOOD_SECONDS)
        return

    def requests() -> Iterator[bytes]:
        for _ in range(_FLOOD_REQUESTS):
            yield request
            counted.value += 1

    bench_http.drive(port, _Endless(requests), connections=flood.connections, seconds=_FLOOD_SECONDS)


class _Endless(list[bytes]):
    """An endless sequence of requests for `drive`, created one by one."""

    def __init__(self, make: Callable[[], Iterator[bytes]]) -> None:
        super().__init__()
        self._make = make

    def __iter__(self) -> Iterator[bytes]:
        return self._make()

    def __len__(self) -> int:
        return _FLOOD_REQUESTS


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
