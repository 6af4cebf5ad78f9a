"""Background work on plans."""

from celery import shared_task

from apps.plans import filling, services
from smartcooking.contract import queues


@shared_task(name=services.FILL.name, time_limit=queues.DEFAULT.time_limit)
def fill(user_id: str, job_id: str) -> None:
    filling.fill(user_id, job_id)
