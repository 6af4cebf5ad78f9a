"""Compare one person's latencies with and without somebody else flooding the service.

    python -m tests.load.flood                        all floods, some minutes
    python -m tests.load.flood --keep .local/bench    keep the data for the next run
    python -m tests.load.flood --only reads --only validations

Starts a local AWS with the service's stacks, and gunicorn with production's limits, all on the loopback interface, and
stops them at the end. Each flood is a process of its own between two quiet runs, since client, flood and everything
else share the machine.
"""

import argparse
import multiprocessing
import os
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.load import bench_http, bench_service
from tests.load.bench_http import Outcome, build
from tests.load.bench_service import Server

# Production's limits; other benchmarks lift them.
LIMITS = {"RATE_LIMIT_SCALE": "1", "IN_FLIGHT_PER_PERSON": "8", "SENDER_CPU_SHARE": "0.1"}
CONNECTIONS = 32
# Requests of the quiet person per run and per second: within all limits.
REQUESTS = 60
PER_SECOND = 10
# Upper limit in seconds, in case nobody ends the flood.
_FLOOD_SECONDS = 90.0
_FLOOD_REQUESTS = 200_000


@dataclass(frozen=True)
class Flood:
    """A request that is sent repeatedly over `CONNECTIONS` connections."""

    name: str
    request: Callable[[str], bytes]


_PICTURE = {"purpose": "post", "content_type": "image/png", "size": 1_000_000}
_ASKED = {"ingredients": ["thit bo", "ca chua", "hanh tay", "toi"], "recipe_count": 5}
# Almost 64 KB, the most that a recipe may have, and nothing in it is valid.
_WORST = {"title": "Phở", "ingredients": [{}] * 21_000}

FLOODS = (
    Flood("reads of a person", lambda token: build("GET", "/v1/pantry", token=token)),
    Flood("writes of a person", lambda token: build("PUT", "/v1/pantry/garlic", token=token, body={"quantity": 1})),
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
)


def main() -> int:
    parser = argparse.ArgumentParser("flood", description="What a quiet person waits beside floods.")
    parser.add_argument("--keep", type=Path, help="where to keep the data for the next run")
    parser.add_argument("--only", action="append", default=[], metavar="WORD", help="floods whose name begins with it")
    parser.add_argument("--realtime", action="store_true", help="come before all else on the machine; needs root")
    options = parser.parse_args()
    if options.realtime:
        # Inherited by the server and the local AWS, but not by the flood.
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    chosen = [flood for flood in FLOODS if not options.only or flood.name.startswith(tuple(options.only))]
    with bench_service.running(options.keep, sys.executable) as stack:
        stack.manage("seed_ingredients")
        quiet, noisy, *_ = stack.log_in()
        limited = replace(stack, env={**stack.env, **LIMITS})
        quietly = f"{REQUESTS} quiet requests, {PER_SECOND} a second"
        _print(f"Python {platform.python_version()}, {CONNECTIONS} connections a flood, {quietly}")
        _print("| flood | p50 ms without | with | slower by | p95 ms without | with | slower by | flood: requests/s |")
        _print("|---|---|---|---|---|---|---|---|")
        for flood in chosen:
            # A new server for each flood: its rate limits are unused, and nothing is left of the previous flood.
            with limited.serving() as server:
                _print(_compare(server, flood, quiet=quiet, noisy=noisy))
    return 0


def _compare(server: Server, flood: Flood, *, quiet: str, noisy: str) -> str:
    _measure(server, quiet)
    before = _measure(server, quiet)
    with _running(server, flood.request(noisy)) as counted:
        beside = _measure(server, quiet)
    after = _measure(server, quiet)
    without = Outcome(seconds=before.seconds + after.seconds)
    figures = " | ".join(_quantile(without, beside, share) for share in (0.5, 0.95))
    return f"| {flood.name} | {figures} | {counted.value / beside.elapsed:.0f} |"


def _quantile(without: Outcome, beside: Outcome, share: float) -> str:
    quiet, flooded = without.quantile(share), beside.quantile(share)
    return f"{quiet:.1f} | {flooded:.1f} | {flooded / quiet - 1:+.0%}"


def _measure(server: Server, token: str) -> Outcome:
    """Request somebody's own profile at a steady rate."""
    return bench_http.drive_evenly(
        server.port, [build("GET", "/v1/users/me", token=token)] * REQUESTS, per_second=PER_SECOND
    )


@contextmanager
def _running(server: Server, request: bytes) -> "Iterator[multiprocessing.sharedctypes.Synchronized[int]]":
    """Flood from a process of its own; yield the counter of its answered requests."""
    counted = multiprocessing.Value("i", 0)
    process = multiprocessing.Process(target=_flood, args=(server.port, request, counted), daemon=True)
    process.start()
    try:
        yield counted
    finally:
        process.terminate()
        process.join()


def _flood(port: int, request: bytes, counted: "multiprocessing.sharedctypes.Synchronized[int]") -> None:
    # At low priority, so that the flood's own computing does not slow the server down.
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    os.nice(10)

    def requests() -> Iterator[bytes]:
        for _ in range(_FLOOD_REQUESTS):
            yield request
            counted.value += 1

    bench_http.drive(port, _Endless(requests), connections=CONNECTIONS, seconds=_FLOOD_SECONDS)


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
