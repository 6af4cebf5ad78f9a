"""Daily roll-ups: a day's totals in one row, written by a scheduled command and read by the admin's charts."""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from apps.core import clock, keys, tallies
from apps.insights import costs
from apps.insights.models import DayFigures
from apps.moderation import queues

_KEPT = timedelta(days=800)
_COUNTED = (
    "suggestions", "from_catalogue", "from_ai", "from_rules", "answered_again", "calls", "failed", "input_tokens",
    "output_tokens",
)  # fmt: skip
_TALLIED = (tallies.SIGN_UPS, tallies.ACTIVE, tallies.REPORTS, tallies.APPROVALS)


@dataclass(frozen=True, slots=True)
class DaySummary:
    """The totals of one day.

    `active` are people who signed in or renewed their sign-in; `calls` are calls to providers, of which some `failed`;
    `waiting` is the length of the moderators' queues at the time of the roll-up.
    """

    day: date
    suggestions: int = 0
    from_catalogue: int = 0
    from_ai: int = 0
    from_rules: int = 0
    answered_again: int = 0
    calls: int = 0
    failed: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    sign_ups: int = 0
    active: int = 0
    reports: int = 0
    approvals: int = 0
    waiting: int = 0
    oldest_hours: int = 0

    @property
    def catalogue_percent(self) -> float | None:
        """Return the catalogue's share of the suggested recipes; None without any."""
        offered = self.from_catalogue + self.from_ai + self.from_rules + self.answered_again
        return round(100 * self.from_catalogue / offered, 1) if offered else None


def roll_up(day: date) -> DaySummary:
    """Roll up a day and replace its row. Safe to repeat, even while the day is not over.

    Reads every cost record of the day. The queues are read for today only; a past day keeps its stored queue lengths.
    """
    row = DayFigures.read(keys.day_figures(day)) or _fresh(day)
    cost, counted = costs.load_daily_costs(day, day)[0], tallies.read(_TALLIED, [day])
    row.body = {
        **row.body,
        **{name: getattr(cost, name) for name in (*_COUNTED, "cost_usd")},
        **{name: counts[0] for name, counts in counted.items()},
        **(_queues() if day == clock.now().date() else {}),
    }
    row.rolled_up_at = clock.now()
    row.ttl = clock.epoch(row.rolled_up_at + _KEPT)
    row.save(add_version_condition=False)
    return _summary(day, row)


def load(first: date, last: date) -> list[DaySummary]:
    """Return the days from `first` to `last`, oldest first, with zeros for missing ones: 1 read unit for a month."""
    between = DayFigures.sk.between(keys.day_figures(first).sk, keys.day_figures(last).sk)
    rows = {row.sk: row for row in DayFigures.query(keys.day_figures(first).pk, between)}
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [_summary(day, rows.get(keys.day_figures(day).sk)) for day in days]


def _fresh(day: date) -> DayFigures:
    key = keys.day_figures(day)
    return DayFigures(pk=key.pk, sk=key.sk, version=1)


def _queues() -> dict[str, int]:
    waiting = [queue for queue in queues.count_waiting() if queue.name != "suspended"]
    ages = [clock.now() - queue.oldest for queue in waiting if queue.oldest]
    oldest = max(ages, default=timedelta())
    return {
        "waiting": sum(queue.count for queue in waiting),
        "oldest_hours": int(oldest.total_seconds() // 3600),
    }


def _summary(day: date, row: DayFigures | None) -> DaySummary:
    held: dict[str, Any] = row.body if row is not None else {}
    known = {field.name for field in fields(DaySummary)}
    return DaySummary(day=day, **{name: value for name, value in held.items() if name in known})
