"""`manage.py sweep_suspensions`: publish the end of suspensions that have expired."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.users import suspensions


class Command(BaseCommand):
    help = (
        "Make the ratings of people whose suspension has ended count again, and remove them from the queue of "
        "suspensions. A suspension itself ends without this command. Safe to interrupt and to run concurrently."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        ended = suspensions.sweep_ended_suspensions()
        self.stdout.write(f"{ended} suspension{'' if ended == 1 else 's'} ended")
