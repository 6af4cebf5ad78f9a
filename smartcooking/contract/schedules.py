"""Scheduled commands: EventBridge Scheduler runs them in AWS, a small loop in the local stack.

A command is a message to the queue `default`, which the running workers receive; one that must run `alone` is an ECS
task, and locally a process.
"""

import json
from dataclasses import dataclass

from smartcooking.contract.queues import DEFAULT

# The Celery task that runs a command.
RUN_COMMAND = "scheduled.run_command"


@dataclass(frozen=True)
class Schedule:
    """A `manage.py` command with its arguments, and the interval in seconds between two runs."""

    command: str
    every: int
    arguments: tuple[str, ...] = ()
    # Needs more time or memory than a worker's task may use, or must not depend on the workers that it checks.
    alone: bool = False

    @property
    def name(self) -> str:
        """Return the command and the first word after it, such as `sweep-outbox`."""
        return "-".join((self.command.replace("_", "-"), *self.arguments[:1]))

    @property
    def words(self) -> tuple[str, ...]:
        return (self.command, *self.arguments)

    def message(self, number: str, due: str) -> str:
        """Return the message of Celery's protocol 2 that runs the command; `due` is its scheduled time (ISO 8601)."""
        headers = {"lang": "py", "task": RUN_COMMAND, "id": number, "root_id": number, "retries": 0}
        properties = {
            "correlation_id": number,
            "delivery_info": {"exchange": "", "routing_key": DEFAULT.name},
            "delivery_mode": 2,
            "delivery_tag": number,
            "priority": 0,
        }
        body = json.dumps(
            [[self.command, due], {}, {"callbacks": None, "errbacks": None, "chain": None, "chord": None}]
        )
        told = {"body": body, "content-encoding": "utf-8", "content-type": "application/json"}
        return json.dumps({**told, "headers": headers, "properties": properties}, sort_keys=True)


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
