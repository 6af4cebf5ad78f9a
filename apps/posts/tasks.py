"""Background work on posts."""

from apps.core.tasks import task
from apps.notifications.events import NotificationEvent
from apps.posts import authors, comments, mentions, services, telling
from smartcooking.contract import queues


@task(queues.DEFAULT, name=services.CLEAR.name)
def clear(post_id: str) -> None:
    services.clear(post_id)


@task(queues.DEFAULT, name=comments.TIDY.name)
def tidy_comments(post_id: str) -> None:
    comments.tidy(post_id)


@task(queues.DEFAULT, name="posts.show_avatar")
def show_avatar(user_id: str) -> None:
    authors.show_avatar(user_id)


@task(queues.NOTIFICATIONS, name=telling.TELL.name)
def tell(*event: str) -> None:
    telling.deliver(NotificationEvent.of(*event))


@task(queues.NOTIFICATIONS, name=mentions.TELL.name)
def mention(post_id: str, comment_id: str, event_id: str, *names: str) -> None:
    mentions.deliver(post_id, comment_id, event_id, list(names))
