"""Background work on posts."""

from celery import shared_task

from apps.posts import comments, services
from smartcooking import queues


@shared_task(name=services.CLEAR.name, time_limit=queues.DEFAULT.time_limit)
def clear(post_id: str) -> None:
    services.clear(post_id)


@shared_task(name=comments.TIDY.name, time_limit=queues.DEFAULT.time_limit)
def tidy_comments(post_id: str) -> None:
    comments.tidy(post_id)
