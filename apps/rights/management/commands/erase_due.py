"""`manage.py erase_due`: erase the accounts whose grace period has ended."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.rights import erasing


class Command(BaseCommand):
    help = "Erase the accounts whose erasure is due. Run on a schedule; safe to run concurrently and to interrupt."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{erasing.erase_due()} accounts erased")
