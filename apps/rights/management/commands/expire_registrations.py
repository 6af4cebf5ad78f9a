"""`manage.py expire_registrations`: erase accounts that were not confirmed within a day."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.rights import erasing


class Command(BaseCommand):
    help = (
        "Erase the accounts that were not confirmed within a day, with their usernames and all their data. "
        "Run on a schedule; safe to run concurrently and to interrupt. Example: manage.py expire_registrations"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{erasing.expire_registrations()} registrations expired")
