"""Background work on notifications."""

from apps.core.tasks import task
from apps.notifications import delivery, email_change_mails, mail, removal, services
from apps.notifications.events import NotificationEvent
from smartcooking.contract import queues


@task(queues.NOTIFICATIONS, name=services.DELIVER.name)
def deliver(*event: str) -> None:
    delivery.deliver(NotificationEvent.of(*event))


@task(queues.NOTIFICATIONS, name=delivery.MAIL.name)
def send_mail(*event: str) -> None:
    mail.send_mail(NotificationEvent.of(*event))


@task(queues.NOTIFICATIONS, name="notifications.mail_email_code")
def mail_email_code(user_id: str, change_id: str) -> None:
    email_change_mails.send_code(user_id, change_id)


@task(queues.NOTIFICATIONS, name="notifications.mail_replaced_email")
def mail_replaced_email(user_id: str, change_id: str) -> None:
    email_change_mails.tell_replaced_address(user_id, change_id)


@task(queues.NOTIFICATIONS, name=services.REMOVE.name)
def remove(subject_id: str, *target_ids: str) -> None:
    removal.remove_about(subject_id, target_ids)


@task(queues.NOTIFICATIONS, name=services.PART.name)
def part(user_id: str, other_id: str) -> None:
    removal.remove_notifications_about(user_id, other_id)
