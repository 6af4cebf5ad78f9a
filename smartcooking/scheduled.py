"""Scheduled commands that workers run: EventBridge Scheduler sends each as a message to the queue `default`."""

from datetime import UTC, datetime, timedelta

import structlog
from django.core.management import call_command

from apps.core.tasks import task
from smartcooking.contract.queues import DEFAULT
from smartcooking.contract.schedules import RUN_COMMAND, SCHEDULES

log = structlog.get_logger()
BY_NAME = {schedule.command: schedule for schedule in SCHEDULES if not schedule.alone}
# Runs that are overdue by this many intervals are skipped: the workers were gone, and the next run does the same.
OVERDUE_INTERVALS = 3


class UnknownCommand(Exception):
    """The message names a command that is not scheduled."""


def run_command(command: str, due: str) -> None:
    """Run a command; `due` is its scheduled time (ISO 8601, UTC)."""
    schedule = BY_NAME.get(command)
    if schedule is None:
        raise UnknownCommand(command)
    late = datetime.now(UTC) - datetime.fromisoformat(due)
    if late > timedelta(seconds=OVERDUE_INTERVALS * schedule.every):
        log.warning("scheduled_command_left_out", command=command, late_seconds=round(late.total_seconds()))
        return
    call_command(command, *schedule.arguments)


task(DEFAULT, name=RUN_COMMAND)(run_command)
