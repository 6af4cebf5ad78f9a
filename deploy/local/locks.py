"""Locks on directories that only one process at a time may use."""

import fcntl
import os
from pathlib import Path


def take(path: Path) -> int | None:
    """Lock the file as long as this process lives; return None if another process holds it.

    The kernel releases the lock when its holder ends, however that happens, so locks are never stale.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle
