"""Background work on posts."""

from celery import shared_task

from apps.notifications.events import NotificationEvent
from apps.posts import authors, comments, mentions, post_events, services
from apps.users import services as users
from smartcooking.contract import queues


@shared_task(name=services.CLEAR.name, time_limit=queues.DEFAULT.time_limit)
def clear(post_id: str) -> None:
    services.clear_deleted_post(post_id)


@shared_task(name=comments.REMOVE_ORPHANS.name, time_limit=queues.DEFAULT.time_limit)
def tidy_comments(post_id: str) -> None:
    comments.remove_orphans(post_id)


@shared_task(name=users.AVATAR_CHANGED.name, time_limit=queues.DEFAULT.time_limit)
def show_avatar(user_id: str) -> None:
    authors.update_avatar(user_id)


@shared_task(name=post_events.DELIVER_EVENT.name, time_limit=queues.NOTIFICATIONS.time_limit)
def tell(*event: str) -> None:
    post_events.deliver_event(NotificationEvent.of(*event))


@shared_task(name=mentions.DELIVER_MENTIONS.name, time_limit=queues.NOTIFICATIONS.time_limit)
def mention(post_id: str, comment_id: str, event_id: str, *names: str) -> None:
    mentions.deliver_mentions(post_id, comment_id, event_id, list(names))
