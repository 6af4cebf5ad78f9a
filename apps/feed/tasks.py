"""Background work on feeds."""

from apps.core.tasks import task
from apps.feed import fan_out as feed_fan_out
from smartcooking.contract import queues


@task(queues.DEFAULT, name="feed.fan_out")
def fan_out(post_id: str, author_id: str) -> None:
    feed_fan_out.fan_out_post(post_id, author_id)


@task(queues.DEFAULT, name="feed.withdraw")
def withdraw(post_id: str, author_id: str) -> None:
    feed_fan_out.withdraw_post(post_id, author_id)


@task(queues.DEFAULT, name="feed.welcome")
def welcome(user_id: str, other_id: str) -> None:
    feed_fan_out.exchange_posts(user_id, other_id)
