"""Fill the gap of a suggestion in the worker: all recipes in parallel, each stored as soon as it is ready."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from concurrent.futures import TimeoutError as FutureTimeout
from contextvars import copy_context
from datetime import datetime, timedelta

import structlog
from django.conf import settings

from apps.core import clock, ids, keys, problems
from apps.core.authentication import Actor
from apps.core.errors import Conflict, Unavailable
from apps.core.language import current
from apps.core.transactions import Transaction, retry_conflicts
from apps.households import services as households
from apps.ingredients import services as ingredients
from apps.recipes import services as recipes
from apps.recipes.content import RecipeContent
from apps.recipes.errors import RecipeExists
from apps.suggestions import announcements, messages, metrics, repositories, safety, statistics
from apps.suggestions.at_hand import satisfied
from apps.suggestions.entries import Entry, entries_of
from apps.suggestions.fits import Fit
from apps.suggestions.generation import attempts, budget, configuration, requests, single, single_flight
from apps.suggestions.generation.attempts import Attempt, Outcome, Provider
from apps.suggestions.generation.breakers import Breakers
from apps.suggestions.models import GenerationRecord, Status, SuggestionRow
from apps.suggestions.providers import registry
from apps.suggestions.providers.port import Failure, Usage
from apps.suggestions.repositories import budget as reservations
from apps.suggestions.repositories import single_flight as generations
from apps.users import services as users

log = structlog.get_logger()

# An older suggestion is abandoned: five deliveries of its message take six minutes.
ABANDONED_AFTER = timedelta(minutes=10)
# Seconds after the deadline within which calls end by themselves, so that their cost becomes known.
_GRACE = 0.3
# The outcome of a call whose worker was killed: it may be billed.
LOST = "lost"


def generate(user_id: str, suggestion_id: str) -> None:
    """Fill the gap of a suggestion. Safe to repeat and to run concurrently.

    Each recipe's id is derived from the suggestion and its number. One transaction stores it with its entry, its cost
    record and the mark that its number is done, so a second run finds it done.
    """
    row = repositories.read(user_id, suggestion_id)
    if row is None or row.follows or not row.plan:
        return
    if row.status != Status.COMPLETE:
        current.set(row.request["language"])
        late = _make_all(row)
        _end(user_id, suggestion_id, late=late)
    single_flight.finish(row.request["fingerprint"], suggestion_id)


def _make_all(row: SuggestionRow) -> int:
    """Generate the open recipes in parallel; return how many were not ready in time."""
    wanted = _wanted(configuration.current())
    _prepare(wanted)
    deadline = time.monotonic() + settings.AI_DEADLINE
    open_ = {number: method for number, method in row.plan.items() if number not in row.done}
    if not open_:
        return 0
    suggestion_id = keys.last_part(row.sk)
    log.info("generation_started", suggestion_id=suggestion_id, recipes=len(open_))
    tastes = users.load_tastes(user_id=row.user_id)
    actor = Actor(row.user_id, "")
    preferences = households.widen(tastes.preferences, row.request.get("eaters", ()), actor=actor, strict=False)
    limits = safety.limits_of(preferences)
    providers, is_resumed = budget.hold(
        suggestion_id, wanted, user_id=row.user_id, asked_at=row.created_at, recipes=len(open_),
        configured=configuration.current(),
    )  # fmt: skip
    if is_resumed:
        _record_lost(row, list(open_))
    breakers = Breakers([provider.name for provider in providers if provider.name != attempts.OURS])
    foreign = any(provider.name != attempts.OURS for provider in providers)
    person = requests.person(preferences, users.load_demographics(user_id=row.user_id) if foreign else None)
    executor = ThreadPoolExecutor(max_workers=len(open_), thread_name_prefix="generate")
    try:
        making = {
            executor.submit(
                copy_context().run, attempts.make, requests.request(row, number, method, person),
                limits=limits, deadline=deadline, providers=providers, breakers=breakers,
            ): number
            for number, method in open_.items()
        }  # fmt: skip
        return _store_as_they_come(row, making, deadline, shortage=_shortage(wanted, providers))
    finally:
        # Do not wait for late calls: their own timeouts end them.
        executor.shutdown(wait=False, cancel_futures=True)


def _prepare(providers: Sequence[Provider]) -> None:
    """Load caches of the process before the clock starts: on a small task that takes longer than the deadline."""
    ingredients.load()
    for provider in providers:
        registry.prepare(provider.name)


def _wanted(configured: configuration.AiSettings) -> list[Provider]:
    return [Provider(name, configured.model(name)) for name in configured.providers]


def _shortage(wanted: Sequence[Provider], providers: Sequence[Provider]) -> str | None:
    """Return the code of the warning if the budget excluded the models."""
    return "ai_budget_exhausted" if len(providers) < len(wanted) else None


def _store_as_they_come(
    row: SuggestionRow, making: dict[Future[Outcome], str], deadline: float, *, shortage: str | None
) -> int:
    remaining = dict(making)
    suggestion_id = keys.last_part(row.sk)
    try:
        for future in as_completed(making, timeout=max(0.0, deadline + _GRACE - time.monotonic())):
            number = remaining.pop(future)
            _store(row.user_id, suggestion_id, number, future.result(), shortage)
    except FutureTimeout:
        log.warning("generation_late", suggestion_id=suggestion_id, late=len(remaining))
    for number in remaining.values():
        _store(row.user_id, suggestion_id, number, _nothing(Failure.TIMEOUT.value), shortage)
    return len(remaining)


def _nothing(outcome: str, *, missed_ai: bool = False) -> Outcome:
    return Outcome(None, None, (Attempt(Usage("unknown", ""), outcome),), missed_ai)


@retry_conflicts
def _store(user_id: str, suggestion_id: str, number: str, outcome: Outcome, shortage: str | None) -> None:
    """Store one recipe, or its failure, with its cost records; does nothing if its number is done."""
    row = repositories.read(user_id, suggestion_id)
    if row is None or number in row.done or row.status == Status.COMPLETE:
        return
    transaction = Transaction()
    if outcome.content is not None and outcome.source is not None:
        recipe_id = generated_id(suggestion_id, number)
        recipes.add_generated_recipe(
            transaction, recipe_id=recipe_id, content=outcome.content, source=outcome.source, user_id=user_id
        )
        row.recipes = [*row.recipes, entry(recipe_id, outcome.source.value, outcome.content, row).as_stored()]
    row.done = [*row.done, number]
    row.cost_usd = round(float(row.cost_usd) + sum(attempt.usage.cost_usd for attempt in outcome.attempts), 8)
    row.warnings = messages.with_warning(row.warnings, shortage or ("ai_unavailable" if outcome.missed_ai else None))
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


def _record_lost(row: SuggestionRow, numbers: Sequence[str]) -> None:
    """Record the calls of a killed run: they were made, but their cost is unknown."""
    log.warning("generation_resumed", suggestion_id=keys.last_part(row.sk), recipes=len(numbers))
    for number in numbers:
        repositories.put_record(_record(row, f"{number}-{LOST}", Attempt(Usage("unknown", ""), LOST)))


def entry(recipe_id: str, source: str, content: RecipeContent, row: SuggestionRow) -> Entry:
    """Return how a generated recipe fits the named ingredients, without staples and optional ingredients."""
    meets = {
        id_ for named in row.request["ingredient_ids"] if (one := ingredients.find(named)) for id_ in satisfied(one)
    }
    counted = [line for line in content.ingredients if not line.optional and not _is_staple(line.ingredient_id)]
    have = tuple(line.ingredient_id for line in counted if line.ingredient_id and line.ingredient_id in meets)
    missing = tuple(line.ingredient_id or line.name for line in counted if line.ingredient_id not in meets)
    score = round(len(have) / len(counted), 3) if counted else 1.0
    return Entry(recipe_id, source, Fit(score, have, missing))


def _is_staple(ingredient_id: str | None) -> bool:
    ingredient = ingredients.find(ingredient_id) if ingredient_id else None
    return bool(ingredient and ingredient.staple)


@retry_conflicts
def _end(user_id: str, suggestion_id: str, *, late: int) -> None:
    """Settle the budget and then close the suggestion; a run that is killed in between repeats both."""
    row = repositories.read(user_id, suggestion_id)
    if row is None or row.status == Status.COMPLETE:
        return
    budget.settle(row, suggestion_id)
    made = [one.as_stored() for one in entries_of(row) if one.source != "catalogue"]
    missing = int(row.reserved) - len(made)
    row.status, row.completed_at = Status.COMPLETE.value, clock.now()
    row.warnings = [*row.warnings, *_shortfall(missing, late)]
    transaction = Transaction()
    transaction.save(row)
    statistics.add(transaction, row)
    day = clock.parse(str(row.reserved_on)).date()
    repositories.give_back(transaction, user_id=user_id, day=day, count=missing)
    if row.recipes:
        transaction.after(announcements.ANNOUNCE, user_id, suggestion_id)
    transaction.commit()
    metrics.completed(row)
    if made and not missing:
        seconds = settings.AI_CACHE_SECONDS
        repositories.cache(row.request["fingerprint"], made, cost_usd=float(row.cost_usd), seconds=seconds)
    log.info("generation_done", suggestion_id=suggestion_id, made=len(made), missing=missing, cost=float(row.cost_usd))


def _shortfall(missing: int, late: int) -> Iterator[dict[str, object]]:
    if late:
        yield messages.warning("too_late", count=late)
    if missing > late:
        yield messages.warning("not_generated", count=missing - late)


def end_abandoned(*, before: datetime | None = None) -> int:
    """Close abandoned suggestions and return their quota and budget; return how many were closed.

    A message that failed five times is in the dead-letter queue, and its suggestion would be "generating" for ever.
    """
    before = before or clock.now() - ABANDONED_AFTER
    left = {(row.user_id, row.suggestion_id) for row in generations.list_abandoned(before)}
    for month in {budget.month_of(before), budget.month_of(clock.now())}:
        held = reservations.reservations(month)
        left |= {(one.user_id, one.suggestion_id) for one in held if one.since < clock.epoch(before)}
    return sum(_try_to_abandon(user_id, suggestion_id) for user_id, suggestion_id in sorted(left))


def _try_to_abandon(user_id: str, suggestion_id: str) -> bool:
    """Close one suggestion and return whether it worked: a failure must not keep others open."""
    try:
        _abandon(user_id, suggestion_id)
    except Exception as error:
        if not problems.is_outage(error) and not isinstance(error, Unavailable):
            raise
        log.warning("generation_not_ended", suggestion_id=suggestion_id, error=type(error).__name__)
        return False
    return True


def _abandon(user_id: str, suggestion_id: str) -> None:
    row = repositories.read(user_id, suggestion_id)
    if row is None:
        # The recipe belongs to a plan, or its owner is gone.
        single.close(suggestion_id, before=clock.now())
        return
    log.error("generation_abandoned", suggestion_id=suggestion_id)
    current.set(row.request["language"])
    for number in row.plan:
        _store(user_id, suggestion_id, number, _nothing(LOST), None)
    _end(user_id, suggestion_id, late=0)
    budget.settle(row, suggestion_id)
    single_flight.finish(row.request["fingerprint"], suggestion_id)
