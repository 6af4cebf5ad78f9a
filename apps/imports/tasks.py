"""Background work on imports."""

from apps.core.tasks import task
from apps.imports import services, working
from smartcooking.contract import queues


@task(queues.DEFAULT, name=services.READ.name)
def read(user_id: str, job_id: str) -> None:
    working.read(user_id, job_id)
