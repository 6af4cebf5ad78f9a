"""`manage.py sweep_outbox`: send the messages that a crash or an outage left in the outbox."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.core import outbox


class Command(BaseCommand):
    help = "Send messages that have waited in the outbox; run once a minute. Safe to run twice at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--older-than", type=int, default=20, metavar="SECONDS", help="leave younger ones to their senders (20)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        sent = outbox.sweep(older_than=timedelta(seconds=options["older_than"]))
        self.stdout.write(f"sent {sent} message{'' if sent == 1 else 's'}")
