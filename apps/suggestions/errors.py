"""Errors of the suggestions app."""

from datetime import timedelta

from apps.core import clock
from apps.core.errors import NotFound, TooManyRequests, ValidationFailed
from apps.core.language import Text


class NotEnoughIngredients(ValidationFailed):
    code = "not_enough_ingredients"
    title = Text("Cần ít nhất hai nguyên liệu dùng được", "At least two usable ingredients are needed")


class SuggestionNotFound(NotFound):
    code = "suggestion_not_found"
    title = Text("Không có gợi ý này", "There is no such suggestion")


class QuotaExceeded(TooManyRequests):
    """Said until the next day (UTC)."""

    code = "quota_exceeded"
    title = Text("Đã hết lượt tạo công thức hôm nay", "The day's quota of generated recipes is used up")

    def __init__(self) -> None:
        now = clock.now()
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        super().__init__(retry_after=int((midnight - now).total_seconds()) + 1)
