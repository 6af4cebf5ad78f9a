"""Background work on notifications."""

from celery import shared_task

from apps.notifications import delivery, mail, services
from apps.notifications.events import NotificationEvent
from smartcooking.contract import queues

_LIMIT = queues.NOTIFICATIONS.time_limit


@shared_task(name=services.DELIVER.name, time_limit=_LIMIT)
def deliver(*event: str) -> None:
    delivery.deliver(NotificationEvent.of(*event))


@shared_task(name=delivery.MAIL.name, time_limit=_LIMIT)
def send_mail(*event: str) -> None:
    mail.send_mail(NotificationEvent.of(*event))


@shared_task(name=services.PART.name, time_limit=_LIMIT)
def part(user_id: str, other_id: str) -> None:
    delivery.remove_notifications_about(user_id, other_id)
