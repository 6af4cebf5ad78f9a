"""`manage.py refresh_snapshot`: write the catalogue's snapshot to S3 once it is large."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from apps.recipes import catalogue, snapshots


class Command(BaseCommand):
    help = "Write the catalogue to S3, so that new processes start from it. Run hourly. Below the threshold: nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--force", action="store_true", help="write it however small the catalogue is")

    def handle(self, *args: Any, **options: Any) -> None:
        live = catalogue.live()
        live.load()
        until = live.complete_until
        if len(live.index) < settings.SNAPSHOT_FROM and not options["force"]:
            self.stdout.write(f"{len(live.index)} recipes: no snapshot below {settings.SNAPSHOT_FROM}")
            return
        size = snapshots.store_snapshot(live.index, until)
        self.stdout.write(f"{len(live.index)} recipes, {size} bytes written")
