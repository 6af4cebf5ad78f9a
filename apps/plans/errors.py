"""Errors of the plans app."""

from apps.core.errors import Conflict, DomainError, NotFound
from apps.core.language import Text


class PlanNotFound(NotFound):
    code = "plan_not_found"
    title = Text("Không có thực đơn này", "There is no such plan")


class PlanExists(Conflict):
    code = "plan_exists"
    title = Text("Thực đơn này đã được tạo", "This plan was created already")


class SlotNotFound(NotFound):
    code = "slot_not_found"
    title = Text("Không có bữa này trong thực đơn", "There is no such meal in the plan")


class NothingElseFits(Conflict):
    """No other recipe fits a slot: its limits, time and kitchen leave none."""

    code = "nothing_else_fits"
    title = Text("Không còn món nào khác phù hợp", "Nothing else fits this meal")


class UnsafeForEaters(DomainError):
    """A recipe chosen by hand is not safe for everybody who eats. The error does not say for whom."""

    code = "unsafe_for_eaters"
    title = Text("Món này không an toàn cho người cùng ăn", "This recipe is not safe for everybody who eats")


class WrongLeftovers(DomainError):
    code = "wrong_leftovers"
    title = Text(
        "Chỉ ăn lại được món đã nấu trong ba ngày trước đó",
        "Leftovers can only come from a dish cooked up to 3 days before",
    )


class WrongDay(DomainError):
    code = "wrong_day"
    title = Text("Ngày nằm ngoài thực đơn", "The day is not in the plan")


class ListNotFound(NotFound):
    code = "list_not_found"
    title = Text("Không có danh sách này", "There is no such shopping list")


class ListItemNotFound(NotFound):
    code = "list_item_not_found"
    title = Text("Không có mục này trong danh sách", "There is no such item on the list")


class ListExists(Conflict):
    code = "list_exists"
    title = Text("Danh sách này đã được tạo", "This list was created already")


class ListFull(Conflict):
    code = "list_full"
    title = Text("Danh sách đã có 500 mục", "The list has 500 items already")


class NothingPlanned(Conflict):
    code = "nothing_planned"
    title = Text("Thực đơn chưa có món nào", "Nothing is planned yet")
