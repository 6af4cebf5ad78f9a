"""Background work on suggestions."""

from typing import Any

from apps.core.tasks import task
from apps.suggestions import announcements, services
from apps.suggestions.generation import tagging, worker
from smartcooking.contract import queues


@task(queues.AI, name=services.GENERATE.name)
def generate(user_id: str, suggestion_id: str) -> None:
    worker.generate(user_id, suggestion_id)


@task(queues.DEFAULT, name="suggestions.tag_recipe")
def tag_recipe(recipe_id: str) -> None:
    tagging.tag_recipe(recipe_id)


@task(queues.NOTIFICATIONS, name=announcements.ANNOUNCE.name, bind=True)
def announce(self: Any, user_id: str, suggestion_id: str) -> None:
    remaining = announcements.announce(user_id, suggestion_id)
    if remaining:
        raise self.retry(countdown=remaining)
