"""A gunicorn worker in which nobody's requests have more than two threads at once: those of others come in between.

The first of a flood are within anybody's limits, and Python runs one thread at a time: as many as one person has at
work, so much longer does everybody else wait. Further requests of the same sender wait in the loop, and are answered.
"""

import re
from collections import Counter, deque
from concurrent.futures import Future
from typing import Any

from gunicorn.workers.gthread import TConn

from smartcooking.holding import HoldingWorker

AT_ONCE = 2
_CREDENTIALS = re.compile(rb"\r\nauthorization:[ \t]*([^\r]+)\r\n", re.IGNORECASE)
# These sleep in their threads most of the time, and `MAX_WAITERS` bounds them.
_WAITING = re.compile(rb"GET /v1/(?:suggestions|jobs)/[^ ?]+\?(?:[^ ]*&)?wait=")


def find_sender(request: bytes) -> bytes | None:
    """Return what names the sender of a request: the credentials; None where there are none, or it is to wait."""
    found = _CREDENTIALS.search(request, 0, request.find(b"\r\n\r\n") + 2)
    return None if found is None or _WAITING.match(request) else found[1]


class TurnTakingWorker(HoldingWorker):
    """gthread whose connections have a `sender`. Every method runs in the thread of the loop."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at_work: Counter[bytes] = Counter()
        self._waiting: dict[bytes, deque[TConn]] = {}

    def enqueue_req(self, conn: TConn) -> None:
        if conn.sender is not None:
            if self._at_work[conn.sender] >= AT_ONCE:
                self._waiting.setdefault(conn.sender, deque()).append(conn)
                return
            self._at_work[conn.sender] += 1
        super().enqueue_req(conn)

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        sender, conn.sender = conn.sender, None
        if sender is not None:
            self._end_turn(sender)
        super().finish_request(conn, fs)

    def _end_turn(self, sender: bytes) -> None:
        """Let the next request of this sender have the thread, or nobody."""
        waiting = self._waiting.get(sender)
        if waiting:
            following = waiting.popleft()
            if not waiting:
                del self._waiting[sender]
            super().enqueue_req(following)
            return
        self._at_work[sender] -= 1
        if not self._at_work[sender]:
            del self._at_work[sender]
