"""Background work on friendships."""

from apps.core.tasks import task
from apps.friends import effects
from apps.notifications.events import NotificationEvent
from smartcooking.contract import queues


@task(queues.NOTIFICATIONS, name=effects.DELIVER_REQUEST.name)
def tell_request(*event: str) -> None:
    effects.deliver_request(NotificationEvent.of(*event))


@task(queues.NOTIFICATIONS, name=effects.WITHDRAW_REQUEST.name)
def withdraw_request(*event: str) -> None:
    effects.withdraw_request(NotificationEvent.of(*event))
