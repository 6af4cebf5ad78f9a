"""What suggestions cost, day by day: where recipes came from, what generation cost, what the catalogue saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from apps.suggestions import services as suggestions

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Day:
    """Statistics of one day (UTC); money in US dollars; `failed` is part of `calls`, the calls to providers."""

    day: date
    suggestions: int
    from_catalogue: int
    from_ai: int
    from_rules: int
    answered_again: int
    calls: int
    failed: int
    input_tokens: int
    output_tokens: int
    cost_usd: float
    saved_usd: float

    @property
    def recipes(self) -> int:
        return self.from_catalogue + self.from_ai + self.from_rules + self.answered_again

    @property
    def catalogue_percent(self) -> float | None:
        """Return the catalogue's share of the suggested recipes."""
        return round(100 * self.from_catalogue / self.recipes, 1) if self.recipes else None

    @property
    def cost_per_suggestion_usd(self) -> float | None:
        return round(self.cost_usd / self.suggestions, 6) if self.suggestions else None


def load_daily_costs(first: date, last: date) -> list[Day]:
    """Return the days from `first` to `last`, oldest first: one request for totals, and a query per day for calls."""
    return [_day(first + timedelta(days=number)) for number in range((last - first).days + 1)]


def _day(day: date) -> Day:
    sums, calls = suggestions.statistics_of(day), suggestions.calls_of(day)
    return Day(
        day=day,
        **{name: sums[name] for name in ("suggestions", "from_catalogue", "from_ai", "from_rules", "answered_again")},
        calls=calls.made,
        failed=calls.failed,
        input_tokens=calls.input_tokens,
        output_tokens=calls.output_tokens,
        cost_usd=round(calls.cost_usd, 6),
        saved_usd=sums["saved"] / MICRO,
    )


def sum_days(found: Sequence[Day]) -> dict[str, Any]:
    """Return the totals of all days, with overall shares."""
    summed = {name: sum(getattr(one, name) for one in found) for name in Day.__dataclass_fields__ if name != "day"}
    whole = Day(day=found[-1].day, **summed)
    return as_dict(whole) | {"day": "total"}


def as_dict(one: Day) -> dict[str, Any]:
    fields: dict[str, Any] = {name: getattr(one, name) for name in Day.__dataclass_fields__}
    fields["day"] = one.day.isoformat()
    fields["cost_usd"], fields["saved_usd"] = round(one.cost_usd, 6), round(one.saved_usd, 6)
    return fields | {
        "catalogue_percent": one.catalogue_percent,
        "cost_per_suggestion_usd": one.cost_per_suggestion_usd,
    }
