"""`manage.py sweep_uploads`: remove uploads that nothing uses."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.media import removal


class Command(BaseCommand):
    help = "Remove uploads that nothing has used for 24 hours. Safe to interrupt and to run twice at once."

    def handle(self, *args: Any, **options: Any) -> None:
        removed = removal.remove_due_uploads()
        self.stdout.write(f"removed {removed} upload{'' if removed == 1 else 's'}")
