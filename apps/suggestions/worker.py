"""Generating the gap of a suggestion: in the worker, all recipes at once, each stored as soon as it is there."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from concurrent.futures import TimeoutError as FutureTimeout

import structlog
from django.conf import settings

from apps.core import clock, ids, keys
from apps.core.errors import Conflict
from apps.core.language import current
from apps.core.transactions import Transaction, retry_conflicts
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Ingredient
from apps.recipes import services as recipes
from apps.recipes.content import Language, Meal, Method, RecipeContent
from apps.recipes.errors import RecipeExists
from apps.suggestions import announcing, asking, generation, repositories, safety, selection
from apps.suggestions.generation import Attempt, Outcome
from apps.suggestions.models import Entry, GenerationRecord, Status, SuggestionRow
from apps.suggestions.providers.port import AtHand, Failure, GenerationRequest, Person, Usage
from apps.suggestions.safety import Limits
from apps.users import services as users
from apps.users.preferences import Preferences

log = structlog.get_logger()


def generate(user_id: str, suggestion_id: str) -> None:
    """Fill the gap of a suggestion; safe to run again and twice at once.

    Each recipe has an id that follows from the suggestion and its number, and is stored in one transaction with its
    entry, its cost record and the mark that its number is done: whoever comes second finds it done.
    """
    row = repositories.read(user_id, suggestion_id)
    if row is None or row.status == Status.COMPLETE:
        return
    current.set(row.request["language"])
    tastes = users.read_tastes(user_id=user_id)
    limits = safety.limits_of(tastes.preferences)
    late = _make_all(row, limits, tastes.preferences)
    _finish(user_id, suggestion_id, late=late)


def _make_all(row: SuggestionRow, limits: Limits, preferences: Preferences) -> int:
    """Generate what is not done yet, all in parallel; return how many were not ready in time."""
    deadline = time.monotonic() + settings.AI_DEADLINE
    open_ = {number: method for number, method in row.plan.items() if number not in row.done}
    if not open_:
        return 0
    log.info("generation_started", suggestion_id=keys.last_part(row.sk), recipes=len(open_))
    executor = ThreadPoolExecutor(max_workers=len(open_), thread_name_prefix="generate")
    try:
        making = {
            executor.submit(
                generation.make, _request(row, number, method, preferences), limits=limits, deadline=deadline
            ): number
            for number, method in open_.items()
        }
        return _store_as_they_come(row, making, deadline)
    finally:
        # What is late is not waited for: its own timeouts end it.
        executor.shutdown(wait=False, cancel_futures=True)


def _store_as_they_come(row: SuggestionRow, making: dict[Future[Outcome], str], deadline: float) -> int:
    remaining = dict(making)
    try:
        for future in as_completed(making, timeout=max(0.0, deadline - time.monotonic())):
            number = remaining.pop(future)
            _store(row.user_id, keys.last_part(row.sk), number, future.result())
    except FutureTimeout:
        log.warning("generation_late", suggestion_id=keys.last_part(row.sk), late=len(remaining))
    for number in remaining.values():
        late = Outcome(None, None, (Attempt(Usage("unknown", ""), Failure.TIMEOUT.value),))
        _store(row.user_id, keys.last_part(row.sk), number, late)
    return len(remaining)


@retry_conflicts
def _store(user_id: str, suggestion_id: str, number: str, outcome: Outcome) -> None:
    """Store one recipe, or that there is none, with its cost records; nothing if its number is done."""
    row = repositories.read(user_id, suggestion_id)
    if row is None or number in row.done or row.status == Status.COMPLETE:
        return
    transaction = Transaction()
    if outcome.content is not None and outcome.source is not None:
        recipe_id = generated_id(suggestion_id, number)
        recipes.add_generated(
            transaction, recipe_id=recipe_id, content=outcome.content, source=outcome.source, user_id=user_id
        )
        row.recipes = [*row.recipes, entry(recipe_id, outcome.source.value, outcome.content, row)]
    row.done = [*row.done, number]
    row.cost_usd = float(row.cost_usd) + sum(attempt.usage.cost_usd for attempt in outcome.attempts)
    transaction.save(row)
    for position, attempt in enumerate(outcome.attempts):
        transaction.save(_record(row, f"{number}-{position}", attempt), otherwise=_AlreadyRecorded())
    try:
        transaction.commit()
    except (RecipeExists, _AlreadyRecorded):
        log.info("generated_before", suggestion_id=suggestion_id, number=number)


class _AlreadyRecorded(Conflict):
    """Another delivery of the same message was faster."""


def generated_id(suggestion_id: str, number: str) -> str:
    """Return the id of a generated recipe: the same however often it is generated."""
    return ids.derived_id("generated", suggestion_id, number, at=ids.made_at(suggestion_id))


def _record(row: SuggestionRow, part: str, attempt: Attempt) -> GenerationRecord:
    suggestion_id = keys.last_part(row.sk)
    return repositories.record(
        ids.derived_id("attempt", suggestion_id, part, at=row.created_at),
        attempt.usage,
        suggestion_id=suggestion_id,
        user_id=row.user_id,
        outcome=attempt.outcome,
        made_at_day=row.created_at.date(),
    )


def entry(recipe_id: str, source: str, content: RecipeContent, row: SuggestionRow) -> Entry:
    """Return how a generated recipe fits what was at hand: staples and optional things do not count."""
    have = set(row.request["ingredient_ids"])
    counted = [line for line in content.ingredients if not line.optional and not _is_staple(line.ingredient_id)]
    at_hand = [line.ingredient_id for line in counted if line.ingredient_id in have]
    missing = [line.ingredient_id or line.name for line in counted if line.ingredient_id not in have]
    score = round(len(at_hand) / len(counted), 3) if counted else 1.0
    return {"recipe_id": recipe_id, "source": source, "score": score, "have": at_hand, "missing": missing}


def _is_staple(ingredient_id: str | None) -> bool:
    ingredient = ingredients.find(ingredient_id) if ingredient_id else None
    return bool(ingredient and ingredient.staple)


@retry_conflicts
def _finish(user_id: str, suggestion_id: str, *, late: int) -> None:
    """Close the suggestion, give back the quota of what was not generated, and keep the answer for the hour."""
    row = repositories.read(user_id, suggestion_id)
    if row is None or row.status == Status.COMPLETE:
        return
    made = [one for one in row.recipes if one["source"] != "catalogue"]
    missing = int(row.reserved) - len(made)
    row.status, row.completed_at = Status.COMPLETE.value, clock.now()
    row.warnings = [*row.warnings, *_shortfall(missing, late)]
    transaction = Transaction()
    transaction.save(row)
    day = clock.parse(str(row.reserved_on)).date()
    repositories.give_back(transaction, user_id=user_id, day=day, count=missing)
    if row.recipes:
        transaction.after(announcing.ANNOUNCE, user_id, suggestion_id)
    transaction.commit()
    if made and not missing:
        seconds = settings.AI_CACHE_SECONDS
        repositories.cache(row.request["fingerprint"], made, cost_usd=float(row.cost_usd), seconds=seconds)


def _shortfall(missing: int, late: int) -> Iterator[dict[str, object]]:
    if late:
        yield asking.warning("too_late", count=late)
    if missing > late:
        yield asking.warning("not_generated", count=missing - late)


def _request(row: SuggestionRow, number: str, method: str, preferences: Preferences) -> GenerationRequest:
    """Say what to generate: canonical names and enumerations only."""
    asked = row.request
    found = [one for id_ in asked["ingredient_ids"] if (one := ingredients.find(id_))]
    return GenerationRequest(
        ingredients=tuple(at_hand(one) for one in found),
        method=Method(method),
        language=Language(asked["language"]),
        variant=int(number),
        alternatives=() if asked["method"] else selection.other_methods(row.plan.values()),
        person=person(preferences),
        cuisine=asked["cuisine"],
        meal=Meal(asked["meal"]) if asked["meal"] else None,
        max_minutes=asked["max_minutes"],
        servings=preferences.household_size or 2,
        avoid_titles=_titles(row),
    )


def _titles(row: SuggestionRow) -> tuple[str, ...]:
    rows = recipes.contents([one["recipe_id"] for one in row.recipes])
    return tuple(stored.body["title"] for stored in rows.values())


def at_hand(ingredient: Ingredient) -> AtHand:
    return AtHand(ingredient.id, ingredient.vi, ingredient.en, ingredient.category.value, ingredient.staple)


def person(preferences: Preferences) -> Person:
    """Return what a provider may know: preferences, no identity."""
    limits = safety.limits_of(preferences)
    avoided: Sequence[Ingredient] = [one for id_ in sorted(limits.ingredient_ids) if (one := ingredients.find(id_))]
    return Person(
        diets=tuple(sorted(limits.diets)),
        allergens=tuple(sorted(limits.allergens)),
        avoid=tuple(at_hand(one) for one in avoided),
        favorite_cuisines=preferences.favorite_cuisines,
        cooking_methods=preferences.cooking_methods,
        spice_level=preferences.spice_level,
        skill_level=preferences.skill_level,
        household_size=preferences.household_size,
        budget_level=preferences.budget_level,
        health_goals=preferences.health_goals,
    )
