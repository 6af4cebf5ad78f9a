"""Events of jobs that the apps above subscribe to."""

from dataclasses import dataclass

from apps.core.events import Event


@dataclass(frozen=True, slots=True)
class JobAbandoned(Event):
    """No message will resume a job, which was closed as failed: what it worked on is to be closed as well."""

    user_id: str
    job_id: str
