"""`manage.py train_dictionary`: another dictionary for the JSON in rows."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from devtools import body_dictionary


class Command(BaseCommand):
    help = (
        "Write a dictionary trained on the authored recipes, for apps/core/data. Give it a new number and keep the "
        "earlier ones: rows that were written with them can't be read without them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="where to write it")

    def handle(self, *args: Any, **options: Any) -> None:
        trained = body_dictionary.train()
        options["file"].write_bytes(trained)
        self.stdout.write(f"{len(trained)} bytes")
