"""Errors of the moderation app."""

from typing import Any

from apps.core import clock
from apps.core.audit import AuditEntry
from apps.core.errors import Conflict, Forbidden, NotFound, ValidationFailed
from apps.core.language import Text
from apps.ingredients.entry import Ingredient


class ReportExists(Conflict):
    code = "report_exists"
    title = Text("Bạn đã báo cáo nội dung này", "You have reported this already")


class ReportNotFound(NotFound):
    code = "report_not_found"
    title = Text("Bạn chưa báo cáo nội dung này", "You have not reported this")


class OwnContent(Conflict):
    code = "own_content"
    title = Text("Không thể báo cáo nội dung của chính mình", "You cannot report your own content")


class NotModerator(Forbidden):
    code = "not_moderator"
    title = Text("Chỉ dành cho người kiểm duyệt", "Only moderators may do this")


class NotAdmin(Forbidden):
    code = "not_admin"
    title = Text("Chỉ dành cho quản trị viên", "Only admins may do this")


class SecondFactorNeeded(Forbidden):
    code = "second_factor_needed"
    title = Text("Cần đăng nhập bằng xác thực hai bước", "Sign in with a one-time code to do this")


class DecidedAlready(Conflict):
    """Another moderator decided first. The problem says who, and how."""

    code = "decided_already"
    title = Text("Việc này đã được quyết định", "This has been decided already")

    def __init__(self, entry: AuditEntry | None = None) -> None:
        super().__init__()
        self.entry = entry
        if entry is not None:
            at = clock.iso(entry.at)
            self.detail = Text(
                f"{entry.actor_name} · {entry.act} · {at}. {entry.reason or ''}".strip(),
                f"{entry.actor_name} · {entry.act} · {at}. {entry.reason or ''}".strip(),
            )
            self.extensions = {"decided_by": entry.actor_name, "decided_as": entry.act, "decided_at": at}


class ReasonNeeded(ValidationFailed):
    code = "reason_needed"
    title = Text("Cần nêu lý do", "A reason is required")


class UnknownAct(NotFound):
    code = "unknown_act"
    title = Text("Không có thao tác này", "There is no such action")


class ProtectedPerson(Forbidden):
    code = "protected_person"
    title = Text("Không thể áp dụng với chính mình hoặc quản trị viên", "You cannot do this to yourself or to an admin")


class MeaningNotConfirmed(Conflict):
    """The line's name doesn't have the chosen meaning. The problem describes the effect on the recipe."""

    code = "meaning_not_confirmed"
    title = Text(
        "Tên này không phải của nguyên liệu đó. Xem tác động rồi xác nhận",
        "This is not a name of that ingredient. Look at the effect, then confirm",
    )

    def __init__(self, name: str, ingredient: Ingredient, effect: dict[str, Any]) -> None:
        super().__init__()
        self.detail = Text(f"{name} → {ingredient.vi}", f"{name} → {ingredient.en}")
        self.extensions = {"effect": effect}


class NameNotFound(NotFound):
    code = "name_not_found"
    title = Text("Không có tên này trong danh sách", "There is no such name")


class NameTaken(Conflict):
    code = "name_taken"
    title = Text("Tên này đã thuộc một nguyên liệu", "An ingredient has this name already")


class CannotBeUndone(Conflict):
    code = "cannot_be_undone"
    title = Text("Không thể hoàn tác việc này", "This cannot be undone")


class NothingToAppeal(NotFound):
    code = "nothing_to_appeal"
    title = Text("Không có quyết định nào để khiếu nại", "There is no decision to appeal against")


class AppealExists(Conflict):
    code = "appeal_exists"
    title = Text("Bạn đã khiếu nại quyết định này", "You have appealed against this decision already")


class AppealNotFound(NotFound):
    code = "appeal_not_found"
    title = Text("Không có khiếu nại này", "There is no such appeal")


class SameModerator(Forbidden):
    code = "same_moderator"
    title = Text("Người kiểm duyệt khác phải xem xét khiếu nại", "Another moderator has to decide on the appeal")


class DeadLetterNotFound(NotFound):
    code = "dead_letter_not_found"
    title = Text("Không có thư lỗi này", "There is no such dead letter")
