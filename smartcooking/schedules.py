"""What runs on a clock: EventBridge rules in `deploy/`, a small loop in the local stack."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """A `manage.py` command and the seconds between two runs of it."""

    command: str
    every: int


SCHEDULES = (
    Schedule("sweep_outbox", every=60),
    Schedule("end_generations", every=60),
    Schedule("refresh_snapshot", every=3600),
    Schedule("sweep_uploads", every=900),
    Schedule("sweep_suspensions", every=900),
)
