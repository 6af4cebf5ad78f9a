"""`manage.py end_generations`: close suggestions that no worker will finish."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.suggestions.generation import worker


class Command(BaseCommand):
    help = (
        "End generations that nobody has been at work on for ten minutes: close their suggestions, give back quota and "
        "budget. Run once a minute; safe to run twice at once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        ended = worker.end_abandoned()
        self.stdout.write(f"ended {ended} generation{'' if ended == 1 else 's'}")
