"""Synthetic requests during a release: real traffic alone may be too little to reveal a failure within minutes.

The alarms ignore periods of five minutes with fewer than twenty requests, which a tenth of the traffic of 9,000 people
a month hardly reaches. So each step of a release sends requests of its own: marked, limited in number, routed by the
preview rule to the colour under test, and counted by the balancer like all others.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle

from smartcooking.probes.http import Api, Unexpected

# Minimum per step; the rest replaces late responses. Far below the firewall's limit per address.
ENOUGH, MOST = 200, 240
# Share of a step's watch in which all requests are sent, so that the alarm's last period ends before the watch does.
WITHIN = 0.5
# A higher share of failures rolls the release back, whatever the alarm says.
FAILURES_ALLOWED = 0.01
# Marks these requests in logs as synthetic.
MARK = {"User-Agent": "smart-cooking-release", "X-Synthetic": "release"}
# Requests that need no account and write nothing, each with its expected responses: they reach the catalogue, the
# table, the user pool and the queue.
ASKED: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("/livez", (200,)),
    ("/health", (200,)),
    ("/v1/users/me", (401,)),
    ("/v1/schema", (200,)),
)


@dataclass
class Traffic:
    """The requests sent so far; `failures` are descriptions."""

    sent: int = 0
    failures: list[str] = field(default_factory=list)

    def judge(self) -> None:
        """Raise `Unexpected` if too many failed, or too few could be sent to conclude anything."""
        if len(self.failures) > FAILURES_ALLOWED * max(self.sent, 1):
            message = f"{len(self.failures)} of {self.sent} synthetic requests failed, the first: {self.failures[0]}"
            raise Unexpected(message)
        if self.sent < ENOUGH:
            message = f"only {self.sent} of {ENOUGH} synthetic requests were answered in time"
            raise Unexpected(message)


@contextmanager
def during(api: Api, seconds: float, sleep: Callable[[float], object] = time.sleep) -> Iterator[Traffic]:
    """Send requests while the caller waits for a step of this many seconds; stop sending when it leaves the block."""
    traffic, over = Traffic(), threading.Event()
    thread = threading.Thread(target=_send, args=(api, traffic, over, WITHIN * seconds / MOST, sleep), daemon=True)
    thread.start()
    try:
        yield traffic
    except BaseException:
        over.set()
        raise
    finally:
        # If CloudFormation ended the step early, its watch is over: send the remaining requests without a pause.
        thread.join(timeout=0 if over.is_set() else WITHIN * seconds + 60)
        over.set()
        thread.join()


def _send(api: Api, traffic: Traffic, over: threading.Event, between: float, sleep: Callable[[float], object]) -> None:
    for path, right in cycle(ASKED):
        if over.is_set() or traffic.sent >= MOST:
            return
        try:
            api.ask("GET", path, expect=right)
        except Unexpected as error:
            traffic.failures.append(str(error))
        traffic.sent += 1
        sleep(between)
