"""`manage.py export_table`: write the table to a file, or count and hash it."""

import argparse
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from apps.core import table_dump

_EXAMPLES = """
examples:
  manage.py export_table                                             counts by kind and the hash, no file
  manage.py export_table --table smart-cooking-prod-restored         the same of another table
  manage.py export_table table.jsonl.gz                              all rows, packed for the suffix .gz
  manage.py export_table ana.jsonl --partition USER#01JD…            the rows of one partition

Two tables with the same rows have the same hash. In AWS this needs the right to scan, which no task of the service
has: run it with an operator's own credentials. The file holds all that people have told us; only you can read it.
"""


class Command(BaseCommand):
    help = "Write all rows as lines of JSON, and say how many of each kind there are and their hash. Changes nothing."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, epilog=_EXAMPLES, **options)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="replaced once the new one is whole")
        parser.add_argument("--table", metavar="NAME", help="another table than TABLE_NAME")
        parser.add_argument("--partition", metavar="PK", default="", help="only the rows with this partition key")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        table, file = options["table"] or settings.TABLE_NAME, options["file"]
        try:
            total = None if options["partition"] else table_dump.estimate_row_count(table)
            found = table_dump.scan_rows(table, partition=options["partition"])
            disable = options["quiet"] or None
            with tqdm(total=total, desc=table, unit="row", leave=False, disable=disable) as bar:
                summary = (
                    table_dump.write_dump(file, found, bar.update)
                    if file
                    else table_dump.summarize_rows(found, bar.update)
                )
        except (BotoCoreError, ClientError, OSError) as error:
            raise CommandError(str(error)) from error
        for kind, number in sorted(summary.kinds.items()):
            self.stdout.write(f"{kind or 'without a kind':28} {number:>10}")
        self.stdout.write(f"{'all':28} {summary.rows:>10}  sha256 {summary.sha256}")
