"""Background work on recipes."""

from apps.core.tasks import task
from apps.recipes import recounting, services
from smartcooking.contract import queues


@task(queues.DEFAULT, name=services.CLEAR.name)
def clear(recipe_id: str) -> None:
    services.clear(recipe_id)


@task(queues.DEFAULT, name=recounting.RECOUNT.name)
def recount_ratings(rater_id: str, owner_id: str, after: str) -> None:
    recounting.recount(rater_id, owner_id, after)
