"""Background work on feeds."""

from celery import shared_task

from apps.feed import fan_out as feed_fan_out
from smartcooking.contract import queues


@shared_task(name=feed_fan_out.FAN_OUT.name, time_limit=queues.DEFAULT.time_limit)
def fan_out(post_id: str, author_id: str) -> None:
    feed_fan_out.fan_out_post(post_id, author_id)


@shared_task(name=feed_fan_out.WITHDRAW.name, time_limit=queues.DEFAULT.time_limit)
def withdraw(post_id: str, author_id: str) -> None:
    feed_fan_out.withdraw_post(post_id, author_id)


@shared_task(name=feed_fan_out.EXCHANGE_POSTS.name, time_limit=queues.DEFAULT.time_limit)
def welcome(user_id: str, other_id: str) -> None:
    feed_fan_out.exchange_posts(user_id, other_id)
