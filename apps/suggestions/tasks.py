"""Background work on suggestions."""

from typing import Any

from celery import shared_task

from apps.suggestions import announcements, services
from apps.suggestions.generation import worker
from smartcooking.contract import queues


@shared_task(name=services.GENERATE.name, time_limit=queues.AI.time_limit)
def generate(user_id: str, suggestion_id: str) -> None:
    worker.generate(user_id, suggestion_id)


@shared_task(name=announcements.ANNOUNCE.name, time_limit=queues.NOTIFICATIONS.time_limit, bind=True)
def announce(self: Any, user_id: str, suggestion_id: str) -> None:
    remaining = announcements.announce(user_id, suggestion_id)
    if remaining:
        raise self.retry(countdown=remaining)
