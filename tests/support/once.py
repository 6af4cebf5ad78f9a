"""What takes long to make and is the same for all processes of a run: made by the first one, read by the others."""

import fcntl
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Made = TypeVar("Made")
DIRECTORY = "TEST_SHARED_DIRECTORY"


def make_once(name: str, make: Callable[[], Made]) -> Made:
    """Return what `make` makes in the first process of the run that asks; the others wait for it, and get a copy."""
    if DIRECTORY not in os.environ:
        # Nobody runs tests: a tool of theirs is used by itself.
        return make()
    path = Path(os.environ[DIRECTORY]) / name
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            made: Made = pickle.loads(path.read_bytes())
            return made
        made = make()
        path.write_bytes(pickle.dumps(made))
        return made
