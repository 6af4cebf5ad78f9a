"""Suggestions: the catalogue's recipes at once, generated ones for the gap, nothing that could hurt the person."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import structlog
from django.conf import settings

from apps.core import clock, ids, keys, outbox
from apps.core.authentication import Actor
from apps.core.errors import Conflict, Unavailable
from apps.core.transactions import Transaction, retry_conflicts
from apps.pantry import services as pantry_rows
from apps.recipes import catalogue
from apps.recipes import services as recipes
from apps.recipes.recipe import Recipe
from apps.search.index import Candidate, MatchQuery
from apps.suggestions import asking, landing, measures, planning, repositories, safety, selection, sums
from apps.suggestions.asking import Asked, Question
from apps.suggestions.errors import QuotaExceeded, SuggestionNotFound
from apps.suggestions.models import Entry, Status, SuggestionRow
from apps.suggestions.planning import Plan
from apps.suggestions.repositories import figures, flights
from apps.suggestions.repositories.flights import InFlight, Landed
from apps.suggestions.safety import Limits
from apps.users import services as users
from smartcooking.contract import queues

log = structlog.get_logger()

GENERATE = outbox.Task("suggestions.generate", queues.AI)
# Enough that two of a method, near-duplicates and what is unsafe by today's master list can be passed over.
_CANDIDATES = 60
# A generation can begin or end between planning and storing a few times in a row, not this often.
_PLANS = 40


class _Exists(Conflict):
    """The suggestion is stored already: the request came again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A suggestion as its owner sees it: entries with the recipes that are still theirs to see, and safe."""

    row: SuggestionRow
    recipes: list[tuple[Entry, Recipe]]


def suggest(*, suggestion_id: str, asked: Asked, actor: Actor) -> Answer:
    """Answer from the catalogue, and have the gap generated.

    Reads 1 unit for the person's preferences (2 with the pantry), none for the catalogue; writes the suggestion and,
    with a gap, quota and message in one transaction. The same id again returns the suggestion that it made.
    """
    tastes = users.load_tastes(user_id=actor.id)
    pantry = pantry_rows.at_hand_ids(actor.id) if asked.use_pantry else []
    question = asking.understand(asked, preferences=tastes.preferences, pantry=pantry)
    unwanted = _unwanted(tastes)
    found = from_catalogue(question, exclude=unwanted)
    row = _answer(suggestion_id, question, found, actor, unwanted)
    return present(row, limits=question.limits, actor=actor)


def _unwanted(tastes: users.Tastes) -> frozenset[str]:
    """Return what is not worth offering: cooked in the last days, or offered in vain in the last weeks."""
    kinds = ((tastes.recently_cooked, settings.RECENT_DAYS), (tastes.recently_rejected, settings.REJECTED_DAYS))
    now = clock.now()
    return frozenset(id_ for moments, days in kinds for id_, at in moments.items() if at >= now - timedelta(days=days))


def _answer(
    suggestion_id: str, question: Question, found: list[Candidate], actor: Actor, unwanted: frozenset[str]
) -> SuggestionRow:
    """Store the answer, planned anew where somebody else began or ended the same generation in between."""
    for _ in range(_PLANS):
        row = _row(suggestion_id, question, found, actor)
        plan = planning.plan(row, question, found, unwanted=unwanted)
        try:
            _store(row, plan)
        except (InFlight, Landed):
            log.info("planned_again", suggestion_id=suggestion_id)
            time.sleep(random.uniform(0.01, 0.1))  # noqa: S311
        else:
            return row
    raise Unavailable


def from_catalogue(question: Question, *, exclude: frozenset[str]) -> list[Candidate]:
    """Choose from the catalogue in memory what can be cooked with what is at hand; 0 read units."""
    index = catalogue.current()
    query = MatchQuery(
        have=dict.fromkeys(question.have, 1.0),
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
    found = catalogue.find_recipe(candidate.recipe_id)
    return found is not None and safety.is_safe(limits, found.content)


def _row(suggestion_id: str, question: Question, found: Sequence[Candidate], actor: Actor) -> SuggestionRow:
    key = keys.suggestion(actor.id, suggestion_id)
    return SuggestionRow(
        pk=key.pk, sk=key.sk, user_id=actor.id, request=question.as_body(), warnings=list(question.warnings),
        recipes=[_entry(candidate) for candidate in found], plan={}, done=[], created_at=clock.now(),
        completed_at=clock.now(), cost_saved_usd=asking.saved(len(found)),
    )  # fmt: skip


def _entry(candidate: Candidate) -> Entry:
    return {
        "recipe_id": candidate.recipe_id,
        "source": "catalogue",
        "score": round(candidate.coverage, 3),
        "have": list(candidate.have),
        "missing": list(candidate.missing),
    }


@retry_conflicts
def _store(row: SuggestionRow, plan: Plan) -> None:
    """Write the suggestion with its quota, its message and the access to cached recipes, all or nothing.

    `InFlight` and `Landed` where the plan no longer holds; a request that came before finds what it stored.
    """
    transaction = Transaction()
    transaction.save(row, otherwise=_Exists())
    suggestion_id = keys.last_part(row.sk)
    if plan.again:
        landing.take_over(transaction, row, plan.again)
    if plan.follows:
        flights.follow(transaction, plan.follows, user_id=row.user_id, suggestion_id=suggestion_id)
    elif row.status == Status.GENERATING:
        _have_generated(transaction, row, plan, suggestion_id)
    if row.status == Status.COMPLETE:
        sums.add(transaction, row)
    try:
        transaction.commit()
    except _Exists:
        row.refresh(consistent_read=True)
    except QuotaExceeded:
        raise planning.quota_exceeded() from None
    else:
        measures.stored(row, again=bool(plan.again), follows=plan.follows is not None)


def _have_generated(transaction: Transaction, row: SuggestionRow, plan: Plan, suggestion_id: str) -> None:
    """Take quota, the lead where others may follow, and send the message."""
    day = clock.parse(str(row.reserved_on)).date()
    repositories.reserve(transaction, user_id=row.user_id, day=day, count=int(row.reserved), most=plan.quota)
    if plan.leads:
        flights.lead(transaction, plan.leads, user_id=row.user_id, suggestion_id=suggestion_id)
    transaction.after(GENERATE, row.user_id, suggestion_id)


def read(suggestion_id: str, *, actor: Actor) -> Answer:
    """Return one's own suggestion as it stands; its recipes pass today's allergies and diets again."""
    row = _own(suggestion_id, actor=actor)
    if row.plan and row.status == Status.COMPLETE and not row.seen_at:
        repositories.mark_seen(row)
    limits = safety.limits_of(users.load_tastes(user_id=actor.id).preferences)
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
    visible = recipes.list_visible_recipes([entry["recipe_id"] for entry in row.recipes], actor=actor)
    found = {recipe.id: recipe for recipe in visible}
    shown = []
    for entry in row.recipes:
        recipe = found.get(entry["recipe_id"])
        if recipe and (not limits.needs_complete or safety.is_safe(limits, recipe.content)):
            shown.append((entry, recipe))
    return Answer(row, shown)


def page(*, actor: Actor, limit: int, after: Any) -> tuple[list[SuggestionRow], Any]:
    """Page through one's own suggestions, newest first."""
    found = repositories.page(actor.id, limit=limit, after=after)
    return found.items, found.next


@retry_conflicts
def give_feedback(suggestion_id: str, *, actor: Actor, feedback: dict[str, Any]) -> None:
    """Keep what somebody thought of a suggestion; the last word counts.

    What was not accepted is not offered again for some weeks, until it is.
    """
    row = _own(suggestion_id, actor=actor)
    now = clock.now()
    row.feedback = {**feedback, "at": clock.iso(now)}
    offered = [entry["recipe_id"] for entry in row.recipes]
    transaction = Transaction()
    transaction.save(row)
    if feedback["accepted"]:
        users.note_accepted(transaction, user_id=actor.id, recipe_ids=offered)
    else:
        users.note_rejected(transaction, user_id=actor.id, recipe_ids=offered, at=now)
    transaction.commit()


@dataclass(frozen=True, slots=True)
class Calls:
    """What calls to providers came to: `failed` are those that gave no recipe which could be offered."""

    made: int
    failed: int
    input_tokens: int
    output_tokens: int
    cost_usd: float


def figures_of(day: date) -> dict[str, int]:
    """Return the sums over a day's suggestions, money in millionths of a US dollar."""
    return figures.of(day)


def calls_of(day: date) -> Calls:
    """Sum up the cost records of a day (UTC)."""
    records = list(repositories.records(day))
    return Calls(
        made=len(records),
        failed=sum(record.outcome != "stored" for record in records),
        input_tokens=sum(int(record.input_tokens) for record in records),
        output_tokens=sum(int(record.output_tokens) for record in records),
        cost_usd=sum(float(record.cost_usd) for record in records),
    )
