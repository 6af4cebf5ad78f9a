"""Single flight: a request for what is being generated already waits for that result, at no cost."""

from collections.abc import Sequence

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
    """Serve those who wait for this suggestion's recipes, then let the next one lead. Safe to repeat.

    From `begin_landing` on nobody joins, so none is overlooked; the flight ends only when all have been served, so a
    run that is killed in between is taken up again.
    """
    flight = repository.read(fingerprint)
    if flight is None or flight.suggestion_id != suggestion_id:
        return
    leader = repositories.read(flight.user_id, suggestion_id)
    if not repository.begin_landing(flight):
        return
    served = 0
    for follower in repository.followers(fingerprint):
        if leader is not None:
            _serve(follower.user_id, keys.last_part(follower.sk), leader)
        follower.delete(add_version_condition=False)
        served += 1
    repository.end(flight)
    if served:
        log.info("single_flight_finished", suggestion_id=suggestion_id, followers=served)


@retry_conflicts
def _serve(user_id: str, suggestion_id: str, leader: SuggestionRow) -> None:
    """Complete one suggestion with what its leader got; whoever is served twice gets it once."""
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


def reuse(transaction: Transaction, row: SuggestionRow, made: Sequence[Entry]) -> None:
    """Put recipes that were generated for somebody else into a suggestion, and let its owner see them."""
    row.recipes = [*row.recipes, *(one.as_stored() for one in made)]
    row.cost_saved_usd = round(float(row.cost_saved_usd) + saved(len(made)), 6)
    recipes.grant_access(transaction, [one.recipe_id for one in made], user_id=row.user_id)


def saved(count: int) -> float:
    """Return the US dollars that so many recipes would have cost to generate."""
    return round(count * settings.AI_RECIPE_COST_USD, 6)
