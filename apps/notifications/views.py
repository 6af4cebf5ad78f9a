"""HTTP resources of notifications."""

from functools import partial

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api, http
from apps.core.api import Endpoint
from apps.core.schema import IF_MATCH, list_of
from apps.notifications import serializers, services
from apps.notifications.services import DeliverySettings

NotificationList = list_of(serializers.NotificationOut)


class Notifications(Endpoint):
    @extend_schema(parameters=[serializers.NotificationQuery], responses=NotificationList)
    def get(self, request: Request) -> Response:
        """List your notifications of the last 30 days, newest first."""
        page, query = api.read_page(request, "notifications", serializers.NotificationQuery)
        read = partial(services.list_notifications, actor=self.actor, unread=query["unread"])
        return api.page_of(page, read, serializers.render)


class NotificationDetail(Endpoint):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, notification_id: str) -> Response:
        """Delete a notification. Its event doesn't create it again."""
        services.delete(notification_id, actor=self.actor)
        return Response(status=204)


class NotificationReading(Endpoint):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, notification_id: str) -> Response:
        """Mark a notification as read. Further reactions start a new one."""
        services.mark_read(notification_id, actor=self.actor)
        return Response(status=204)


class ReadingOfAll(Endpoint):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Mark all notifications as read."""
        services.mark_all_read(actor=self.actor)
        return Response(status=204)


class UnreadCount(Endpoint):
    @extend_schema(responses=serializers.UnreadCountOut)
    def get(self, request: Request) -> Response:
        """Count the unread notifications."""
        return Response({"count": services.unread_count(actor=self.actor)})


class NotificationSettings(Endpoint):
    @extend_schema(responses=serializers.NotificationSettingsOut)
    def get(self, request: Request) -> Response:
        """Read which notifications and mails you get."""
        return _respond(services.get_settings(actor=self.actor))

    @extend_schema(
        request=serializers.NotificationSettingsIn,
        responses=serializers.NotificationSettingsOut,
        parameters=[IF_MATCH],
    )
    def patch(self, request: Request) -> Response:
        """Change which notifications and mails you get. Settings that are left out stay."""
        changes = api.read_body(request, serializers.NotificationSettingsIn, partial=True)
        check = http.version_check(request)
        return _respond(services.change_settings(actor=self.actor, changes=changes, check=check))


def _respond(settings: DeliverySettings) -> Response:
    return Response(serializers.render_settings(settings), headers={"ETag": serializers.etag(settings.row)})
