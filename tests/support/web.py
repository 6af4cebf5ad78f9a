"""A web site for tests that serves raw bytes by path and can delay its responses."""

import socket
import threading
from typing import Self


class Site:
    """Serves `answers` on a local port; `asked` records the requested paths in order."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self._answers = answers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._free = threading.Event()
        self._free.set()
        self.port = int(self._listener.getsockname()[1])
        self.asked: list[str] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self._listener.close()

    def hold(self) -> None:
        """Accept requests, but answer none until `release`."""
        self._free.clear()

    def release(self) -> None:
        self._free.set()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            words = connection.recv(65536).decode("latin-1").split(" ")
            if len(words) > 1:
                self.asked.append(words[1])
                self._free.wait(60)
                try:
                    connection.sendall(self._answers.get(words[1], b""))
                except OSError:
                    return
