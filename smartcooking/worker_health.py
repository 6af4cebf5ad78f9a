"""A health check for Celery workers: the event loop touches a file, and the container checks its age.

The loop is what hangs when a worker stops taking messages; a process that merely exists says nothing. Without a result
backend and remote control, which SQS does not carry, nothing else can be asked.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from celery import bootsteps

TOUCHED = Path(tempfile.gettempdir()) / "worker-alive"
EVERY_SECONDS = 10.0
# Three polls of a queue and a pause of the collector fit into it; a loop that hangs does not.
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
    """Say whether the file was touched lately. A worker that ends in order has removed it and is stopped anyway."""
    try:
        touched = TOUCHED.stat().st_mtime
    except FileNotFoundError:
        return False
    return (now or time.time()) - touched < STALE_SECONDS


if __name__ == "__main__":
    sys.exit(0 if is_alive() else 1)
