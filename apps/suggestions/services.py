"""Suggestions: catalogue and composed recipes at once, a model's later. None may break the person's limits."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings

from apps.core import clock, ids, keys, outbox
from apps.core.authentication import Actor
from apps.core.errors import Conflict, Unavailable
from apps.core.transactions import Transaction, retry_conflicts
from apps.households import services as households
from apps.pantry import services as pantry
from apps.pantry.lots import Lot
from apps.pantry.stock import Item
from apps.recipes import services as recipes
from apps.recipes.content import Source
from apps.recipes.errors import RecipeNotFound
from apps.recipes.recipe import Recipe
from apps.suggestions import metrics, offers, question, repositories, safety, statistics
from apps.suggestions.composition.composing import Composed
from apps.suggestions.entries import Entry, entries_of
from apps.suggestions.errors import SuggestionNotFound
from apps.suggestions.generation import planning, single_flight
from apps.suggestions.generation.planning import Plan
from apps.suggestions.models import Status, SuggestionRow
from apps.suggestions.offers import Offers
from apps.suggestions.providers import rules
from apps.suggestions.question import Question, Stock, Wish
from apps.suggestions.repositories import budget
from apps.suggestions.repositories import single_flight as generations
from apps.suggestions.repositories import statistics as daily
from apps.suggestions.repositories.single_flight import GenerationEnded, GenerationRunning
from apps.suggestions.safety import Limits
from apps.users import services as users
from smartcooking.contract import queues

log = structlog.get_logger()

GENERATE = outbox.Task("suggestions.generate", queues.AI)
# Seconds for which a request replans when the same generation starts or ends meanwhile; then the client has to retry.
_PLANNING = 1.0


class _Exists(Conflict):
    """The suggestion is stored already: this is a repeated request."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A suggestion as its owner sees it: entries with the recipes that are still theirs to see, and safe."""

    row: SuggestionRow
    recipes: list[tuple[Entry, Recipe]]


@dataclass(frozen=True, slots=True)
class _Draft:
    """What will be stored: the row, the plan for the gap, and the composed recipes by id."""

    row: SuggestionRow
    plan: Plan
    composed: dict[str, Composed]


def prepare() -> None:
    """Load what composition keeps in the memory of a process, before its first request."""
    rules.prepare()


def suggest(*, suggestion_id: str, wish: Wish, actor: Actor) -> Answer:
    """Answer from the catalogue and by rules at once, and have a model fill the gap where one is configured.

    Reads 1 unit for the person's preferences (2 with the pantry), none for the catalogue; writes the suggestion, what
    was composed, quota and message in one transaction. The same id again returns the suggestion that it made.
    """
    tastes = users.load_tastes(user_id=actor.id)
    asked = _understand(wish, tastes, actor)
    unwanted = _unwanted(tastes)
    offered = offers.find(asked, exclude=unwanted, asks_a_model=planning.asks_a_model())
    row = _plan_and_store(suggestion_id, asked, offered, actor, unwanted)
    return present(row, limits=asked.limits, actor=actor, judged=offered.judged)


def _understand(wish: Wish, tastes: users.Tastes, actor: Actor) -> Question:
    preferences = households.widen(tastes.preferences, wish.eaters, actor=actor)
    today = clock.now().astimezone(ZoneInfo(tastes.preferences.timezone)).date()
    stock = [lot for item in pantry.stock_of(actor.id) for lot in _stock(item, today)] if wish.use_pantry else []
    return question.understand(wish, preferences=preferences, pantry=stock, today=today)


def _stock(item: Item, today: date) -> list[Stock]:
    """Return the stock of an ingredient: its unexpired lots as one or, if all have expired, the last of them."""
    good = [lot for lot in item.row.stock if lot.is_at_hand and not lot.has_expired(today)]
    if not good:
        return [Stock(item.ingredient.id, lot.quantity, lot.unit, _day(lot)) for lot in item.row.stock[-1:]]
    quantity, unit = item.row.total_of(good, item.ingredient)
    return [Stock(item.ingredient.id, quantity, unit, _day(good[0]))]


def _day(lot: Lot) -> date | None:
    return date.fromisoformat(lot.expires_on) if lot.expires_on else None


def _unwanted(tastes: users.Tastes) -> frozenset[str]:
    """Return ids of recipes not to offer: cooked in the last days, or rejected in the last weeks."""
    kinds = ((tastes.recently_cooked, settings.RECENT_DAYS), (tastes.recently_rejected, settings.REJECTED_DAYS))
    now = clock.now()
    return frozenset(id_ for moments, days in kinds for id_, at in moments.items() if at >= now - timedelta(days=days))


def _plan_and_store(
    suggestion_id: str, asked: Question, offered: Offers, actor: Actor, unwanted: frozenset[str]
) -> SuggestionRow:
    """Plan and store the answer; plan again if somebody else started or ended the same generation meanwhile."""
    deadline = time.monotonic() + _PLANNING
    while True:
        draft = _plan_answer(suggestion_id, asked, offered, actor, unwanted)
        try:
            _store(draft)
        except (GenerationRunning, GenerationEnded):
            if time.monotonic() >= deadline:
                raise Unavailable from None
            log.info("planned_again", suggestion_id=suggestion_id)
            time.sleep(random.uniform(0.01, 0.05))  # noqa: S311
        else:
            return draft.row


def _plan_answer(
    suggestion_id: str, asked: Question, offered: Offers, actor: Actor, unwanted: frozenset[str]
) -> _Draft:
    """Plan the gap and assemble the answer. Writes nothing."""
    plan = planning.plan(
        asked, offered.gap, user_id=actor.id, unwanted=unwanted, has_recipes=bool(offered.from_catalogue)
    )
    chosen = offered.within(plan.composes, beside=len(plan.reused))
    entries: list[Entry] = []
    composed: dict[str, Composed] = {}
    for offer in chosen:
        recipe_id = offer.recipe_id
        if offer.composed is not None:
            recipe_id = generated_id(suggestion_id, str(len(composed)))
            composed[recipe_id] = offer.composed
        entries.append(Entry(recipe_id, offer.source, offer.fit))
    row = _row(suggestion_id, asked, entries, plan, actor)
    if not plan.is_generated:
        row.warnings = [*row.warnings, *offered.remarks(len(entries) + len(plan.reused))]
    return _Draft(row, plan, composed)


def generated_id(suggestion_id: str, number: str) -> str:
    """Return the id of a generated recipe: the same however often it is generated."""
    return ids.derived_id("generated", suggestion_id, number, at=ids.made_at(suggestion_id))


def _row(suggestion_id: str, asked: Question, entries: Sequence[Entry], plan: Plan, actor: Actor) -> SuggestionRow:
    key = keys.suggestion(actor.id, suggestion_id)
    now = clock.now()
    request = asked.as_body() | ({"fingerprint": plan.fingerprint} if plan.fingerprint else {})
    composed = sum(one.source == Source.RULES for one in entries)
    return SuggestionRow(
        pk=key.pk,
        sk=key.sk,
        user_id=actor.id,
        status=(Status.GENERATING if plan.is_generated else Status.COMPLETE).value,
        request=request,
        warnings=[*asked.warnings, *plan.warnings],
        recipes=[one.as_stored() for one in entries],
        plan={str(number): method for number, method in enumerate(plan.methods)},
        done=[],
        follows=plan.follows,
        reserved=composed if plan.composes else 0 if plan.follows else len(plan.methods),
        reserved_on=plan.day.isoformat() if plan.day else None,
        created_at=now,
        completed_at=None if plan.is_generated else now,
        cost_saved_usd=single_flight.saved(len(entries) - composed),
    )


@retry_conflicts
def _store(draft: _Draft) -> None:
    """Write the suggestion with its quota, recipes, message and access to what is reused, all or nothing.

    `GenerationRunning` or `GenerationEnded` if the plan is outdated. A repeated request finds what the first stored.
    """
    row, plan = draft.row, draft.plan
    transaction = Transaction()
    if plan.reused:
        single_flight.reuse(transaction, row, plan.reused, places=plan.places)
    transaction.save(row, otherwise=_Exists())
    suggestion_id = keys.last_part(row.sk)
    if plan.follows:
        generations.follow(transaction, plan.follows, user_id=row.user_id, suggestion_id=suggestion_id)
    elif row.reserved:
        repositories.reserve(
            transaction,
            user_id=row.user_id,
            day=plan.day or clock.now().date(),
            count=int(row.reserved),
            most=plan.quota,
        )
    if plan.is_generated and not plan.follows:
        _begin_generation(transaction, row, plan, suggestion_id)
    _add_composed(transaction, draft)
    if row.status == Status.COMPLETE:
        statistics.add(transaction, row)
    try:
        transaction.commit()
    except _Exists:
        row.refresh(consistent_read=True)
    else:
        metrics.stored(row, again=bool(plan.reused), follows=plan.follows is not None)


def _begin_generation(transaction: Transaction, row: SuggestionRow, plan: Plan, suggestion_id: str) -> None:
    """Let others follow the generation where the plan says so, and send the message to the worker."""
    if plan.leads:
        generations.lead(transaction, plan.leads, user_id=row.user_id, suggestion_id=suggestion_id)
    transaction.after(GENERATE, row.user_id, suggestion_id)


def _add_composed(transaction: Transaction, draft: _Draft) -> None:
    """Store composed recipes, private and pending, each with its record; and for whoever asks the same."""
    row, plan = draft.row, draft.plan
    if plan.keeps and plan.fingerprint:
        places = enumerate(entries_of(row))
        made = [one.as_stored() | {"place": place} for place, one in places if one.recipe_id in draft.composed]
        repositories.keep_answer(
            transaction, plan.fingerprint, made, seconds=settings.AI_CACHE_SECONDS, otherwise=GenerationEnded()
        )
    for recipe_id, one in draft.composed.items():
        recipes.add_generated_recipe(
            transaction, recipe_id=recipe_id, content=one.content, source=Source.RULES, user_id=row.user_id
        )
        transaction.save(
            repositories.record(
                ids.derived_id("attempt", recipe_id, at=row.created_at),
                rules.usage(),
                suggestion_id=keys.last_part(row.sk),
                user_id=row.user_id,
                outcome="stored",
                made_at_day=row.created_at.date(),
            )
        )


def get(suggestion_id: str, *, actor: Actor) -> Answer:
    """Return one's own suggestion as it stands; its recipes pass today's allergies and diets again."""
    row = _own(suggestion_id, actor=actor)
    if row.plan and row.status == Status.COMPLETE and not row.seen_at:
        repositories.mark_seen(row)
    said = users.load_tastes(user_id=actor.id).preferences
    limits = safety.limits_of(households.widen(said, row.request.get("eaters", ()), actor=actor, strict=False))
    return present(row, limits=limits, actor=actor)


def is_generating(suggestion_id: str, *, actor: Actor) -> bool:
    return _own(suggestion_id, actor=actor).status == Status.GENERATING


def _own(suggestion_id: str, *, actor: Actor) -> SuggestionRow:
    row = repositories.read(actor.id, suggestion_id) if ids.is_id(suggestion_id) else None
    if row is None:
        raise SuggestionNotFound
    return row


def present(row: SuggestionRow, *, limits: Limits, actor: Actor, judged: frozenset[str] = frozenset()) -> Answer:
    """Attach the recipes to the entries, without those that are no longer visible to this person or safe for them.

    `judged` are ids of recipes that have just passed the safety check.
    """
    entries = entries_of(row)
    found = {one.id: one for one in recipes.list_visible_recipes([one.recipe_id for one in entries], actor=actor)}
    shown = []
    for entry in entries:
        recipe = found.get(entry.recipe_id)
        if recipe and (
            not limits.needs_complete or entry.recipe_id in judged or safety.is_safe(limits, recipe.content)
        ):
            shown.append((entry, recipe))
    return Answer(row, shown)


def page(*, actor: Actor, limit: int, after: Any) -> tuple[list[SuggestionRow], Any]:
    """Page through one's own suggestions, newest first."""
    found = repositories.page(actor.id, limit=limit, after=after)
    return found.items, found.next


@retry_conflicts
def give_feedback(suggestion_id: str, *, actor: Actor, feedback: dict[str, Any]) -> None:
    """Store feedback on a suggestion or on one of its recipes, replacing earlier feedback on the same.

    What is rejected is not offered again for some weeks, unless it is accepted later. Raises `RecipeNotFound` for a
    recipe that is not in the suggestion.
    """
    row = _own(suggestion_id, actor=actor)
    now = clock.now()
    offered = [one.recipe_id for one in entries_of(row)]
    recipe_id = feedback.get("recipe_id")
    if recipe_id:
        if recipe_id not in offered:
            raise RecipeNotFound
        offered = [recipe_id]
    row.feedback = _with_feedback(row.feedback, {**feedback, "at": clock.iso(now)}, recipe_id)
    transaction = Transaction()
    transaction.save(row)
    if feedback["accepted"]:
        users.note_accepted(transaction, user_id=actor.id, recipe_ids=offered)
    else:
        users.note_rejected(transaction, user_id=actor.id, recipe_ids=offered, at=now)
    transaction.commit()


def _with_feedback(before: dict[str, Any] | None, given: dict[str, Any], recipe_id: str | None) -> dict[str, Any]:
    """Return all feedback on a suggestion: what was said of the whole, and in `recipes` of each of its recipes."""
    said = {name: value for name, value in given.items() if name != "recipe_id"}
    recipes = (before or {}).get("recipes", {})
    if recipe_id:
        return {**(before or {}), "recipes": {**recipes, recipe_id: said}}
    return {**said, "recipes": recipes} if recipes else said


@dataclass(frozen=True, slots=True)
class Calls:
    """What calls to providers came to: `failed` are those that gave no recipe which could be offered."""

    made: int
    failed: int
    input_tokens: int
    output_tokens: int
    cost_usd: float


def statistics_of(day: date) -> dict[str, int]:
    """Return the statistics of a day's suggestions, money in millionths of a US dollar."""
    return daily.of(day)


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


def committed_usd(day: date) -> float:
    """Return what generation has cost in the month of a day (UTC), and what calls under way may still cost."""
    return budget.committed(f"{day:%Y-%m}") / budget.MICRO
