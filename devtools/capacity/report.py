"""The capacity report: a table of actions for the terminal and docs/capacity.md."""

from collections.abc import Sequence
from itertools import groupby

from devtools.capacity.stage import Measured
from devtools.capacity.units import TABLE, Consumed
from smartcooking.contract import table

HEADINGS = ("action", "requests", "read units", "write units", "where")
_PLACES = (TABLE, *(index.name for index in table.INDEXES))

_INTRODUCTION = """\
# What user actions cost in DynamoDB

Written by `make capacity`; not edited by hand. Each action is played once through the interface against a local table
beside a catalogue of 60 recipes, and every request that the process makes is counted by AWS's rules from the sizes of
the items (`devtools/capacity/item_sizes.py`, `devtools/capacity/units.py`): the emulator's own figures for reads are
wrong, those for writes are compared with ours. Messages count with the action that causes them: 2 units to write one
in the transaction, 1 to remove it once it is sent. Where an action depends on how much there is, the number is given.

`where` is reads / writes of the table and of each index.
"""


def text(measured: Sequence[Measured]) -> str:
    """Return the table with aligned columns."""
    rows = [HEADINGS, *(_row(one) for one in measured)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(_aligned(row, widths) for row in rows)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    """Align text left and numbers right."""
    action, *numbers, where = (
        cell.rjust(width) if 0 < column < len(row) - 1 else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join([action, *numbers, where]).rstrip()


def markdown(measured: Sequence[Measured]) -> str:
    """Return the page: a section for each area."""
    sections = [_section(area, list(rows)) for area, rows in groupby(measured, key=lambda one: one.area)]
    return "\n".join([_INTRODUCTION, *sections])


def _section(area: str, measured: Sequence[Measured]) -> str:
    lines = [f"## {area.capitalize()}", "", f"| {' | '.join(HEADINGS)} |", "|---|--:|--:|--:|---|"]
    lines += [f"| {' | '.join(_row(one))} |" for one in measured]
    return "\n".join([*lines, ""])


def _row(one: Measured) -> tuple[str, ...]:
    consumed = one.consumed
    units = (_number(consumed.read_units), _number(consumed.write_units))
    return (one.action, str(consumed.requests), *units, _where(consumed))


def _where(consumed: Consumed) -> str:
    """Return read and write units by table and index: "table 1 / 4, gsi1 0 / 2"."""
    parts = [
        f"{place} {_number(consumed.reads[place])} / {_number(consumed.writes[place])}"
        for place in _PLACES
        if consumed.reads[place] or consumed.writes[place]
    ]
    return ", ".join(parts) or "–"


def _number(value: float) -> str:
    return f"{value:g}"
