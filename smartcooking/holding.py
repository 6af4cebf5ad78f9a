"""A gunicorn worker that can delay a response at the service's request without blocking a thread.

All failing logins take equally long, whatever the reason. Threads that slept meanwhile could be exhausted for free.
"""

import heapq
import itertools
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from smartcooking.contract.answers import ANSWER_AT, CAN_HOLD


@dataclass
class HeldAnswer:
    """Receives a response in place of its connection. `keepalive` is gunicorn's decision about the connection."""

    due: float
    data: bytearray = field(default_factory=bytearray)
    keepalive: bool = False

    def sendall(self, data: bytes) -> None:
        self.data += data


class HoldingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gthread whose loop holds responses until they are due. It stops once they are sent, within `WEB_GRACE`."""

    wsgi: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The response that this thread is writing, if it is to be held.
        self._writing = threading.local()
        # Used by the loop only; the response due next comes first.
        self._held: list[tuple[float, int, TConn, HeldAnswer]] = []
        self._number = itertools.count()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        application = self.wsgi

        def answer(environ: dict[str, Any], start_response: Any) -> Any:
            environ[CAN_HOLD] = True
            body = application(environ, start_response)
            if ANSWER_AT in environ:
                # The method of gunicorn's response, which writes nothing before it has the body.
                start_response.__self__.sock = self._writing.answer = HeldAnswer(environ[ANSWER_AT])
            return body

        self.wsgi = answer

    def handle(self, conn: TConn) -> Any:
        """Answer a request, in a thread; return the response itself if it is to be held."""
        self._writing.answer = None
        result = super().handle(conn)
        held: HeldAnswer | None = self._writing.answer
        if held is None:
            return result
        held.keepalive = bool(result)
        return held

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        answer = None if fs.cancelled() or fs.exception() else fs.result()
        if isinstance(answer, HeldAnswer):
            heapq.heappush(self._held, (answer.due, next(self._number), conn, answer))
        else:
            super().finish_request(conn, fs)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        if self._held:
            timeout = min(timeout, max(0.0, self._held[0][0] - time.monotonic()))
        super().wait_for_and_dispatch_events(timeout)
        while self._held and self._held[0][0] <= time.monotonic():
            _, _, conn, answer = heapq.heappop(self._held)
            sent = self.tpool.submit(_send, conn, answer)
            sent.add_done_callback(lambda done, conn=conn: self.method_queue.defer(self.finish_request, conn, done))


def _send(conn: TConn, answer: HeldAnswer) -> bool:
    conn.sock.sendall(answer.data)
    return answer.keepalive
