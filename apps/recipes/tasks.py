"""Background work on recipes."""

from celery import shared_task

from apps.recipes import rating_recounts, services
from apps.users import suspensions
from smartcooking.contract import queues


@shared_task(name=services.CLEAR.name, time_limit=queues.DEFAULT.time_limit)
def clear(recipe_id: str) -> None:
    services.clear_deleted_recipe(recipe_id)


@shared_task(name=suspensions.RECOUNT.name, time_limit=queues.DEFAULT.time_limit)
def recount_ratings(rater_id: str, owner_id: str, after: str) -> None:
    rating_recounts.recount_ratings(rater_id, owner_id, after)
