"""The base class of all screens: objects are displayed, and changed only through actions."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from apps.backoffice.wording import say
from apps.core.authentication import Actor
from apps.dynamo_admin.changelists import FacetFilter
from apps.dynamo_admin.options import DynamoModelAdmin
from apps.moderation.acts import WORDS
from apps.moderation.acts import Act as Name


def actor_of(request: Any) -> Actor:
    actor: Actor = request.user.actor
    return actor


def label(act: Name) -> Any:
    said = WORDS[act]
    return say(said.vi, said.en)


class ReadOnlyAdmin(DynamoModelAdmin):
    """Read-only lists and pages. Objects change only through actions."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [field.name for field in self.opts.fields if field.name not in {"id", "version"}]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields or self.get_readonly_fields(request, obj)


def person_link(user_id: str | None, name: str | None) -> Any:
    if not user_id:
        return "–"
    return format_html(
        '<a href="{}">{}</a>', reverse("admin:backoffice_person_change", args=[user_id]), name or user_id
    )


class WaitsFilter(FacetFilter):
    title = say("danh sách", "list")
    parameter_name = "waits"
    field = "waits"
    choices_ = ((True, say("Đang chờ", "Waiting")),)
