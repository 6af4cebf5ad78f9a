"""`manage.py seed_ingredients`: load the repository's master list into the table."""

from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from apps.core import processed_events
from apps.core.processed_events import AlreadyProcessed
from apps.core.transactions import Transaction
from apps.ingredients import master, repositories

_CHUNK = 100
_SCOPE = "seed_ingredients"


class Command(BaseCommand):
    help = "Write the ingredients of apps/ingredients/data that are new or have changed. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="check the files, write nothing")
        parser.add_argument("--force", action="store_true", help="compare every row even if the files are unchanged")

    def handle(self, *args: Any, **options: Any) -> None:
        fingerprint = master.compute_fingerprint()
        is_checked = options["dry_run"] or options["force"]
        if not is_checked and processed_events.was_processed(scope=_SCOPE, event=fingerprint):
            self.stdout.write("ingredients are as they were written last")
            return
        entries = master.load()
        if options["dry_run"]:
            self.stdout.write(f"{len(entries)} ingredients, all valid")
            return
        written = 0
        for start in tqdm(range(0, len(entries), _CHUNK), desc="ingredients", unit="batch", leave=False):
            written += repositories.put_entries(entries[start : start + _CHUNK])
        transaction = Transaction()
        processed_events.mark_processed(transaction, scope=_SCOPE, event=fingerprint)
        with suppress(AlreadyProcessed):
            transaction.commit()
        self.stdout.write(f"{written} of {len(entries)} ingredients written")
