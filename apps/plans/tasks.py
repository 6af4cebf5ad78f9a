"""Background work on plans."""

from apps.core.tasks import task
from apps.plans import filling, services
from smartcooking.contract import queues


@task(queues.DEFAULT, name=services.FILL.name)
def fill(user_id: str, job_id: str) -> None:
    filling.fill(user_id, job_id)


@task(queues.DEFAULT, name="plans.close_abandoned")
def close_abandoned(user_id: str, job_id: str) -> None:
    filling.close_abandoned(user_id, job_id)


@task(queues.DEFAULT, name="plans.forget_member")
def forget_member(household_id: str, user_id: str, left_at: str) -> None:
    services.forget_member(household_id, user_id, left_at=left_at)
