"""`manage.py end_jobs`: close jobs that no worker will resume."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.jobs import services


class Command(BaseCommand):
    help = (
        "Close jobs without a sign of life for 15 minutes as failed. Run once a minute; safe to run "
        "concurrently. Example: manage.py end_jobs"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        ended = services.end_abandoned()
        self.stdout.write(f"ended {ended} job{'' if ended == 1 else 's'}")
