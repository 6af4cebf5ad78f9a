"""What the home page shows: the queues, and the figures of the last two weeks."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from apps.backoffice.wording import say
from apps.core import clock, tallies
from apps.core.authentication import Actor
from apps.insights import costs
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
    "jobs": (say("Thư lỗi", "Dead letters"), "dead_letters"),
}


def figures(*, actor: Actor) -> dict[str, Any]:
    """Return queues and charts: about 10 read units for the queues and 10 for each day."""
    return {"queues": [_queue(one) for one in queues.summarize(actor=actor)], **ai_figures(), "charts": _charts()}


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
    """Return what generation has cost this month, beside the budget."""
    today = clock.now().date()
    spent = suggestions.committed_usd(today)
    budget = configuration.current().monthly_budget_usd
    percent = round(100 * spent / budget) if budget else 100
    return {"spent_usd": round(spent, 2), "budget_usd": budget, "budget_percent": min(percent, 100)}


def _charts() -> list[dict[str, Any]]:
    days = _last_days()
    found = costs.load_daily_costs(days[0], days[-1])
    counted = tallies.read((tallies.SIGN_UPS, tallies.REPORTS), days)
    labels = [f"{day:%d/%m}" for day in days]
    return [
        {
            "id": "suggestions", "title": str(say("Công thức được gợi ý", "Suggested recipes")), "labels": labels,
            "stacked": True,
            "series": [
                [str(say("từ danh mục", "from the catalogue")), [one.from_catalogue for one in found]],
                [str(say("do AI", "by AI")), [one.from_ai for one in found]],
                [str(say("theo mẫu", "by rules")), [one.from_rules for one in found]],
            ],
        },
        {
            "id": "cost", "title": str(say("Chi phí AI (USD)", "AI cost (USD)")), "labels": labels, "stacked": False,
            "series": [[str(say("chi phí", "cost")), [one.cost_usd for one in found]]],
        },
        {
            "id": "people", "title": str(say("Đăng ký và báo cáo", "Sign-ups and reports")), "labels": labels,
            "stacked": False,
            "series": [
                [str(say("đăng ký", "sign-ups")), counted[tallies.SIGN_UPS]],
                [str(say("báo cáo", "reports")), counted[tallies.REPORTS]],
            ],
        },
    ]  # fmt: skip


def _last_days() -> list[date]:
    today = clock.now().date()
    return [today - timedelta(days=DAYS - 1 - number) for number in range(DAYS)]
