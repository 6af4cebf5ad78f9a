"""What the verbs of `python -m deploy` share: exit codes, questions, progress."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from tqdm import tqdm

from deploy.operations import cloudformation

DONE, FAILED, WRONG_USAGE, DECLINED, DIFFERENT, TOO_EARLY, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
EXIT_CODES = """exit codes:
  0 done        1 failed               2 wrong usage    3 declined
  4 differs     5 outside the window   130 interrupted
"""


class Declined(Exception):
    """Nobody agreed to a change that loses data, or that everybody notices."""


class WrongUsage(Exception):
    """What was asked for makes no sense here."""


def confirm(args: argparse.Namespace, question: str) -> None:
    if args.yes:
        return
    if not sys.stdin.isatty():
        message = f"{question} Pass --yes to agree."
        raise Declined(message)
    if input(f"{question} [y/N] ").strip().lower() not in {"y", "yes"}:
        message = "Nothing was changed."
        raise Declined(message)


def print_error(error: BaseException | str, code: int) -> int:
    print(f"deploy: {error}", file=sys.stderr)
    return code


class Progress:
    """A bar that counts finished resources, and a line for each that failed."""

    def __init__(self, label: str, total: int | None) -> None:
        # `disable=None`: no bar where nobody looks, as in CI.
        self.bar: tqdm[Any] = tqdm(desc=label, total=total, unit="resource", leave=False, disable=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.close()

    def tell(self, line: str) -> None:
        tqdm.write(line)

    def __call__(self, event: Mapping[str, Any]) -> None:
        if event["ResourceStatus"].endswith("_COMPLETE"):
            self.bar.update()
        elif cloudformation.is_failure(event):
            reason = event.get("ResourceStatusReason", "no reason given")
            tqdm.write(f"  {event['LogicalResourceId']} failed: {reason}", file=sys.stderr)
        self.bar.set_postfix_str(event["LogicalResourceId"], refresh=False)


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, words: int = 0) -> str:
    """Return columns that are as wide as what is in them.

    The first one and the last `words` are text and begin at the left; the others are numbers and end at the right.
    """
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    text = {0, *range(len(heads) - words, len(heads))}
    lines = []
    for row in (heads, tuple("-" * width for width in widths), *rows):
        cells = [
            cell.ljust(width) if column in text else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
