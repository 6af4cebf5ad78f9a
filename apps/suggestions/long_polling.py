"""Wait on the server for a suggestion to complete, without blocking all threads."""

import threading
import time

from django.conf import settings

from apps.core.authentication import Actor
from apps.suggestions import services

# Seconds between two reads, of a read unit each.
_PAUSE = 0.25
_places = threading.BoundedSemaphore(settings.MAX_WAITERS)


def wait(suggestion_id: str, *, actor: Actor, seconds: int) -> None:
    """Return when the suggestion is complete, when the time is over, or at once if too many requests are waiting."""
    if seconds <= 0 or not _places.acquire(blocking=False):
        return
    try:
        deadline = time.monotonic() + seconds
        while services.is_generating(suggestion_id, actor=actor) and time.monotonic() < deadline:
            time.sleep(_PAUSE)
    finally:
        _places.release()
