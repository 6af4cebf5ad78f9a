"""`manage.py capacity_report`: requests, read units and write units of each user action."""

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.telemetry import logging
from devtools.capacity import actions, report
from devtools.capacity.stage import ActionFailed, Stage

_EXAMPLES = """
examples:
  manage.py capacity_report                            the table, on the terminal
  manage.py capacity_report --write FILE               the same as a page

Plays every action against the local table, where it leaves a few people and recipes behind; it refuses to run against
AWS. Needs ingredients and a catalogue (`seed_ingredients`, `seed_recipes` or `seed_demo`) and no worker beside it,
which would take its messages. `make capacity` plays the same in an environment of its own and writes docs/capacity.md:
a full catalogue and other people's rows change the figures.
"""


class Command(BaseCommand):
    help = "Count requests, read units and write units of each user action, by AWS's rules from item sizes."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, epilog=_EXAMPLES, **options)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", type=Path, metavar="FILE", help="write the page there")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.AWS_ENDPOINT_URL:
            raise CommandError("AWS_ENDPOINT_URL is not set: this is for a local table only.")
        # Log lines of requests would hide the table.
        logging.configure("WARNING")
        # All people of the report are new and share one IP address, but each must count as a voice of their own.
        settings.YOUNG_ACCOUNT_HOURS = settings.SAME_ADDRESS_SECONDS = 0
        stage = Stage()
        try:
            actions.play_all(stage)
        except (ActionFailed, RuntimeError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(report.text(stage.measured))
        for difference in stage.differences:
            self.stderr.write(f"the emulator counts otherwise: {difference}")
        if options["write"]:
            options["write"].write_text(report.markdown(stage.measured), "utf-8")
