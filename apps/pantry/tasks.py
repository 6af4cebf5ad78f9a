"""Background work on pantries."""

from celery import shared_task

from apps.households.services import BRING_PANTRY
from apps.pantry import services
from smartcooking.contract import queues


@shared_task(name=BRING_PANTRY.name, time_limit=queues.DEFAULT.time_limit)
def bring(user_id: str, household_id: str) -> None:
    services.bring(user_id, household_id)
