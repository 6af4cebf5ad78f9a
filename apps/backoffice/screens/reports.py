"""Reports, and appeals against decisions."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.backoffice import describing, forms
from apps.backoffice.models import Appeal, Case
from apps.backoffice.screens.read_only import ReadOnlyAdmin, WaitsFilter, actor_of, label, person_link
from apps.backoffice.wording import STATUSES, say
from apps.dynamo_admin.acts import Act
from apps.dynamo_admin.changelists import FacetFilter
from apps.moderation import appeals, cases
from apps.moderation.acts import Act as Name
from apps.moderation.content import Target

# Tries an action before its button is shown: the target may be gone, or the decision the moderator's own.
_TRIAL = {"reason": "?"}


class StatusFilter(FacetFilter):
    title = say("trạng thái", "status")
    parameter_name = "status"
    field = "status"
    choices_ = (("hidden", STATUSES["hidden"]), ("confirmed", STATUSES["confirmed"]))


def _case(decide: Any) -> Any:
    def run(request: HttpRequest, case: Case, reason: str = "") -> None:
        decide(Target(case.target_type), case.target_id, actor=actor_of(request), reason=reason)

    return run


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "owner_name", "reporters", "status", "since")
    list_filter = (StatusFilter, "target_type")
    search_fields = ("target_id",)
    search_help_text = say("loại:mã, ví dụ post:01…", "kind:id, for example post:01…")
    change_form_template = "backoffice/case.html"
    fields = (("target_type", "status"), "target_id", "author", ("reporters", "since"))
    acts = (
        Act("confirm", label(Name.CONFIRM), _case(cases.confirm), forms.Reason, bulk=True, is_dangerous=True,
            is_offered=lambda one: one.status == "hidden", trial=_TRIAL,
            help=say("Nội dung tiếp tục bị ẩn, tác giả nhận điểm vi phạm.",
                     "It stays hidden and its author gets points.")),
        Act("dismiss", label(Name.DISMISS), _case(cases.dismiss), forms.OptionalReason, bulk=True,
            is_offered=lambda one: one.status == "hidden", trial=_TRIAL,
            help=say("Nội dung hiện lại; người hay báo cáo sai sẽ mất tiếng nói.",
                     "It is shown again; people who are often wrong count less.")),
        Act("restore", label(Name.RESTORE), _case(cases.restore), forms.OptionalReason, bulk=True,
            is_offered=lambda one: one.status != "open", trial=_TRIAL),
        Act("hide", label(Name.HIDE), _case(cases.hide), forms.Reason, is_dangerous=True,
            is_offered=lambda one: one.status == "open", trial=_TRIAL),
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*super().get_readonly_fields(request, obj), "author")

    @admin.display(description=say("tác giả", "author"))
    def author(self, case: Case) -> Any:
        return person_link(case.owner_id, case.owner_name)

    def describe(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        return describing.case(obj, site=self.admin_site)


def _appeal(decide: Any) -> Any:
    def run(request: HttpRequest, appeal: Appeal, reason: str) -> None:
        decide(appeal.pk, actor=actor_of(request), reason=reason)

    return run


@admin.register(Appeal)
class AppealAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "status", "created_at")
    list_filter = (WaitsFilter,)
    change_form_template = "backoffice/appeal.html"
    fields = ("target_type", "target_id", "text", ("status", "created_at"))
    acts = (
        Act("uphold", label(Name.UPHOLD), _appeal(appeals.uphold), forms.Reason, is_offered=lambda one: one.waits,
            trial=_TRIAL),
        Act("overturn", label(Name.OVERTURN), _appeal(appeals.overturn), forms.Reason,
            is_offered=lambda one: one.waits, trial=_TRIAL),
    )  # fmt: skip

    def describe(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        is_own = obj.waits and obj.record.decided_by == request.user.pk
        return {**describing.appeal(obj.record, site=self.admin_site), "is_own_decision": is_own}
