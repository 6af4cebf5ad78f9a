"""Failed jobs for tests."""

from typing import Any

from apps.jobs import services as jobs
from apps.jobs.errors import JobInterrupted


def failed_export(api: Any, owner: Any) -> str:
    """Let somebody's export fail; return the id under which moderators see it."""
    job_id = api.post("/v1/users/me/export", token=owner.token).json()["id"]
    jobs.fail(owner.id, job_id, JobInterrupted())
    return f"{owner.id}:{job_id}"
