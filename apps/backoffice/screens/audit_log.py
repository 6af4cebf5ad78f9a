"""The audit log, filtered by action, actor, object and time. It is read-only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html

from apps.backoffice import describing, forms, signin
from apps.backoffice.models import AuditRecord
from apps.backoffice.screens.read_only import ReadOnlyAdmin, label
from apps.backoffice.wording import say
from apps.core import audit
from apps.dynamo_admin import history
from apps.dynamo_admin.acts import Act
from apps.moderation import acts as moderation_acts
from apps.moderation import sign_ins, undoing
from apps.moderation.acts import Act as Name
from apps.moderation.content import Target
from apps.users import services as users


class ActFilter(admin.SimpleListFilter):
    template = "backoffice/filter.html"
    title = say("việc", "act")
    parameter_name = "act"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(act.value, label(act)) for act in Name]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(act=self.value()) if self.value() else queryset


def _user_id(name: str) -> str:
    """Return a person's id by their username. Commands and the service itself have fixed names."""
    known = {who.name: who.id for who in (audit.SYSTEM, audit.OPERATOR)}
    return known.get(name) or users.find_user_id(name) or name


def _undo(request: HttpRequest, record: AuditRecord, reason: str) -> None:
    undoing.undo(record.record, actor=signin.require_current_groups(request), reason=reason)


@admin.register(AuditRecord)
class AuditAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor_name", "act_name", "object", "because")
    list_filter = (ActFilter, "at")
    search_fields = ("actor_name",)
    search_help_text = say(
        "Tên người làm, hoặc đối tượng dạng loại:mã, ví dụ recipe:01…, user:lan; "
        "signin:lan tìm mọi lần đăng nhập bằng tên này, kể cả bị từ chối",
        "Who did it, or what it was about as kind:id, for example recipe:01…, user:lan; "
        "signin:lan finds the sign-ins under this name, also those that were refused",
    )
    change_form_template = "backoffice/audit.html"
    fields = ("at", "actor_name", "act_name", "target_type", "target_id", "title", "because")
    acts = (
        Act("undo", say("Hoàn tác", "Undo"), _undo, forms.Reason,
            is_offered=lambda one: undoing.can_be_undone(one.record), trial={"reason": "?"}),
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "act_name", "because")

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup in {"actor_id", "target_type", "target_id"} or super().lookup_allowed(lookup, value, request)

    @admin.display(description=say("việc", "act"))
    def act_name(self, record: AuditRecord) -> str:
        return moderation_acts.word(record.act)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Read the log of one actor or of one object, for which there are indexes."""
        words = search_term.strip()
        kind, _, target = words.partition(":")
        if target:
            called = {Target.USER: _user_id, sign_ins.TARGET: sign_ins.subject}.get(kind, str)
            return queryset.filter(target_type=kind, target_id=called(target)), False
        return queryset.filter(actor_id=_user_id(words)) if words else queryset, False

    @admin.display(description=say("lý do", "reason"))
    def because(self, record: AuditRecord) -> str:
        """Return the reason; for refused sign-ins, also how many the entry stands for."""
        why = describing.why(record.record)
        counted = record.refusals
        return f"{why} (×{counted.attempts})" if counted and counted.attempts > 1 else why or "–"

    @admin.display(description=say("đối tượng", "object"))
    def object(self, record: AuditRecord) -> Any:
        action = history.Action(record.record, self.admin_site)
        url = action.get_admin_url()
        return format_html('<a href="{}">{}</a>', url, action.object_repr) if url else action.object_repr

    def describe(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        return describing.audit(obj.record, site=self.admin_site, refusals=obj.refusals)
