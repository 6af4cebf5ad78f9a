"""`manage.py seed_ingredients`: load the repository's master list into the table."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from apps.ingredients import master, repositories

_CHUNK = 100


class Command(BaseCommand):
    help = "Write the ingredients of apps/ingredients/data that are new or have changed. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="check the files, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        entries = master.load()
        if options["dry_run"]:
            self.stdout.write(f"{len(entries)} ingredients, all valid")
            return
        written = 0
        for start in tqdm(range(0, len(entries), _CHUNK), desc="ingredients", unit="batch", leave=False):
            written += repositories.put_entries(entries[start : start + _CHUNK])
        self.stdout.write(f"{written} of {len(entries)} ingredients written")
