"""`manage.py sweep_suspensions`: publish the end of suspensions that have expired."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.users import suspensions


class Command(BaseCommand):
    help = (
        "Have the ratings of people count again whose suspension has ended, and take them from the queue of the "
        "suspended. A suspension itself ends without it. Safe to interrupt and to run twice at once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        ended = suspensions.sweep_ended_suspensions()
        self.stdout.write(f"{ended} suspension{'' if ended == 1 else 's'} ended")
