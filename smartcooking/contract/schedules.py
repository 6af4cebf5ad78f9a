"""Scheduled commands: EventBridge Scheduler runs them in AWS, a small loop in the local stack.

In AWS a command is a message to the queue `default`, which the running workers take; one that must run `alone` is a
task of ECS.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """A `manage.py` command with its arguments, and the seconds between two runs of it."""

    command: str
    every: int
    arguments: tuple[str, ...] = ()
    # Takes longer or more memory than a worker's task may, or must not depend on the workers that it checks.
    alone: bool = False

    @property
    def name(self) -> str:
        """The command and the first word after it, such as `sweep-outbox`."""
        return "-".join((self.command.replace("_", "-"), *self.arguments[:1]))

    @property
    def words(self) -> tuple[str, ...]:
        return (self.command, *self.arguments)


# The Celery task that runs a command.
RUN_COMMAND = "scheduled.run_command"
SCHEDULES = (
    Schedule("sweep_outbox", every=60),
    Schedule("end_generations", every=60),
    Schedule("end_jobs", every=60),
    Schedule("tell_expiring", every=3600),
    Schedule("refresh_snapshot", every=3600, alone=True),
    Schedule("sweep_uploads", every=900),
    Schedule("sweep_suspensions", every=900),
    Schedule("expire_registrations", every=3600, alone=True),
    Schedule("erase_due", every=3600, alone=True),
    Schedule("roll_up_days", every=3600),
)
