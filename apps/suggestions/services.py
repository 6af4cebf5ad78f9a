"""Suggestions: the catalogue's recipes at once, generated ones for the gap, nothing that could hurt the person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
import structlog
from django.conf import settings

from apps.core import clock, ids, keys, outbox
from apps.core.authentication import Actor
from apps.core.errors import Conflict
from apps.core.transactions import Transaction, retry_conflicts
from apps.ingredients import services as ingredients
from apps.recipes import catalogue
from apps.recipes import services as recipes
from apps.search.index import Candidate, MatchQuery
from apps.suggestions import asking, repositories, safety, selection
from apps.suggestions.asking import Asked, Question
from apps.suggestions.errors import QuotaExceeded, SuggestionNotFound
from apps.suggestions.models import Entry, Status, SuggestionRow
from apps.suggestions.safety import Limits
from apps.users import services as users
from smartcooking import queues

log = structlog.get_logger()

GENERATE = outbox.Task("suggestions.generate", queues.AI)
# Enough that two of a method, near-duplicates and what is unsafe by today's master list can be passed over.
_CANDIDATES = 60


class _Exists(Conflict):
    """The suggestion is stored already: the request came again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A suggestion as its owner sees it: entries with the recipes that are still theirs to see, and safe."""

    row: SuggestionRow
    recipes: list[tuple[Entry, orjson.Fragment]]


def suggest(*, suggestion_id: str, asked: Asked, actor: Actor) -> Answer:
    """Answer from the catalogue, and have the gap generated.

    Reads 1 unit for the person's preferences (2 with the pantry), none for the catalogue; writes the suggestion and,
    with a gap, quota and message in one transaction. The same id again returns the suggestion that it made.
    """
    tastes = users.read_tastes(user_id=actor.id)
    pantry = ingredients.pantry_ingredient_ids(user_id=actor.id) if asked.use_pantry else []
    question = asking.understand(asked, preferences=tastes.preferences, pantry=pantry)
    since = clock.now() - timedelta(days=settings.RECENT_DAYS)
    recent = frozenset(id_ for id_, at in tastes.recently_cooked.items() if at >= since)
    found = from_catalogue(question, exclude=recent)
    row = _row(suggestion_id, question, found, actor)
    _plan(row, question, found)
    _store(row)
    return present(row, limits=question.limits, actor=actor)


def from_catalogue(question: Question, *, exclude: frozenset[str]) -> list[Candidate]:
    """Choose from the catalogue in memory what can be cooked with what is at hand; 0 read units."""
    index = catalogue.current()
    query = MatchQuery(
        have=question.have,
        excluded_allergens=question.limits.allergens,
        excluded_ingredients=question.limits.ingredient_ids,
        required_diets=question.limits.diets,
        cuisine=question.cuisine,
        method=question.method,
        meal=question.meal,
        max_minutes=question.max_minutes,
        min_coverage=settings.MIN_COVERAGE,
        needs_complete=question.limits.needs_complete,
        exclude=exclude,
        limit=_CANDIDATES,
    )
    safe = (one for one in index.match(query) if _is_safe_candidate(one, question.limits))
    return selection.choose(safe, question.count)


def _is_safe_candidate(candidate: Candidate, limits: Limits) -> bool:
    """Check against today's master list; the index has already left out what was known when a recipe was written."""
    if not limits.needs_complete:
        return True
    found = catalogue.current().get(candidate.recipe_id)
    return found is not None and safety.is_safe(limits, orjson.loads(found.document))


def _row(suggestion_id: str, question: Question, found: Sequence[Candidate], actor: Actor) -> SuggestionRow:
    key = keys.suggestion(actor.id, suggestion_id)
    return SuggestionRow(
        pk=key.pk, sk=key.sk, user_id=actor.id, request=question.as_body(), warnings=list(question.warnings),
        recipes=[_entry(candidate) for candidate in found], plan={}, done=[], created_at=clock.now(),
        completed_at=clock.now(), cost_saved_usd=_saved(len(found)),
    )  # fmt: skip


def _entry(candidate: Candidate) -> Entry:
    return {
        "recipe_id": candidate.recipe_id,
        "source": "catalogue",
        "score": round(candidate.coverage, 3),
        "have": list(candidate.have),
        "missing": list(candidate.missing),
    }


def _saved(count: int) -> float:
    return round(count * settings.AI_RECIPE_COST_USD, 6)


def _plan(row: SuggestionRow, question: Question, found: Sequence[Candidate]) -> None:
    """Decide on the gap: a cached answer, or methods to generate within what is left of the day's quota."""
    gap = question.count - len(found)
    if gap <= 0:
        return
    covered = [candidate.method for candidate in found]
    preferred = question.preferences.cooking_methods
    methods = selection.methods_for_gap(gap, covered=covered, asked=question.method, preferred=preferred)
    fingerprint = question.fingerprint([method.value for method in methods])
    if _use_cached(row, fingerprint):
        return
    today = clock.now().date()
    left = settings.AI_DAILY_QUOTA - repositories.quota_used(row.user_id, today)
    _limit(row, methods, left)
    row.plan = {str(number): method.value for number, method in enumerate(methods[: max(left, 0)])}
    row.request = {**row.request, "fingerprint": fingerprint}
    row.reserved, row.reserved_on = len(row.plan), today.isoformat()
    if row.plan:
        row.status, row.completed_at = Status.GENERATING.value, None


def _limit(row: SuggestionRow, methods: Sequence[Any], left: int) -> None:
    """Say what the quota does not allow; without anything to show, refuse."""
    if left >= len(methods):
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


def _use_cached(row: SuggestionRow, fingerprint: str) -> bool:
    """Take what was generated for the same question within the hour: at no cost, off no quota."""
    answer = repositories.cached(fingerprint)
    if answer is None:
        return False
    row.recipes = [*row.recipes, *answer.recipes]
    row.cost_saved_usd = round(float(row.cost_saved_usd) + _saved(len(answer.recipes)), 6)
    return True


def _store(row: SuggestionRow) -> None:
    """Write the suggestion with its quota, its message and the access to cached recipes, all or nothing."""
    transaction = Transaction()
    transaction.save(row, otherwise=_Exists())
    generated = [entry["recipe_id"] for entry in row.recipes if entry["source"] != "catalogue"]
    recipes.show_to(transaction, generated, user_id=row.user_id)
    if row.status == Status.GENERATING:
        day = clock.parse(str(row.reserved_on)).date()
        most = settings.AI_DAILY_QUOTA
        repositories.reserve(transaction, user_id=row.user_id, day=day, count=int(row.reserved), most=most)
        transaction.after(GENERATE, row.user_id, keys.last_part(row.sk))
    try:
        transaction.commit()
    except _Exists:
        row.refresh(consistent_read=True)
    except QuotaExceeded:
        raise quota_exceeded() from None


def read(suggestion_id: str, *, actor: Actor) -> Answer:
    """Return one's own suggestion as it stands; its recipes pass today's allergies and diets again."""
    row = _own(suggestion_id, actor=actor)
    if row.plan and row.status == Status.COMPLETE and not row.seen_at:
        repositories.mark_seen(row)
    limits = safety.limits_of(users.read_tastes(user_id=actor.id).preferences)
    return present(row, limits=limits, actor=actor)


def is_generating(suggestion_id: str, *, actor: Actor) -> bool:
    return _own(suggestion_id, actor=actor).status == Status.GENERATING


def _own(suggestion_id: str, *, actor: Actor) -> SuggestionRow:
    row = repositories.read(actor.id, suggestion_id) if ids.is_id(suggestion_id) else None
    if row is None:
        raise SuggestionNotFound
    return row


def present(row: SuggestionRow, *, limits: Limits, actor: Actor) -> Answer:
    """Put the recipes to the entries. What became invisible or is not safe for this person now is left out."""
    views = {view.id: view for view in recipes.visible_views([e["recipe_id"] for e in row.recipes], actor=actor)}
    shown = []
    for entry in row.recipes:
        view = views.get(entry["recipe_id"])
        if view and (not limits.needs_complete or safety.is_safe(limits, orjson.loads(orjson.dumps(view.document)))):
            shown.append((entry, view.document))
    return Answer(row, shown)


def page(*, actor: Actor, limit: int, after: Any) -> tuple[list[SuggestionRow], Any]:
    """Page through one's own suggestions, newest first."""
    found = repositories.page(actor.id, limit=limit, after=after)
    return found.items, found.next


@retry_conflicts
def give_feedback(suggestion_id: str, *, actor: Actor, feedback: dict[str, Any]) -> None:
    """Keep what somebody thought of a suggestion; the last word counts."""
    row = _own(suggestion_id, actor=actor)
    row.feedback = {**feedback, "at": clock.iso(clock.now())}
    transaction = Transaction()
    transaction.save(row)
    transaction.commit()
