"""Errors of the cooking app."""

from apps.core.errors import Conflict, NotFound
from apps.core.language import Text


class SessionNotFound(NotFound):
    code = "session_not_found"
    title = Text("Không có lần nấu này", "There is no such cooking session")


class SessionEnded(Conflict):
    code = "session_ended"
    title = Text("Lần nấu này đã kết thúc", "This cooking session has ended")


class SessionExists(Conflict):
    code = "session_exists"
    title = Text("Lần nấu này đã bắt đầu", "This cooking session has already started")
