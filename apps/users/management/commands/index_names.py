"""`manage.py index_names`: index the full names of people who joined before names were searchable."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from apps.users import name_indexing


class Command(BaseCommand):
    help = (
        "Index the full names of all people, so that searches find them. Needed once, after the release that adds the "
        "search: later registrations and name changes update the index themselves. Safe to interrupt and to repeat. "
        "Example: manage.py index_names --dry-run"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count the people to index without writing")

    def handle(self, *args: Any, **options: Any) -> None:
        seen = indexed = 0
        for start in tqdm(name_indexing.STARTS, desc="names", unit="start", leave=False):
            for user_id in name_indexing.list_people(start):
                seen += 1
                indexed += name_indexing.index_person(user_id, dry_run=options["dry_run"])
        verb = "would be indexed" if options["dry_run"] else "indexed"
        self.stdout.write(f"{indexed} of {seen} people {verb}")
