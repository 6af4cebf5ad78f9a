"""Background work on imports."""

from celery import shared_task

from apps.imports import services, working
from smartcooking.contract import queues


@shared_task(name=services.READ.name, time_limit=queues.DEFAULT.time_limit)
def read(user_id: str, job_id: str) -> None:
    working.read(user_id, job_id)
