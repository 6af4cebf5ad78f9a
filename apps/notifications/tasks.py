"""Background work on notifications."""

from celery import shared_task

from apps.notifications import delivery, mail, services
from apps.notifications.models import Event
from smartcooking import queues

_LIMIT = queues.NOTIFICATIONS.time_limit


@shared_task(name=services.DELIVER.name, time_limit=_LIMIT)
def deliver(kind: str, to: str, actor_id: str, target_type: str, target_id: str, event_id: str) -> None:
    delivery.deliver(Event.of(kind, to, actor_id, target_type, target_id, event_id))


@shared_task(name=delivery.MAIL.name, time_limit=_LIMIT)
def send_mail(kind: str, to: str, actor_id: str, target_type: str, target_id: str, event_id: str) -> None:
    mail.send(Event.of(kind, to, actor_id, target_type, target_id, event_id))


@shared_task(name=services.PART.name, time_limit=_LIMIT)
def part(user_id: str, other_id: str) -> None:
    delivery.part(user_id, other_id)
