"""When to retry: exponential backoff with full jitter, within the time that the caller still has."""

import random
import time

from apps.core import context

# Nobody waits for a task or command; its own limits end it.
BACKGROUND_SECONDS = 20.0
_FIRST_DELAY = 0.01
_LONGEST_DELAY = 1.0


def deadline() -> float:
    """Return the `time.monotonic()` at which retrying ends: the request's, or 20 s from now outside of one."""
    return context.retry_deadline.get() or time.monotonic() + BACKGROUND_SECONDS


def pause(attempt: int, until: float) -> bool:
    """Sleep before attempt number `attempt` + 1, for 10 ms to 1 s with full jitter; False where `until` is over.

    Jitter keeps two writers from conflicting again and again.
    """
    left = until - time.monotonic()
    if left <= 0:
        return False
    time.sleep(random.uniform(0, min(_LONGEST_DELAY, _FIRST_DELAY * 2**attempt, left)))  # noqa: S311
    return True
