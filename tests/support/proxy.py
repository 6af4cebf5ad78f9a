"""A TCP proxy that can be cut or slowed down, to simulate the outage of a dependency."""

import socket
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


class Cuttable:
    """Forwards to `target` while it is whole; refuses and drops connections while it is cut.

    `refused` cuts only requests that contain these bytes (b"AmazonSQS": one service of many at the same address), and
    gives them `answer` first if there is one;
    `delay` holds every chunk back for so many seconds;
    `silent` swallows what the target says and counts it in `swallowed`: its connections stay, and no answer ever comes.
    """

    def __init__(self, target: str, *, delay: float = 0.0) -> None:
        self.refused: bytes | None = None
        self.answer: bytes | None = None
        self.silent = False
        self.swallowed = 0
        self._delay = delay
        parts = urlsplit(target)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._server = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._is_cut = threading.Event()
        self._closed = threading.Event()
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Drop every connection and refuse new ones."""
        self._is_cut.set()
        for one in list(self._open):
            _close(one)

    def mend(self) -> None:
        self._is_cut.clear()

    def close(self) -> None:
        self._closed.set()
        self.cut()
        _close(self._server)

    def _accept(self) -> None:
        while not self._closed.is_set():
            try:
                incoming, _ = self._server.accept()
            except OSError:
                return
            if self._is_cut.is_set():
                _close(incoming)
                continue
            try:
                outgoing = socket.create_connection(self._target)
            except OSError:
                _close(incoming)
                continue
            self._open |= {incoming, outgoing}
            for source, sink in ((incoming, outgoing), (outgoing, incoming)):
                answers = {"answers": sink is incoming}
                threading.Thread(target=self._pump, args=(source, sink), kwargs=answers, daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, *, answers: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if self.refused is not None and self.refused in data:
                    source.sendall(self.answer or b"")
                    break
                if self.silent and answers:
                    self.swallowed += 1
                    continue
                if self._delay:
                    time.sleep(self._delay)
                sink.sendall(data)
        for one in (source, sink):
            self._open.discard(one)
            _close(one)


def _close(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
