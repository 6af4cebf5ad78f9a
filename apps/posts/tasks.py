"""Background work on posts."""

from apps.core.tasks import task
from apps.notifications.events import NotificationEvent
from apps.posts import authors, comments, mentions, post_events, services
from smartcooking.contract import queues


@task(queues.DEFAULT, name=services.CLEAR.name)
def clear(post_id: str) -> None:
    services.clear_deleted_post(post_id)


@task(queues.DEFAULT, name=comments.REMOVE_ORPHANS.name)
def tidy_comments(post_id: str) -> None:
    comments.remove_orphans(post_id)


@task(queues.DEFAULT, name="posts.show_author")
def show_author(user_id: str) -> None:
    authors.update_author(user_id)


@task(queues.NOTIFICATIONS, name=post_events.DELIVER_EVENT.name)
def tell(*event: str) -> None:
    post_events.deliver_event(NotificationEvent.of(*event))


@task(queues.NOTIFICATIONS, name=post_events.WITHDRAW_EVENT.name)
def withdraw(*event: str) -> None:
    post_events.withdraw_reaction(NotificationEvent.of(*event))


@task(queues.NOTIFICATIONS, name=post_events.RECHECK_POST.name)
def recheck(post_id: str) -> None:
    post_events.recheck_post(post_id)


@task(queues.NOTIFICATIONS, name="posts.recheck_between")
def recheck_between(one: str, other: str) -> None:
    post_events.recheck_between(one, other)


@task(queues.NOTIFICATIONS, name=mentions.WITHDRAW_MENTIONS.name)
def unmention(post_id: str, comment_id: str, *names: str) -> None:
    mentions.withdraw_mentions(post_id, comment_id, list(names))


@task(queues.NOTIFICATIONS, name=mentions.DELIVER_MENTIONS.name)
def mention(post_id: str, comment_id: str, event_id: str, *names: str) -> None:
    mentions.deliver_mentions(post_id, comment_id, event_id, list(names))
