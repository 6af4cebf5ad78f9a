"""Background work on notifications."""

from apps.core.tasks import task
from apps.notifications import delivery, mail, services
from apps.notifications.events import NotificationEvent
from smartcooking.contract import queues


@task(queues.NOTIFICATIONS, name=services.DELIVER.name)
def deliver(*event: str) -> None:
    delivery.deliver(NotificationEvent.of(*event))


@task(queues.NOTIFICATIONS, name=delivery.MAIL.name)
def send_mail(*event: str) -> None:
    mail.send_mail(NotificationEvent.of(*event))


@task(queues.NOTIFICATIONS, name=services.PART.name)
def part(user_id: str, other_id: str) -> None:
    delivery.remove_notifications_about(user_id, other_id)
