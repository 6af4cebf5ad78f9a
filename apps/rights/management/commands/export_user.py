"""`manage.py export_user`: write all data held about a person to a zip."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.rights import archives
from apps.users import services as users

_EXAMPLES = """
examples:
  manage.py export_user lan --out lan.zip
"""


class Command(BaseCommand):
    help = "Write all data held about a person to a zip: JSON, readable HTML, pictures."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, epilog=_EXAMPLES, **options)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--out", type=Path, required=True, help="path of the zip")

    def handle(self, *args: Any, **options: Any) -> None:
        user_id = users.find_user_id(options["username"])
        if not user_id:
            raise CommandError(f"there is nobody called {options['username']}")
        options["out"].write_bytes(archives.build(user_id))
        self.stdout.write(f"{options['out']} written")
