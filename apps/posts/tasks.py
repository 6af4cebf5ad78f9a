"""Background work on posts."""

from celery import shared_task

from apps.notifications.events import NotificationEvent
from apps.posts import authors, comments, mentions, services, telling
from apps.users import services as users
from smartcooking.contract import queues


@shared_task(name=services.CLEAR.name, time_limit=queues.DEFAULT.time_limit)
def clear(post_id: str) -> None:
    services.clear(post_id)


@shared_task(name=comments.TIDY.name, time_limit=queues.DEFAULT.time_limit)
def tidy_comments(post_id: str) -> None:
    comments.tidy(post_id)


@shared_task(name=users.AVATAR_CHANGED.name, time_limit=queues.DEFAULT.time_limit)
def show_avatar(user_id: str) -> None:
    authors.show_avatar(user_id)


@shared_task(name=telling.TELL.name, time_limit=queues.NOTIFICATIONS.time_limit)
def tell(*event: str) -> None:
    telling.deliver(NotificationEvent.of(*event))


@shared_task(name=mentions.TELL.name, time_limit=queues.NOTIFICATIONS.time_limit)
def mention(post_id: str, comment_id: str, event_id: str, *names: str) -> None:
    mentions.deliver(post_id, comment_id, event_id, list(names))
