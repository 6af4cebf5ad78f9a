"""Those who eat what is planned, and the limits on it: everybody's allergies and diets together."""

from dataclasses import replace

from apps.core.authentication import Actor
from apps.core.food import ALLERGENS
from apps.households import services as households
from apps.households.services import Holder
from apps.plans.models import Brief, PlanRow
from apps.suggestions.safety import Limits


def with_eaters(brief: Brief, holder: Holder, actor: Actor) -> Brief:
    """Without named eaters, have the whole household eat: the plan then has to be safe for everybody in it."""
    return brief if brief.eaters else replace(brief, eaters=tuple(households.members_of(holder)))


def limits_for(brief: Brief, *, actor: Actor) -> Limits:
    """Return the current combined limits of those who eat."""
    eaters = [one for one in brief.eaters if one != actor.id]
    return to_limits(households.limits_of(eaters, actor=actor))


def current_limits(row: PlanRow, actor: Actor, members: frozenset[str] | None = None) -> Limits:
    """Return the limits of those who eat and are still members; former members are not cooked for."""
    brief = row.asked
    if members is None:
        members = frozenset(households.members_of(households.holder_of(actor.id)))
    return limits_for(replace(brief, eaters=tuple(one for one in brief.eaters if one in members)), actor=actor)


def to_limits(found: households.Limits) -> Limits:
    named = frozenset(found.allergies).intersection(ALLERGENS)
    return Limits(named, frozenset(found.allergies) - named, frozenset(found.diets), found.accepts_traces)
