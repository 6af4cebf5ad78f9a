"""Errors of the ingredients app."""

from apps.core.errors import Conflict, NotFound
from apps.core.language import Text


class IngredientNotFound(NotFound):
    code = "ingredient_not_found"
    title = Text("Không có nguyên liệu này", "There is no such ingredient")


class AlreadyReported(Conflict):
    code = "already_reported"
    title = Text("Bạn đã báo tên này", "You have reported this name already")
