"""Decide how to fill the gap that the catalogue leaves: reuse an answer, follow a generation, or start one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from apps.core import clock
from apps.recipes.content import Method
from apps.suggestions import messages, repositories, selection
from apps.suggestions.entries import Entry
from apps.suggestions.errors import QuotaExceeded
from apps.suggestions.generation import attempts, configuration
from apps.suggestions.question import Question
from apps.suggestions.repositories import single_flight as flights


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing: how many recipes, and of which methods there are some already."""

    count: int
    covered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done about a gap; nothing where there is none.

    `fingerprint` names the question. `reused` are recipes that were generated for the same question before; `follows`
    and `leads` name the question whose generation is waited for, or begun for others too. `methods` are those of the
    recipes that a worker is to make. `composes` is how many rules are to make at once, and `keeps` whether others are
    to get them as well. `quota` is the day's, as it stood.
    """

    fingerprint: str | None = None
    reused: tuple[Entry, ...] = ()
    follows: str | None = None
    leads: str | None = None
    methods: tuple[str, ...] = ()
    composes: int = 0
    keeps: bool = False
    quota: int = 0
    day: date | None = None
    warnings: tuple[dict[str, Any], ...] = field(default=())

    @property
    def is_generated(self) -> bool:
        """Say whether the answer waits for a worker."""
        return bool(self.methods)


def plan(question: Question, gap: Gap, *, user_id: str, unwanted: frozenset[str], has_recipes: bool) -> Plan:
    """Decide on the gap; 2 read units for what is kept or under way, half a unit for the quota. Writes nothing.

    The same question within the hour is answered with what was generated for it, and one that is being generated is
    waited for: both cost nothing and no quota. What the person has just cooked or rejected is not offered that way.
    QuotaExceeded where nothing may be generated and there is nothing to show.
    """
    if gap.count <= 0:
        return Plan()
    methods = [method.value for method in _methods(question, gap)]
    fingerprint = question.fingerprint(methods)
    kept, flight = flights.look(fingerprint)
    if kept and unwanted.isdisjoint(one["recipe_id"] for one in kept.recipes):
        return Plan(fingerprint, reused=tuple(Entry.of(one) for one in kept.recipes))
    if flight and not flight.landing:
        return Plan(fingerprint, follows=fingerprint, methods=tuple(methods))
    return _generated(fingerprint, methods, user_id, has_recipes=has_recipes, leads=not flight and not kept)


def asks_a_model() -> bool:
    """Say whether a model fills what the catalogue leaves."""
    return set(configuration.current().providers) != {attempts.OURS}


def _methods(question: Question, gap: Gap) -> Sequence[Method]:
    preferred = question.preferences.cooking_methods
    return selection.methods_for_gap(gap.count, covered=gap.covered, asked=question.method, preferred=preferred)


def _generated(fingerprint: str, methods: Sequence[str], user_id: str, *, has_recipes: bool, leads: bool) -> Plan:
    """Plan what the quota allows: by rules at once where no model is to be asked, else by the worker."""
    configured = configuration.current()
    today = clock.now().date()
    left = configured.daily_quota - repositories.quota_used(user_id, today)
    warnings = tuple(_shortage(len(methods), left, has_recipes=has_recipes))
    allowed = tuple(methods[: max(left, 0)])
    if set(configured.providers) == {attempts.OURS}:
        return Plan(
            fingerprint,
            composes=len(allowed),
            keeps=leads and len(allowed) == len(methods),
            quota=configured.daily_quota,
            day=today,
            warnings=warnings,
        )
    is_whole = len(allowed) == len(methods)
    return Plan(
        fingerprint,
        leads=fingerprint if leads and is_whole else None,
        methods=allowed,
        quota=configured.daily_quota,
        day=today,
        warnings=warnings,
    )


def _shortage(wanted: int, left: int, *, has_recipes: bool) -> list[dict[str, Any]]:
    """Say what the quota does not allow; without anything to show, refuse."""
    if left >= wanted:
        return []
    if left <= 0 and not has_recipes:
        raise quota_exceeded()
    code = "quota_exceeded" if left <= 0 else "quota_nearly_exceeded"
    return [messages.warning(code, count=max(left, 0))]


def quota_exceeded() -> QuotaExceeded:
    """Make the refusal that says when the next day begins (UTC)."""
    now = clock.now()
    midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return QuotaExceeded(retry_after=int((midnight - now).total_seconds()) + 1)
