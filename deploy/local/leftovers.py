"""End processes that an earlier run left behind because it was killed."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import psutil

# Set in the environment of every process of a local stack, including those that its programs start.
MARK = "SMART_COOKING_LOCAL_DIR"
# Seconds between SIGTERM and SIGKILL.
PATIENCE = 3.0


def end(directory: Path) -> int:
    """End the processes that belong to the directory and return their number."""
    found = [process for process in psutil.process_iter() if _belongs(process, directory)]
    _send(signal.SIGTERM, found)
    _, alive = psutil.wait_procs(found, PATIENCE)
    _send(signal.SIGKILL, alive)
    psutil.wait_procs(alive, PATIENCE)
    return len(found)


def _belongs(process: psutil.Process, directory: Path) -> bool:
    if process.pid == os.getpid():
        return False
    try:
        return process.environ().get(MARK) == str(directory)
    except (psutil.Error, OSError):
        # It has ended meanwhile, or belongs to another user.
        return False


def _send(number: signal.Signals, processes: list[psutil.Process]) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
