"""Background work on recipes."""

from celery import shared_task

from apps.recipes import services
from smartcooking import queues


@shared_task(name=services.CLEAR.name, time_limit=queues.DEFAULT.time_limit)
def clear(recipe_id: str) -> None:
    services.clear(recipe_id)
