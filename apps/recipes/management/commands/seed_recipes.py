"""`manage.py seed_recipes`: bring the authored recipes of the repository into the catalogue."""

from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from apps.recipes import seeds

_CHUNK = 50


class Command(BaseCommand):
    help = "Write the recipes of apps/recipes/data that are new or have changed, approved. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="check the files, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        contents = seeds.load_recipes()
        if options["dry_run"]:
            self.stdout.write(f"{len(contents)} recipes, all readable")
            return
        written = 0
        unresolved: list[str] = []
        remaining = iter(contents.items())
        with tqdm(total=len(contents), desc="recipes", unit="recipe", leave=False) as progress:
            while chunk := dict(islice(remaining, _CHUNK)):
                count, names = seeds.put_recipes(chunk)
                written, unresolved = written + count, unresolved + names
                progress.update(len(chunk))
        self.stdout.write(f"{written} of {len(contents)} recipes written")
        if unresolved:
            self.stderr.write(f"not in the master list: {', '.join(sorted(set(unresolved)))}")
