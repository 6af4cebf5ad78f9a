"""Errors of the rights app."""

from apps.core.errors import NotFound
from apps.core.language import Text


class ArchiveNotFound(NotFound):
    code = "archive_not_found"
    title = Text("Không còn bản sao dữ liệu này", "There is no such archive, or it is older than a day")
