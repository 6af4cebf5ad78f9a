"""Long polling on the server, with a limit on how many threads may wait."""

import threading
import time
from collections.abc import Callable

from django.conf import settings

# Seconds between two checks: each costs a read unit.
_PAUSE = 0.25
_places = threading.BoundedSemaphore(settings.MAX_WAITERS)


def wait_while(is_pending: Callable[[], bool], *, seconds: float) -> None:
    """Return when nothing is pending, when the time is over, or at once where too many wait already."""
    if seconds <= 0 or not _places.acquire(blocking=False):
        return
    try:
        deadline = time.monotonic() + seconds
        while is_pending() and time.monotonic() < deadline:
            time.sleep(_PAUSE)
    finally:
        _places.release()
