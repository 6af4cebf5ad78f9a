"""A gunicorn worker that hands a request to a thread once it is complete, so that slow senders block no thread.

gunicorn's own threads read headers and body with blocking reads without a time limit: as many slow connections as there
are threads stop the service. Here the event loop collects each request without blocking, and closes connections whose
request doesn't arrive in time. docs/decisions/0087 has the measurements.
"""

import selectors
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from operator import itemgetter
from typing import Any

from django.conf import settings
from gunicorn import util
from gunicorn.workers.gthread import TConn

from smartcooking.framing import Framing
from smartcooking.senders import Sender
from smartcooking.turns import REFUSED_AFTER, TurnTakingWorker

# Seconds from the first byte of a request to its last: 256 KB over a line of 150 kbit/s.
RECEIVE_SECONDS = 15.0
# Seconds for which a client may read the last response before its connection is closed.
LINGER_SECONDS = 2.0
# Bytes of all requests that are being received; beyond it the oldest request is dropped.
MAX_BUFFERED = 64 * 1024 * 1024
_CHUNK = 64 * 1024
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Connection(TConn):  # type: ignore[misc]  # gunicorn has no types
    """A connection with the part of the next request that has arrived; meanwhile only the worker's loop touches it."""

    def __init__(self, worker: "BufferingWorker", *args: Any) -> None:
        super().__init__(worker.cfg, *args)
        self.worker = worker
        self.framing = Framing(max_body=worker.max_body)
        # When the next request began, or may begin since; and by when it has to be there.
        self.since = 0.0
        self.deadline = 0.0
        # The request, until a thread gets it.
        self.kept = b""
        # The sender of the request being answered; after the response also its processor time and the verified person.
        self.sender: Sender | None = None
        self.spent = 0.0
        self.person: str | None = None

    def begin(self) -> None:
        """Start the next request, part of which the parser may have read already."""
        read_ahead = self.parser.unreader.take_buffered() if self.parser else b""
        self.framing = Framing(max_body=self.worker.max_body)
        self.since = time.monotonic()
        self.deadline = self.since + (RECEIVE_SECONDS if read_ahead else self.cfg.keepalive)
        self.sock.setblocking(False)
        self.receive(read_ahead)

    def receive(self, data: bytes) -> None:
        if data and not self.framing.data:
            self.deadline = time.monotonic() + RECEIVE_SECONDS
        expected = self.framing.expects_continue
        self.framing.feed(data)
        if self.framing.expects_continue and not expected and not self.framing.is_complete:
            with suppress(OSError):
                self.sock.send(_CONTINUE)

    def hand_over(self) -> None:
        """Give the parser the received bytes, as if it had just read them."""
        self.data_ready = True
        self.init()
        self.parser.unreader.unread(self.kept)
        self.kept = b""

    def close(self, graceful: bool = False) -> None:  # noqa: FBT001, FBT002  as inherited
        """Close at once. A graceful close would block gunicorn's loop for up to two seconds; the worker lingers."""
        if graceful:
            self.worker.linger(self)
        else:
            super().close()


class BufferingWorker(TurnTakingWorker):
    """gthread that reads requests in its event loop. Every method runs in the loop's thread."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Maximum body size. A larger one is refused by its headers, without waiting for it.
        self.max_body = 0
        # In the order in which their requests started.
        self._receiving: dict[Connection, None] = {}
        self._lingering: dict[Connection, float] = {}

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.max_body = settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001  as inherited
        """Accept connections, or stop. A stopping worker first takes waiting ones: closing would reset them.

        Later ones are refused. In an open listener they would wait, with their requests, to be reset at the end.
        """
        is_stopping = not enabled and not self.alive
        if is_stopping:
            for listener in self.sockets:
                while self.nr_conns < self.worker_connections and self.accept(listener):
                    pass
        super().set_accept_enabled(enabled)
        if is_stopping:
            for listener in self.sockets:
                listener.close()

    def accept(self, listener: socket.socket) -> bool:
        """Accept a connection; return whether there was one. The last place is made free again at once."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return False
        self.nr_conns += 1
        conn = Connection(self, client, address, listener.getsockname())
        self.enqueue_req(conn)
        if self.nr_conns >= self.worker_connections:
            self._make_room(conn)
        return True

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Answer a request that the parser refuses with a problem document, like all errors; gunicorn sends HTML."""
        # It needs Django's settings, which gunicorn's master process does not load.
        from smartcooking.refusals import write_unreadable  # noqa: PLC0415

        answer = write_unreadable(exc)
        if answer is None:
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("Unreadable request: %s", type(exc).__name__)
        with suppress(OSError):
            util.write(client, answer)

    def enqueue_req(self, conn: Connection) -> None:
        """Receive the next request of a connection; gunicorn calls this when there may be data to read."""
        conn.begin()
        self._receiving[conn] = None
        if not self._read(conn):
            self.poller.register(conn.sock, selectors.EVENT_READ, lambda _: self._read(conn))

    def murder_pending(self) -> None:
        """Close overdue connections. gunicorn calls this once a second, also while it is stopping."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [conn for conn in self._receiving if conn.deadline <= now]:
            self._give_up(conn)
        for conn in [conn for conn, until in self._lingering.items() if until <= now]:
            self._end_linger(conn)
        while sum(len(conn.framing.data) for conn in self._receiving) > MAX_BUFFERED:
            self._give_up(next(iter(self._receiving)))

    def _make_room(self, newest: Connection) -> None:
        """Close the connection that has waited for its next request, or for a refusal, for the longest.

        Connections cost their client nothing: one that holds all of them would otherwise shut everybody else out. If
        all others are at work, none is closed, and further ones wait to be accepted.
        """
        longest: list[tuple[float, Callable[[], None]]] = []
        slowest = next(iter(self._receiving), newest)
        if slowest is not newest:
            longest.append((slowest.since, lambda: self._give_up(slowest)))
        if self.keepalived_conns:
            longest.append((self.keepalived_conns[0].timeout - self.cfg.keepalive, self._close_idle))
        if self._refused:
            longest.append((self._refused[0][0] - REFUSED_AFTER, self._refuse_next))
        if longest:
            min(longest, key=itemgetter(0))[1]()

    def _close_idle(self) -> None:
        conn = self.keepalived_conns.popleft()
        self._unwatch(conn)
        self.nr_conns -= 1
        conn.close()

    def _cap_keepalive(self, deadline: float) -> None:
        """While the worker is stopping, close idle connections early, and wait for requests that are arriving."""
        super()._cap_keepalive(deadline)
        for conn in self._receiving:
            if not conn.framing.data:
                conn.deadline = min(conn.deadline, deadline)

    def linger(self, conn: Connection) -> None:
        """Let the client read the response: closing while the client still sends would discard it."""
        with suppress(OSError):
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, selectors.EVENT_READ, lambda _: self._discard(conn))
            self._lingering[conn] = time.monotonic() + LINGER_SECONDS
            return
        conn.close()

    def _read(self, conn: Connection) -> bool:
        """Read what is available; return whether receiving has ended: the request is complete, or the peer closed."""
        while not conn.framing.is_complete:
            try:
                data = conn.sock.recv(_CHUNK)
            except BlockingIOError:
                return False
            except OSError:
                data = b""
            if not data:
                self._give_up(conn)
                return True
            conn.receive(data)
        self._end_receiving(conn)
        self.take_turn(conn, conn.framing.take())
        return True

    def enqueue_received(self, conn: Connection) -> None:
        conn.hand_over()
        super().enqueue_received(conn)

    def handle_request(self, req: Any, conn: Connection) -> Any:
        """Answer a request. If part of it was refused unread, the response says that the connection will be closed."""
        if conn.framing.is_cut:
            req.force_close()
        return super().handle_request(req, conn)

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:  # noqa: FBT001  as inherited
        """Return whether another request may follow: not if a part of this one was left unread on the connection.

        The part of the body that the application did not read is skipped; it has arrived, so this never waits.
        """
        return keepalive and not conn.framing.is_cut and bool(conn.parser.finish_body())

    def _give_up(self, conn: Connection) -> None:
        self._end_receiving(conn)
        self.nr_conns -= 1
        conn.close()

    def _end_receiving(self, conn: Connection) -> None:
        del self._receiving[conn]
        self._unwatch(conn)

    def _unwatch(self, conn: Connection) -> None:
        with suppress(KeyError, ValueError, OSError):
            self.poller.unregister(conn.sock)

    def _discard(self, conn: Connection) -> None:
        try:
            ended = not conn.sock.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            ended = True
        if ended:
            self._end_linger(conn)

    def _end_linger(self, conn: Connection) -> None:
        del self._lingering[conn]
        self._unwatch(conn)
        conn.close()
