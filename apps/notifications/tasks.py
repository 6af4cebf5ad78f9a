"""Background work on notifications."""

from celery import shared_task

from apps.notifications import delivery, mail, services
from apps.notifications.models import Event
from smartcooking.contract import queues

_LIMIT = queues.NOTIFICATIONS.time_limit


@shared_task(name=services.DELIVER.name, time_limit=_LIMIT)
def deliver(*event: str) -> None:
    delivery.deliver(Event.of(*event))


@shared_task(name=delivery.MAIL.name, time_limit=_LIMIT)
def send_mail(*event: str) -> None:
    mail.send(Event.of(*event))


@shared_task(name=services.PART.name, time_limit=_LIMIT)
def part(user_id: str, other_id: str) -> None:
    delivery.part(user_id, other_id)
