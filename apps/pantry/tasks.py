"""Background work on pantries."""

from apps.core.tasks import task
from apps.households.services import BRING_PANTRY
from apps.pantry import storing
from smartcooking.contract import queues


@task(queues.DEFAULT, name=BRING_PANTRY.name)
def bring(user_id: str, household_id: str) -> None:
    storing.bring(user_id, household_id)
