"""Looks at a file in a process of its own, with bounds on memory and time and nothing of ours in its environment."""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import structlog

from apps.core.tasks import TransientFailure
from apps.media.models import Reason
from apps.media.pictures import SIZES

log = structlog.get_logger()

_PROGRAM = Path(__file__).with_name("imaging.py")
# Longer than its 30 s of processor time on a machine that is busy, shorter than the task's limit.
_PATIENCE = 100


@dataclass(frozen=True, slots=True)
class Verdict:
    """Either the reason for which a file is rejected, or its pictures by size."""

    reason: Reason | None = None
    pictures: dict[int, bytes] | None = None


def examine(content: bytes, content_type: str) -> Verdict:
    """Return what a file is worth; `TransientFailure` where it was ourselves who could not tell."""
    try:
        done = subprocess.run(  # noqa: S603  our own program, and the type is one of three
            [sys.executable, "-I", str(_PROGRAM), content_type, *map(str, SIZES)],
            input=content, capture_output=True, env={}, timeout=_PATIENCE, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise TransientFailure("picture_not_examined") from error
    if done.returncode == -signal.SIGKILL:
        # Nobody but the machine itself does that, when memory is short.
        raise TransientFailure("picture_not_examined")
    if done.returncode != 0:
        log.warning("picture_program_failed", code=done.returncode, error=done.stderr[-500:].decode(errors="replace"))
        return Verdict(Reason.DAMAGED)
    return _read(done.stdout)


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
