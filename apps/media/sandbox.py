"""Run the image decoder in a process with limited memory and time, an empty environment and its own user."""

import ctypes
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import structlog

from apps.core.tasks import TransientFailure
from apps.media.models import Reason
from apps.media.pictures import SIZES

log = structlog.get_logger()

_PROGRAM = Path(__file__).with_name("imaging.py")
# Seconds. Longer than its 30 s of CPU time take on a busy machine, shorter than the task's time limit.
_TIMEOUT = 100
# The user `nobody` of Linux, for workers that run as root.
_NOBODY = 65534
_PR_SET_DUMPABLE = 4  # prctl.h


class NotExamined(TransientFailure):
    """The decoder ran out of time, or the machine out of memory."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The reason why a file is rejected, or its pictures by size."""

    reason: Reason | None = None
    pictures: dict[int, bytes] | None = None


def examine(content: bytes, content_type: str) -> Verdict:
    """Decode a file and return the verdict. Raise `NotExamined` if the cause may be this machine, not the file."""
    _close_proc()
    try:
        done = subprocess.run(  # noqa: S603  our own program, and the type is one of three
            [sys.executable, "-I", str(_PROGRAM), content_type, *map(str, SIZES)],
            input=content, capture_output=True, env={}, timeout=_TIMEOUT, check=False,
            **_other_user(),
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise NotExamined from error
    if done.returncode == -signal.SIGKILL:
        # The kernel kills the process if memory runs out.
        raise NotExamined
    if done.returncode != 0:
        log.warning("picture_program_failed", code=done.returncode, error=done.stderr[-500:].decode(errors="replace"))
        return Verdict(Reason.DAMAGED)
    return _read(done.stdout)


@cache
def _close_proc() -> None:
    """Make /proc/<our pid>, which shows our environment, unreadable for processes of the same user."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _other_user() -> dict[str, Any]:
    """Return the arguments that run the decoder as another user: only if we are root, and it can read the program."""
    needed = [_PROGRAM, Path(str(getattr(find_spec("PIL"), "origin", "/")))]
    if os.geteuid() != 0 or not all(_is_readable_by_all(path) for path in needed):
        return {}
    return {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}


def _is_readable_by_all(path: Path) -> bool:
    return all(one.stat().st_mode & 0o005 for one in path.resolve().parents) and bool(path.stat().st_mode & 0o004)


def _read(output: bytes) -> Verdict:
    line, _, rest = output.partition(b"\n")
    verdict = json.loads(line)
    if "reason" in verdict:
        log.info("picture_rejected", reason=verdict["reason"], error=verdict.get("error"))
        return Verdict(Reason(verdict["reason"]))
    pictures, start = {}, 0
    for size, length in zip(SIZES, verdict["lengths"], strict=True):
        pictures[size] = rest[start : start + length]
        start += length
    return Verdict(pictures=pictures)
