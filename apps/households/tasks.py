"""Background work on households."""

from apps.core.tasks import task
from apps.households import services
from smartcooking.contract import queues


@task(queues.DEFAULT, name=services.CLEAR.name)
def clear(household_id: str) -> None:
    services.clear(household_id)
