"""Background work on feeds."""

from celery import shared_task

from apps.feed import fanning
from smartcooking.contract import queues


@shared_task(name=fanning.FAN_OUT.name, time_limit=queues.DEFAULT.time_limit)
def fan_out(post_id: str, author_id: str) -> None:
    fanning.fan_out(post_id, author_id)


@shared_task(name=fanning.WITHDRAW.name, time_limit=queues.DEFAULT.time_limit)
def withdraw(post_id: str, author_id: str) -> None:
    fanning.withdraw(post_id, author_id)


@shared_task(name=fanning.WELCOME.name, time_limit=queues.DEFAULT.time_limit)
def welcome(user_id: str, other_id: str) -> None:
    fanning.welcome(user_id, other_id)
