"""Events of jobs that the apps above subscribe to."""

from dataclasses import dataclass

from apps.core.events import Event


@dataclass(frozen=True, slots=True)
class JobAbandoned(Event):
    """A job was closed as failed because no message will resume it; subscribers close what it worked on."""

    user_id: str
    job_id: str
