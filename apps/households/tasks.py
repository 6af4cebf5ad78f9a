"""Background work on households."""

from celery import shared_task

from apps.households import services
from smartcooking.contract import queues


@shared_task(name=services.CLEAR.name, time_limit=queues.DEFAULT.time_limit)
def clear(household_id: str) -> None:
    services.clear(household_id)
