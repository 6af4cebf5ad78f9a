"""`manage.py roll_up_days`: store daily totals of the last days for the admin's charts."""

import argparse
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from apps.core import clock
from apps.insights import rollups

_EXAMPLES = """
examples:
  manage.py roll_up_days               yesterday and today (UTC); runs once an hour
  manage.py roll_up_days --days 14     recompute what the charts show
  manage.py roll_up_days --dry-run     print the days that would be rolled up

Safe to repeat: a day's row is replaced by the totals of its records.
"""
_MOST_DAYS = 366


class Command(BaseCommand):
    help = "Roll up suggestions, costs, sign-ups, reports and the moderators' queues into one row per day."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, epilog=_EXAMPLES, **options)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=2, metavar="N", help="number of days up to today (2)")
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        number = options["days"]
        if not 1 <= number <= _MOST_DAYS:
            raise CommandError(f"1 to {_MOST_DAYS} days, not {number}")
        today = clock.now().date()
        days = [today - timedelta(days=number - 1 - each) for each in range(number)]
        if options["dry_run"]:
            self.stdout.write(f"would add up {days[0]} to {days[-1]}")
            return
        for day in tqdm(days, unit="day", disable=options["quiet"] or None, leave=False):
            rollups.roll_up(day)
        self.stdout.write(f"added up {days[0]} to {days[-1]}")
