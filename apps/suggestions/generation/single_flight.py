"""Single-flight: a request whose answer is being generated already waits for that result at no cost."""

from collections.abc import Sequence
from itertools import zip_longest

import structlog
from django.conf import settings

from apps.core import clock, keys
from apps.core.language import current
from apps.core.transactions import Transaction, retry_conflicts
from apps.recipes import services as recipes
from apps.suggestions import announcements, messages, metrics, repositories, statistics
from apps.suggestions.entries import Entry, entries_of
from apps.suggestions.models import Status, SuggestionRow
from apps.suggestions.repositories import single_flight as repository

log = structlog.get_logger()


def finish(fingerprint: str, suggestion_id: str) -> None:
    """Complete the suggestions that follow this one, then end the generation. Safe to repeat.

    After `close_to_followers` nobody joins, so no follower is overlooked. The generation ends only when all have been
    served, so a run that is killed in between is resumed.
    """
    running = repository.read(fingerprint)
    if running is None or running.suggestion_id != suggestion_id:
        return
    leader = repositories.read(running.user_id, suggestion_id)
    if not repository.close_to_followers(running):
        return
    served = 0
    for follower in repository.followers(fingerprint):
        if leader is not None:
            _serve(follower.user_id, keys.last_part(follower.sk), leader)
        follower.delete(add_version_condition=False)
        served += 1
    repository.end(running)
    if served:
        log.info("single_flight_finished", suggestion_id=suggestion_id, followers=served)


@retry_conflicts
def _serve(user_id: str, suggestion_id: str, leader: SuggestionRow) -> None:
    """Complete one suggestion with its leader's recipes. Idempotent."""
    row = repositories.read(user_id, suggestion_id)
    if row is None or row.status == Status.COMPLETE:
        return
    current.set(row.request["language"])
    made = [one for one in entries_of(leader) if one.source != "catalogue"]
    missing = len(row.plan) - len(made)
    transaction = Transaction()
    reuse(transaction, row, made)
    if missing > 0:
        row.warnings = [*row.warnings, messages.warning("not_generated", count=missing)]
    row.status, row.completed_at = Status.COMPLETE.value, clock.now()
    transaction.save(row)
    statistics.add(transaction, row)
    if row.recipes:
        transaction.after(announcements.ANNOUNCE, user_id, suggestion_id)
    transaction.commit()
    metrics.completed(row)


def reuse(transaction: Transaction, row: SuggestionRow, made: Sequence[Entry], *, places: Sequence[int] = ()) -> None:
    """Add recipes that were generated for somebody else to a suggestion, and give its owner access.

    `places` are their positions in the answer that they come from, ascending; without them, they come last.
    """
    answer = list(row.recipes)
    for one, place in zip_longest(made, places[: len(made)]):
        answer.insert(len(answer) if place is None else place, one.as_stored())
    row.recipes = answer
    row.cost_saved_usd = round(float(row.cost_saved_usd) + saved(len(made)), 6)
    recipes.grant_access(transaction, [one.recipe_id for one in made], user_id=row.user_id)


def saved(count: int) -> float:
    """Return the estimated cost of generating so many recipes in US dollars."""
    return round(count * settings.AI_RECIPE_COST_USD, 6)
