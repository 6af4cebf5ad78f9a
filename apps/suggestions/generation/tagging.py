"""Tagging recipes by a model: what rules do not know, within the budget of generation, recorded like every other call.

Rules say what they know by themselves (`recipes/tags.py`); where no model can be asked they are all there is.
"""

import time
from collections.abc import Sequence
from dataclasses import replace

import structlog
from django.conf import settings

from apps.core import clock, ids
from apps.core.tasks import TransientFailure
from apps.core.transactions import WriteConflict
from apps.recipes import tagging
from apps.recipes.tagging import Untagged
from apps.suggestions import metrics
from apps.suggestions.errors import QuotaExceeded
from apps.suggestions.generation import budget, configuration, single, tag_questions
from apps.suggestions.generation.attempts import Attempt, Provider
from apps.suggestions.generation.breakers import Breakers
from apps.suggestions.generation.single import Order
from apps.suggestions.models import TagAnswerRow
from apps.suggestions.providers import registry
from apps.suggestions.providers.port import GenerationFailed, Question, Usage
from apps.suggestions.repositories import tag_answers

log = structlog.get_logger()

# Seconds after the deadline for storing the answer; a run that takes longer has been killed.
_STORING = 4.0
LOST = "lost"


def tag_recipe(recipe_id: str) -> None:
    """Have a model tag a recipe, or reuse its answer to the same question. Safe to repeat and to interrupt.

    TransientFailure while another worker asks the same. Nothing is tried again where no model answers: the next text
    of the recipe, or its approval, asks anew.
    """
    models = single.models()
    untagged = tagging.find_untagged(recipe_id) if models else None
    asked = tag_questions.question(untagged) if untagged else None
    if untagged is None or asked is None:
        return
    found = _answer(untagged, asked, models)
    if found is not None and tagging.keep_ai_tags(untagged, found):
        log.info("recipe_tagged", recipe_id=recipe_id, tags=len(found))


def _answer(untagged: Untagged, asked: Question, models: list[Provider]) -> dict[str, float] | None:
    """Return the stored answer to a question, or a model's; None if no model may be called or none answers."""
    row = tag_answers.read(asked.hash)
    if row is not None and row.found is not None and not row.is_expired:
        return dict(row.found)
    if row is not None and clock.epoch(clock.now()) < int(row.asked_until):
        raise TransientFailure("another worker asks this")
    lasts, most = settings.AI_DEADLINE + _STORING, settings.AI_TAGS_DAILY_QUOTA
    try:
        row = tag_answers.begin(
            asked.hash, row, user_id=untagged.for_user, day=clock.now().date(), most=most, seconds=lasts
        )
    except WriteConflict as conflict:
        raise TransientFailure("another worker asks this") from conflict
    except QuotaExceeded:
        log.info("tags_quota_used_up", recipe_id=untagged.stored.id)
        return None
    found = _ask(untagged, asked, models, row)
    tag_answers.end(row, found)
    return found


def _ask(untagged: Untagged, asked: Question, models: list[Provider], row: TagAnswerRow) -> dict[str, float] | None:
    """Call the models in order, once each, while the month's budget lasts."""
    now = clock.now()
    order = Order(ids.derived_id("tags", asked.hash, str(row.runs), at=now), untagged.for_user, now)
    if int(row.runs) > 1:
        # The cost of a killed run is unknown; `end_generations` counts its reservation as spent.
        lost = replace(order, id=ids.derived_id("tags", asked.hash, str(int(row.runs) - 1), at=now))
        single.record(lost, [Attempt(Usage(models[0].name, models[0].model, prompt_hash=asked.hash), LOST)])
    providers, _ = budget.hold(
        order.id, models, user_id=order.user_id, asked_at=order.asked_at, recipes=1,
        configured=configuration.current(),
    )  # fmt: skip
    attempts: list[Attempt] = []
    found = _along(providers, asked, attempts)
    single.record(order, attempts)
    single.settle(order, attempts)
    return found


def _along(providers: Sequence[Provider], asked: Question, attempts: list[Attempt]) -> dict[str, float] | None:
    deadline = time.monotonic() + settings.AI_DEADLINE
    breakers = Breakers([provider.name for provider in providers])
    for provider in providers:
        if not breakers.lets_through(provider.name):
            metrics.spared(provider.name, provider.model)
            continue
        try:
            answer = registry.MODELS[provider.name](asked, deadline=deadline, model=provider.model)
            breakers.succeeded(provider.name)
            found = tag_questions.read(answer, asked)
        except GenerationFailed as failed:
            _note(attempts, provider, Attempt(failed.usage, failed.failure.value))
            breakers.failed(provider.name, failed.failure)
            log.warning("tagging_failed", provider=provider.name, failure=failed.failure.value, detail=failed.detail)
            continue
        _note(attempts, provider, Attempt(answer.usage, "stored"))
        return found
    return None


def _note(attempts: list[Attempt], provider: Provider, attempt: Attempt) -> None:
    attempts.append(attempt)
    metrics.called(provider.name, provider.model, attempt.usage, attempt.outcome)
