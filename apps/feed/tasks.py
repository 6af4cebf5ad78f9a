"""Background work on feeds."""

from celery import shared_task

from apps.feed import fan_out as fanning
from smartcooking.contract import queues


@shared_task(name=fanning.FAN_OUT.name, time_limit=queues.DEFAULT.time_limit)
def fan_out(post_id: str, author_id: str) -> None:
    fanning.fan_out_post(post_id, author_id)


@shared_task(name=fanning.WITHDRAW.name, time_limit=queues.DEFAULT.time_limit)
def withdraw(post_id: str, author_id: str) -> None:
    fanning.withdraw_post(post_id, author_id)


@shared_task(name=fanning.EXCHANGE_POSTS.name, time_limit=queues.DEFAULT.time_limit)
def welcome(user_id: str, other_id: str) -> None:
    fanning.exchange_posts(user_id, other_id)
