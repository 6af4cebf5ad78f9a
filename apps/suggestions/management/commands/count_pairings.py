"""Count which foods authored recipes combine; composition uses the counts."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.recipes.derivation import derive
from apps.suggestions.composition import pairings
from apps.suggestions.judging import workshop


class Command(BaseCommand):
    help = (
        "Count how many authored recipes use foods of each two classes, and write data/cooking/pairings.yaml; after "
        " recipes were added. Example: manage.py count_pairings --dry-run"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--recipes", type=Path, help="a directory of recipes in YAML (default: the repository's)")
        parser.add_argument("--dry-run", action="store_true", help="count and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        contents, problems = workshop.load(options["recipes"])
        for problem in problems:
            self.stderr.write(f"passed over: {problem}")
        counted = pairings.count(derive(content) for content in contents.values())
        if not options["dry_run"]:
            pairings.write(counted)
        self.stdout.write(f"{sum(map(len, counted.values()))} pairs of foods in {len(contents)} recipes")
