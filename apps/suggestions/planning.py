"""What becomes of the gap that the catalogue leaves: an answer that is there, one that is on its way, or a new one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from apps.core import clock
from apps.search.index import Candidate
from apps.suggestions import asking, configuration, repositories, selection
from apps.suggestions.asking import Question
from apps.suggestions.errors import QuotaExceeded
from apps.suggestions.models import Entry, Status, SuggestionRow
from apps.suggestions.repositories import flights


@dataclass(frozen=True, slots=True)
class Plan:
    """`again` are recipes generated for the same question before; `follows` and `leads` name a question's flight.

    `quota` is the day's, as it stood when it was planned.
    """

    again: list[Entry] = field(default_factory=list)
    follows: str | None = None
    leads: str | None = None
    quota: int = 0


def plan(row: SuggestionRow, question: Question, found: Sequence[Candidate], *, unwanted: frozenset[str]) -> Plan:
    """Decide on the gap, and write into the row what is still to be generated.

    The same question within the hour is answered with what was generated for it, and one that is being generated is
    waited for: both cost nothing and no quota. What the person has just cooked or rejected is not offered that way.
    """
    gap = question.count - len(found)
    if gap <= 0:
        return Plan()
    covered = [candidate.method for candidate in found]
    preferred = question.preferences.cooking_methods
    methods = selection.methods_for_gap(gap, covered=covered, asked=question.method, preferred=preferred)
    fingerprint = question.fingerprint([method.value for method in methods])
    row.request = {**row.request, "fingerprint": fingerprint}
    kept, flight = flights.look(fingerprint)
    if kept and unwanted.isdisjoint(one["recipe_id"] for one in kept.recipes):
        return Plan(again=kept.recipes)
    if flight and not flight.landing:
        _await(row, [method.value for method in methods])
        row.follows = fingerprint
        return Plan(follows=fingerprint)
    quota = configuration.current().daily_quota
    today = clock.now().date()
    left = quota - repositories.quota_used(row.user_id, today)
    _limit(row, len(methods), left)
    _await(row, [method.value for method in methods[: max(left, 0)]])
    row.reserved, row.reserved_on = len(row.plan), today.isoformat()
    is_whole = len(row.plan) == len(methods) and not flight and not kept
    return Plan(leads=fingerprint if is_whole else None, quota=quota)


def _await(row: SuggestionRow, methods: Sequence[str]) -> None:
    row.plan = {str(number): method for number, method in enumerate(methods)}
    if row.plan:
        row.status, row.completed_at = Status.GENERATING.value, None


def _limit(row: SuggestionRow, wanted: int, left: int) -> None:
    """Say what the quota does not allow; without anything to show, refuse."""
    if left >= wanted:
        return
    if left <= 0 and not row.recipes:
        raise quota_exceeded()
    code = "quota_exceeded" if left <= 0 else "quota_nearly_exceeded"
    row.warnings = [*row.warnings, asking.warning(code, count=max(left, 0))]


def quota_exceeded() -> QuotaExceeded:
    """Make the refusal that says when the next day begins (UTC)."""
    now = clock.now()
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return QuotaExceeded(retry_after=int((midnight - now).total_seconds()) + 1)
