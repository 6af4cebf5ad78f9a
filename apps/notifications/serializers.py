"""The wire format of notifications."""

from typing import Any, ClassVar

from rest_framework import serializers

from apps.core import clock, fields, http
from apps.core.language import EN, VI
from apps.media import services as media
from apps.media.serializers import PictureOut
from apps.notifications.events import NotificationKind, NotificationTarget
from apps.notifications.models import Mail, SettingsRow
from apps.notifications.services import DeliverySettings, NotificationView
from apps.users.people import Person

KINDS = [kind.value for kind in NotificationKind]
TARGETS = [target.value for target in NotificationTarget]
LANGUAGES = [VI, EN]


def _switches(name: str, names: list[str], base: type[Any], field: Any) -> type[Any]:
    """Create a serializer with a boolean field for each name."""
    return type(name, (base,), {one: field() for one in names})


class _OptionalFlag(fields.Flag):
    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)


InAppIn = _switches("InAppIn", KINDS, fields.Strict, _OptionalFlag)
EmailIn = _switches("EmailIn", [mail.value for mail in Mail], fields.Strict, _OptionalFlag)
InAppOut = _switches("InAppOut", KINDS, serializers.Serializer, serializers.BooleanField)
EmailOut = _switches("EmailOut", [mail.value for mail in Mail], serializers.Serializer, serializers.BooleanField)


class NotificationQuery(fields.PageQuery):
    unread = fields.Flag(default=False, help_text="Only unread notifications.")


class NotificationSettingsIn(fields.Strict):
    """Settings to change; omitted ones stay. A null language resets it to that of the registration."""

    language = fields.Choice(LANGUAGES, allow_null=True)
    in_app = InAppIn()
    email = EmailIn()


class NotificationActorOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField()
    avatar = PictureOut(allow_null=True)


class NotificationTargetOut(serializers.Serializer[Any]):
    """What a notification is about. For `account`, `id` says what happened. `post_id` is set for posts and comments."""

    type = serializers.ChoiceField(TARGETS)
    id = serializers.CharField()
    post_id = fields.Id(allow_null=True)


class NotificationOut(serializers.Serializer[Any]):
    """A notification. `actor` is the latest of `count` people; null if it has none, or their account is deleted."""

    id = fields.Id()
    kind = serializers.ChoiceField(KINDS)
    actor = NotificationActorOut(allow_null=True)
    count = serializers.IntegerField(min_value=1)
    target = NotificationTargetOut()
    text = serializers.CharField()
    read = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class UnreadCountOut(serializers.Serializer[Any]):
    count = serializers.IntegerField(min_value=0)


class NotificationSettingsOut(serializers.Serializer[Any]):
    """Notification settings. `language` is the language of mails."""

    SENDS_ETAG: ClassVar[bool] = True

    language = serializers.ChoiceField(LANGUAGES)
    in_app = InAppOut()
    email = EmailOut()


def render(shown: NotificationView) -> dict[str, Any]:
    row, actor = shown.row, shown.actor
    return {
        "id": shown.id,
        "kind": row.about,
        "actor": _actor(actor) if actor else None,
        "count": shown.count,
        "target": {"type": row.target_type, "id": row.target_id, "post_id": row.post_id},
        "text": str(shown.text),
        "read": shown.read,
        "created_at": clock.iso(row.created_at),
    }


def _actor(user: Person) -> dict[str, Any]:
    return {"id": user.user_id, "username": user.username, "avatar": media.links(user.avatar, public=True)}


def render_settings(settings: DeliverySettings) -> dict[str, Any]:
    row = settings.row
    return {
        "language": settings.language,
        "in_app": {kind: bool(row.in_app.get(kind, True)) for kind in KINDS},
        "email": {mail.value: bool(row.email.get(mail.value, True)) for mail in Mail},
    }


def etag(row: SettingsRow) -> str:
    return http.etag(int(row.version or 0))
