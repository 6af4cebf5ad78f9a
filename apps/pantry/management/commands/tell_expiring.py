"""`manage.py tell_expiring`: notify people of food in their pantry that is about to expire."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.pantry import expiring


class Command(BaseCommand):
    help = (
        "Notify people of food that expires within two days, once per day and person. Run every hour; safe to run "
        "concurrently. Example: manage.py tell_expiring"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        seen = expiring.tell_all()
        self.stdout.write(f"looked at {seen} ingredient{'' if seen == 1 else 's'} about to expire")
