"""`manage.py seed_recipes`: load the repository's authored recipes into the catalogue."""

from contextlib import suppress
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from apps.core import processed_events
from apps.core.processed_events import AlreadyProcessed
from apps.core.transactions import Transaction
from apps.recipes import authored_rules, seeds
from apps.recipes.content import RecipeContent
from apps.recipes.derivation import derive

_CHUNK = 50
_SCOPE = "seed_recipes"


class Command(BaseCommand):
    help = "Write the recipes of apps/recipes/data that are new or have changed, approved. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="check the files, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        fingerprint = seeds.compute_fingerprint()
        if not options["dry_run"] and processed_events.was_processed(scope=_SCOPE, event=fingerprint):
            self.stdout.write("authored recipes are as they were written last")
            return
        contents = seeds.load_recipes()
        if options["dry_run"]:
            self._check(contents)
            return
        written = 0
        unresolved: list[str] = []
        remaining = iter(contents.items())
        with tqdm(total=len(contents), desc="recipes", unit="recipe", leave=False) as progress:
            while chunk := dict(islice(remaining, _CHUNK)):
                count, names = seeds.put_recipes(chunk)
                written, unresolved = written + count, unresolved + names
                progress.update(len(chunk))
        transaction = Transaction()
        processed_events.mark_processed(transaction, scope=_SCOPE, event=fingerprint)
        with suppress(AlreadyProcessed):
            transaction.commit()
        self.stdout.write(f"{written} of {len(contents)} recipes written")
        if unresolved:
            self.stderr.write(f"not in the master list: {', '.join(sorted(set(unresolved)))}")

    def _check(self, contents: dict[str, RecipeContent]) -> None:
        """Check each recipe against the rules for authored recipes; raise CommandError with all problems."""
        found = 0
        for content in tqdm(contents.values(), desc="recipes", unit="recipe", leave=False):
            for problem in authored_rules.problems(derive(content)):
                found += 1
                self.stderr.write(f"{content.title} {problem}")
        if found:
            raise CommandError(f"{found} problems in {len(contents)} recipes")
        self.stdout.write(f"{len(contents)} recipes, all sound")
