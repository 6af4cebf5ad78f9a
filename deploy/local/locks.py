"""Locks on directories that only one process at a time may use."""

import fcntl
import os
from pathlib import Path


def take(path: Path) -> int | None:
    """Lock the file for as long as this process lives; None when another one holds it.

    The kernel lets go of the lock with its holder, however that ends, so no stale lock is ever in the way.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle
