"""People: suspensions, abuse points, sessions, and what moderators may see of a profile."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.backoffice import describing, forms, signin
from apps.backoffice.models import Person
from apps.backoffice.screens.read_only import ReadOnlyAdmin, actor_of, label
from apps.backoffice.wording import say
from apps.core.errors import PreconditionFailed
from apps.core.preconditions import Check
from apps.dynamo_admin.acts import Act
from apps.dynamo_admin.changelists import FacetFilter
from apps.moderation import members
from apps.moderation.acts import Act as Name


class SuspendedFilter(FacetFilter):
    title = say("danh sách", "list")
    parameter_name = "suspended"
    field = "suspended"
    choices_ = ((True, say("Đang bị khóa", "Suspended")),)


def _suspend(request: HttpRequest, person: Person, **answers: Any) -> None:
    members.suspend(person.pk, actor=signin.require_current_groups(request), check=_same(person), **answers)


def _lift(request: HttpRequest, person: Person, reason: str = "") -> None:
    members.lift(person.pk, actor=signin.require_current_groups(request), reason=reason, check=_same(person))


def _same(person: Person) -> Check:
    """Check that the suspension hasn't changed since the confirmation page, so that nobody replaces one unseen."""

    def check(version: int) -> None:
        if version != person.version:
            raise PreconditionFailed

    return check


def _end_sessions(request: HttpRequest, person: Person, reason: str = "") -> None:
    members.end_sessions(person.pk, actor=signin.require_current_groups(request), reason=reason)


def _look(request: HttpRequest, person: Person, reason: str) -> None:
    members.record_look(person.pk, actor=actor_of(request), reason=reason)
    request.session["looks"] = {person.pk: True}


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    list_display = ("username", "suspended", "suspended_until", "points", "created_at")
    list_filter = (SuspendedFilter,)
    search_fields = ("username",)
    search_help_text = say("Đầu tên người dùng, hoặc mã", "The start of a username, or an id")
    change_form_template = "backoffice/person.html"
    fields = (
        "username",
        "language",
        ("created_at", "hidden"),
        ("suspended", "suspended_until"),
        "suspension_reason",
        "points",
    )
    acts = (
        Act("suspend", label(Name.SUSPEND), _suspend, forms.Suspension, is_dangerous=True, bulk=True,
            trial={"until": datetime.max.replace(tzinfo=UTC), "reason": "?"}),
        Act("lift", label(Name.LIFT), _lift, forms.OptionalReason, bulk=True, is_offered=lambda one: one.suspended),
        Act("look", label(Name.LOOK), _look, forms.Note, permission="view",
            help=say("Mỗi lần xem đều được ghi vào nhật ký.", "Each look is written into the audit log.")),
        Act("end-sessions", label(Name.END_SESSIONS), _end_sessions, forms.OptionalNote, permission="admins_only"),
    )  # fmt: skip

    changing_acts = (Name.SUSPEND, Name.LIFT)

    def has_admins_only_permission(self, request: Any) -> bool:
        return bool(request.user.is_superuser)

    def describe(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        looks = request.session.pop("looks", {})
        return describing.person(obj, reveals=bool(looks.get(obj.pk)), site=self.admin_site)
