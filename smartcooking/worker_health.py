"""A health check for Celery workers: the event loop touches a file, and the container checks its age.

It is the loop that hangs when a worker stops receiving messages; the existence of the process proves nothing. SQS
carries neither results nor remote control, so the worker cannot be asked in another way.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from celery import bootsteps

TOUCHED = Path(tempfile.gettempdir()) / "worker-alive"
EVERY_SECONDS = 10.0
# Long enough for three polls of a queue and a pause of the garbage collector; a hanging loop exceeds it.
STALE_SECONDS = 90.0


class Heartbeat(bootsteps.StartStopStep):
    """Touches the file from the worker's timer, which its event loop drives."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._timer: Any = None

    def start(self, worker: Any) -> None:
        TOUCHED.touch()
        self._timer = worker.timer.call_repeatedly(EVERY_SECONDS, TOUCHED.touch)

    def stop(self, worker: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()
        TOUCHED.unlink(missing_ok=True)


def is_alive(now: float | None = None) -> bool:
    """Return whether the file was touched recently. A worker that stops in order has removed it and exits anyway."""
    try:
        touched = TOUCHED.stat().st_mtime
    except FileNotFoundError:
        return False
    return (now or time.time()) - touched < STALE_SECONDS


if __name__ == "__main__":
    sys.exit(0 if is_alive() else 1)
