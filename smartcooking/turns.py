"""A gunicorn worker in which no sender gets more than a share of the processor: requests of others come in between.

The first of a flood are within anybody's limits, and Python runs one thread at a time: as much as one person has at
work, so much longer does everybody else wait. What is beyond a sender's share waits in the loop, in its order, and
lets those go first who have taken less.
"""

import heapq
import itertools
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from django.conf import settings
from gunicorn.workers.gthread import TConn

from smartcooking.contract.answers import PERSON
from smartcooking.holding import HoldingWorker
from smartcooking.senders import Sender, Senders
from smartcooking.shares import Shares

# Seconds by which a refusal is delayed, so that a client that retries at once is refused less often.
REFUSED_AFTER = 4.0
# Maximum number of waiting requests of one sender; below, of bytes of all waiting requests. More are refused.
MAX_WAITING = 64
MAX_WAITING_BYTES = 64 * 1024 * 1024


class TurnTakingWorker(HoldingWorker):
    """gthread whose connections have a `sender`, and after their request also `spent` (seconds) and `person`.

    Every method except `handle` runs in the loop's thread.
    """

    _write_refusal: Callable[[bytes], bytes]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._senders = Senders()
        self._shares = Shares(0.0)
        self._waiting: dict[bytes, deque[TConn]] = {}
        self._waiting_bytes = 0
        # When senders with waiting requests, none of them running, may continue; the one due next comes first.
        self._due: list[tuple[float, int, bytes]] = []
        self._named_in_due: set[bytes] = set()
        self._turn = itertools.count()
        # Connections with refused requests: when to send which refusal. The delay is constant, so the first is due
        # first.
        self._refused: deque[tuple[float, TConn, bytes]] = deque()
        self._answering = threading.local()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        # It needs Django's settings, which gunicorn's master process does not load.
        from smartcooking.refusals import write_refusal  # noqa: PLC0415

        self._write_refusal = write_refusal
        self._shares = Shares(settings.SENDER_CPU_SHARE)
        application = self.wsgi

        def answer(environ: dict[str, Any], start_response: Any) -> Any:
            body = application(environ, start_response)
            self._answering.person = environ.get(PERSON)
            return body

        self.wsgi = answer

    def handle(self, conn: TConn) -> Any:
        """Answer a request, in a thread, and record its sender and processor time."""
        self._answering.person, began = None, time.thread_time()
        try:
            return super().handle(conn)
        finally:
            conn.spent, conn.person = time.thread_time() - began, self._answering.person

    def take_turn(self, conn: TConn, request: bytes) -> None:
        """Have a request answered when it is its sender's turn, after the ones that already wait."""
        conn.sender = sender = self._senders.find(request, str(conn.client[0]) if conn.client else "")
        waiting = self._waiting.get(sender.name)
        conn.kept = request
        if waiting is None and self._may_start(sender):
            self._start(conn)
        elif len(waiting or ()) >= MAX_WAITING or self._waiting_bytes + len(request) > MAX_WAITING_BYTES:
            conn.kept = b""
            self._refused.append((time.monotonic() + REFUSED_AFTER, conn, self._write_refusal(request)))
        else:
            self._waiting_bytes += len(request)
            self._waiting.setdefault(sender.name, deque()).append(conn)
            if waiting is None:
                self._go_on(sender.name)

    def _may_start(self, sender: Sender) -> bool:
        """Say whether a request may start whose sender has none that wait."""
        delay = self._shares.delay(sender.name)
        return delay == 0 or (sender.is_waiting and math.isinf(delay))

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        sender, conn.sender = conn.sender, None
        if sender is not None:
            if not sender.is_waiting:
                self._shares.end(sender.name)
            self._shares.charge(sender.name, conn.spent)
            if conn.person and sender.credentials:
                self._senders.learn(sender.credentials, conn.person)
            self._go_on(sender.name)
            for name in self._shares.ready():
                self._go_on(name)
        super().finish_request(conn, fs)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        dues = [queue[0][0] for queue in (self._due, self._refused) if queue]
        if dues:
            timeout = min(timeout, max(0.0, min(dues) - time.monotonic()))
        super().wait_for_and_dispatch_events(timeout)
        # A stopping worker makes nobody wait for their share.
        now = time.monotonic() if self.alive else math.inf
        while self._due and self._due[0][0] <= now:
            name = heapq.heappop(self._due)[2]
            self._named_in_due.discard(name)
            self._go_on(name)
        while self._refused and self._refused[0][0] <= now:
            self._refuse_next()

    def _start(self, conn: TConn) -> None:
        if not conn.sender.is_waiting:
            self._shares.begin(conn.sender.name)
        self.enqueue_received(conn)

    def enqueue_received(self, conn: TConn) -> None:
        """Hand a received request to a thread."""
        super().enqueue_req(conn)

    def _go_on(self, name: bytes) -> None:
        """Start those requests of a sender that may start, or schedule the next."""
        waiting = self._waiting.get(name)
        while waiting:
            delay = self._shares.delay(name, waiting=len(waiting))
            if delay > 0 and (self.alive or math.isinf(delay)):
                if delay < math.inf and name not in self._named_in_due:
                    self._named_in_due.add(name)
                    heapq.heappush(self._due, (time.monotonic() + delay, next(self._turn), name))
                return
            conn = waiting.popleft()
            self._waiting_bytes -= len(conn.kept)
            self._start(conn)
        if waiting is not None:
            del self._waiting[name]
            self._shares.catch_up(name)

    def _refuse_next(self) -> None:
        _, conn, answer = self._refused.popleft()
        with suppress(OSError):
            conn.sock.send(answer)
        self.nr_conns -= 1
        conn.close(graceful=True)
