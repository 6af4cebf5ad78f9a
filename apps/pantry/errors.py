"""Errors of the pantry app."""

from apps.core.errors import Conflict, NotFound
from apps.core.language import Text


class PantryItemNotFound(NotFound):
    code = "pantry_item_not_found"
    title = Text("Nguyên liệu này không có trong bếp", "This ingredient is not in the pantry")


class LotNotFound(NotFound):
    code = "lot_not_found"
    title = Text("Không có phần này trong bếp", "There is no such lot in the pantry")


class TooManyLots(Conflict):
    code = "too_many_lots"
    title = Text("Nguyên liệu này đã có quá nhiều phần", "There are too many lots of this ingredient")


class AlreadyUsed(Conflict):
    """The ingredients of this cooking session were already subtracted from the pantry."""

    code = "already_used"
    title = Text("Phần dùng cho lần nấu này đã được trừ", "What this session took has been taken already")
