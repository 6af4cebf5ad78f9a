"""Run a command that ends with the process that started it.

    python deploy/local/child.py PARENT_PID COMMAND ARGUMENT...

A separate program, because the request to the kernel (`PR_SET_PDEATHSIG`) applies to the calling
process, and code between fork and exec is unsafe with threads. On other systems than Linux the command just runs.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def prefix() -> list[str]:
    """Return the prefix of a command that must end together with this process."""
    return [sys.executable, "-I", "-S", str(Path(__file__)), str(os.getpid())]


def main() -> None:
    parent, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != int(parent):
            # The parent ended before the kernel could watch it.
            sys.exit(1)
    try:
        os.execvp(command[0], command)  # noqa: S606
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main()
