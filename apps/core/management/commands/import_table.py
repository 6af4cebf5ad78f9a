"""`manage.py import_table`: bring a file of `export_table` back into a table."""

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
  manage.py import_table table.jsonl.gz --dry-run                  is the file whole, and what is in it
  manage.py import_table table.jsonl.gz                            into an empty table
  manage.py import_table ana.jsonl --into-existing                 over rows of the same keys; other rows stay

Safe to run again: the same rows are written once more. After an interruption the table is no longer empty, so go on
with --into-existing. Compare afterwards with `manage.py export_table`. Processes that hold the catalogue in memory
see rows that changed longer ago than ten seconds only when they start again.
"""


class Command(BaseCommand):
    help = "Write the rows of a file of export_table. Refuses a damaged file, and a table that has rows."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, epilog=_EXAMPLES, **options)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--table", metavar="NAME", help="another table than TABLE_NAME")
        parser.add_argument("--into-existing", action="store_true", help="though the table has rows; overwrites")
        parser.add_argument("--dry-run", action="store_true", help="check the file, write nothing")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        table, file = options["table"] or settings.TABLE_NAME, options["file"]
        try:
            summary = table_dump.verify_dump(file)
            if not options["dry_run"]:
                if not options["into_existing"] and not table_dump.is_empty(table):
                    raise CommandError(f"{table} has rows: nothing was written. --into-existing overwrites them.")
                disable = options["quiet"] or None
                with tqdm(total=summary.rows, desc=table, unit="row", leave=False, disable=disable) as bar:
                    table_dump.load_dump(table, file, bar.update)
        except (table_dump.DamagedDump, BotoCoreError, ClientError, OSError) as error:
            raise CommandError(str(error)) from error
        done = "can be" if options["dry_run"] else "were"
        self.stdout.write(f"{summary.rows} rows {done} written to {table}, sha256 {summary.sha256}")
