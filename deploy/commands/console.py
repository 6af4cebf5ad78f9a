"""Console output of `python -m deploy`: exit codes, confirmation, progress, tables."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
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
    """A change that loses data or affects all users was not confirmed."""


class WrongUsage(Exception):
    """The command line is invalid, or makes no sense for this environment."""


def add_verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    common: argparse.ArgumentParser,
    name: str,
    *,
    run: Callable[..., int],
    what: str,
    examples: str,
) -> argparse.ArgumentParser:
    """Add a subcommand with the common options; `what` is its summary: lower case, without a full stop."""
    parser = verbs.add_parser(
        name,
        parents=[common],
        # argparse formats the help, but not the description.
        help=what.replace("%", "%%"),
        description=f"{what[0].upper()}{what[1:]}.",
        epilog=examples + EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


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
    """A progress bar that counts finished resources and prints a line for each failure."""

    def __init__(self, label: str, total: int | None) -> None:
        # `disable=None`: no bar without a terminal, as in CI.
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
    """Format rows as a table whose columns are as wide as their longest cell.

    The first column and the last `words` columns are text, aligned left; the others are numbers, aligned right.
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
