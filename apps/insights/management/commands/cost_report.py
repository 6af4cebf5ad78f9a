"""`manage.py cost_report`: what generation cost and what the catalogue saved, day by day."""

import argparse
import json
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from apps.core import clock
from apps.insights import costs

_EXAMPLES = """
examples:
  manage.py cost_report                            the last seven days (UTC), today included
  manage.py cost_report --days 30
  manage.py cost_report --from 2026-11-01 --to 2026-11-30 --json

"again" are recipes that had already been generated for the same question. "saved" is what generating these and the
recipes of the catalogue would have cost, at AI_RECIPE_COST_USD each. Calls count attempts, not recipes; calls of a
killed worker count as failed.
"""
_MOST_DAYS = 366
_COLUMNS = (
    ("day", "day"), ("suggestions", "suggestions"), ("catalogue", "from_catalogue"), ("ai", "from_ai"),
    ("rules", "from_rules"), ("again", "answered_again"), ("catalogue %", "catalogue_percent"), ("calls", "calls"),
    ("failed", "failed"), ("tokens in", "input_tokens"), ("out", "output_tokens"), ("cost $", "cost_usd"),
    ("$ each", "cost_per_suggestion_usd"), ("saved $", "saved_usd"),
)  # fmt: skip


class Command(BaseCommand):
    help = "Show each day's suggestions, share of the catalogue, calls, tokens, cost and savings."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, epilog=_EXAMPLES, **options)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=7, metavar="N", help="number of days up to today (7)")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DAY", help="instead of --days")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DAY", help="the default is today")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        last = options["last"] or clock.now().date()
        first = options["first"] or last - timedelta(days=options["days"] - 1)
        number = (last - first).days + 1
        if not 1 <= number <= _MOST_DAYS:
            raise CommandError(f"1 to {_MOST_DAYS} days, not {number}")
        wanted = [first + timedelta(days=each) for each in range(number)]
        bar = tqdm(wanted, unit="day", disable=options["quiet"] or None, leave=False)
        found = [one for day in bar for one in costs.load_daily_costs(day, day)]
        rows = [*map(costs.as_dict, found), costs.sum_days(found)]
        self.stdout.write(json.dumps(rows, indent=2) if options["json"] else _table(rows))


def _table(rows: list[dict[str, Any]]) -> str:
    cells = [[title for title, _ in _COLUMNS]]
    cells += [["–" if row[name] is None else str(row[name]) for _, name in _COLUMNS] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)
    return "\n".join(lines)
