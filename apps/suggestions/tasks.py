"""Background work on suggestions."""

from celery import shared_task

from apps.suggestions import services, worker
from smartcooking import queues


@shared_task(name=services.GENERATE.name, time_limit=queues.AI.time_limit)
def generate(user_id: str, suggestion_id: str) -> None:
    worker.generate(user_id, suggestion_id)
