"""What the moderation app refuses."""

from apps.core.errors import Conflict
from apps.core.language import Text


class ReportExists(Conflict):
    code = "report_exists"
    title = Text("Bạn đã báo cáo nội dung này", "You have reported this already")


class OwnContent(Conflict):
    code = "own_content"
    title = Text("Không thể báo cáo nội dung của chính mình", "One cannot report what is one's own")
