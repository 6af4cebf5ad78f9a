"""Errors of the notifications app."""

from apps.core.errors import Conflict, NotFound
from apps.core.language import Text


class NotificationNotFound(NotFound):
    code = "notification_not_found"
    title = Text("Không có thông báo này", "There is no such notification")


class AlreadyDelivered(Conflict):
    """The event was already delivered; a redelivered message has nothing to do."""

    code = "already_delivered"
    title = Text("Thông báo này đã được gửi", "This notification was delivered already")
