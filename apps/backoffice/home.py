"""The home page: the queues, and charts of the last two weeks."""

from datetime import timedelta
from typing import Any

from django.urls import reverse

from apps.backoffice.wording import say
from apps.core import clock
from apps.core.authentication import Actor
from apps.insights import rollups
from apps.insights.rollups import DaySummary
from apps.moderation import queues
from apps.suggestions import services as suggestions
from apps.suggestions.generation import configuration

DAYS = 14
_QUEUES = {
    "recipes": (say("Công thức chờ duyệt", "Pending recipes"), "backoffice_recipe_changelist"),
    "reports": (say("Nội dung bị báo cáo", "Reported content"), "backoffice_case_changelist"),
    "names": (say("Tên nguyên liệu chưa biết", "Unknown ingredient names"), "backoffice_unknownname_changelist"),
    "appeals": (say("Khiếu nại", "Appeals"), "backoffice_appeal_changelist"),
    "suspended": (say("Đang bị tạm khóa", "Suspended people"), "backoffice_person_changelist"),
    "failed_jobs": (say("Công việc bị lỗi", "Failed jobs"), "backoffice_failedjob_changelist"),
    "jobs": (say("Tác vụ nền lỗi", "Dead letters"), "dead_letters"),
}


def figures(*, actor: Actor) -> dict[str, Any]:
    """Return queues and charts: half a read unit for about 50 entries of a queue, up to a thousand, and 3 more."""
    found = {queue.name: queue for queue in (*queues.summarize(actor=actor), queues.count_failed_jobs(actor=actor))}
    return {"queues": [_queue(found[name]) for name in _QUEUES], **ai_figures(), "charts": _charts()}


def _queue(queue: queues.Queue) -> dict[str, Any]:
    title, page = _QUEUES[queue.name]
    age = clock.now() - queue.oldest if queue.oldest and queue.name != "suspended" else None
    return {
        "name": queue.name,
        "title": title,
        "count": f"{queue.count}+" if queue.count >= queues.MOST_COUNTED else queue.count,
        "age": _in_words(age) if age is not None else "",
        "url": reverse(f"admin:{page}"),
    }


def _in_words(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    if hours < 1:
        return str(say("dưới 1 giờ", "less than an hour"))
    if hours < 48:  # noqa: PLR2004  two days
        return f"{hours} {say('giờ', 'h')}"
    return f"{hours // 24} {say('ngày', 'days')}"


def ai_figures() -> dict[str, Any]:
    """Return the cost of generation this month, with the budget."""
    today = clock.now().date()
    spent = suggestions.committed_usd(today)
    budget = configuration.current().monthly_budget_usd
    percent = round(100 * spent / budget) if budget else 100
    return {"spent_usd": round(spent, 2), "budget_usd": budget, "budget_percent": min(percent, 100)}


def _charts() -> list[dict[str, Any]]:
    """Chart the daily statistics: 1 read unit."""
    today = clock.now().date()
    days = rollups.load(today - timedelta(days=DAYS - 1), today)
    return [
        _chart(days, "suggestions", say("Công thức được gợi ý", "Suggested recipes"), stacked=True, series=[
            (say("từ danh mục", "from the catalogue"), "from_catalogue"), (say("do AI", "by AI"), "from_ai"),
            (say("theo mẫu", "by rules"), "from_rules"), (say("lặp lại", "answered again"), "answered_again"),
        ]),
        _chart(days, "share", say("Tỷ lệ từ danh mục (%)", "Share of the catalogue (%)"), series=[
            (say("phần trăm", "percent"), "catalogue_percent"),
        ]),
        _chart(days, "cost", say("Chi phí AI (USD)", "AI cost (USD)"), series=[(say("chi phí", "cost"), "cost_usd")]),
        _chart(days, "calls", say("Lượt gọi AI", "AI calls"), series=[
            (say("tất cả", "all"), "calls"), (say("không dùng được", "of no use"), "failed"),
        ]),
        _chart(days, "tokens", say("Token AI", "AI tokens"), stacked=True, series=[
            (say("đầu vào", "input"), "input_tokens"), (say("đầu ra", "output"), "output_tokens"),
        ]),
        _chart(days, "active", say("Người dùng trong ngày", "People active in a day"), series=[
            (say("người", "people"), "active"),
        ]),
        _chart(days, "people", say("Đăng ký và báo cáo", "Sign-ups and reports"), series=[
            (say("đăng ký", "sign-ups"), "sign_ups"), (say("báo cáo", "reports"), "reports"),
        ]),
        _chart(days, "approvals", say("Công thức được duyệt", "Approved recipes"), series=[
            (say("được duyệt", "approved"), "approvals"),
        ]),
        _chart(days, "queues", say("Hàng chờ kiểm duyệt", "Queues of moderators"), series=[
            (say("đang chờ", "waiting"), "waiting"), (say("lâu nhất (giờ)", "oldest (hours)"), "oldest_hours"),
        ]),
    ]  # fmt: skip


def _chart(
    days: list[DaySummary], id_: str, title: Any, *, series: list[tuple[Any, str]], stacked: bool = False
) -> dict[str, Any]:
    return {
        "id": id_, "title": str(title), "labels": [f"{one.day:%d/%m}" for one in days], "stacked": stacked,
        "series": [[str(label), [getattr(one, name) for one in days]] for label, name in series],
    }  # fmt: skip
