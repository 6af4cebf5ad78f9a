"""Read plans as a person sees them: with the dishes that they may see, and that are safe for everybody who eats."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.core import ids
from apps.core.authentication import Actor
from apps.households import services as households
from apps.households.services import Holder
from apps.plans import dishes, repositories
from apps.plans.dishes import Dish
from apps.plans.eaters import current_limits
from apps.plans.errors import PlanNotFound
from apps.plans.models import PlanRow, Slot

_PLANS_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan as one person sees it: `dishes` are those of its recipes that they may see and that are safe.

    `unsafe` are ids of existing recipes that are not safe for everybody who eats.
    """

    row: PlanRow
    holder: Holder
    dishes: dict[str, Dish]
    unsafe: frozenset[str]


def get_row(holder: Holder, plan_id: str) -> PlanRow:
    """Return the row of a plan; `PlanNotFound` if its holder has no such plan."""
    row = repositories.read_plan(holder, plan_id) if ids.is_id(plan_id) else None
    if row is None:
        raise PlanNotFound
    return row


def view_of(row: PlanRow, holder: Holder, actor: Actor) -> PlanView:
    """Check the dishes again on display: a new allergy removes dishes that were planned before."""
    members = frozenset(households.members_of(holder))
    found = load_dishes(row, row.slots, members, actor)
    limits = current_limits(row, actor, members)
    safe = {id_: dish for id_, dish in found.items() if dishes.is_safe(dish, limits)}
    return PlanView(row, holder, safe, frozenset(found.keys() - safe.keys()))


def load_dishes(row: PlanRow, slots: Sequence[Slot], members: frozenset[str], actor: Actor) -> dict[str, Dish]:
    """Return the dishes of slots that may be shown to those who share the plan.

    The planner, and a current member who chose a dish, show them the dishes that they may see themselves.
    """
    asked = defaultdict[str, list[str]](list)
    for slot in slots:
        if slot.recipe_id:
            asked[slot.by_id if slot.by_id in members and slot.by_id else row.by_id].append(slot.recipe_id)
    found: dict[str, Dish] = {}
    for reader, recipe_ids in asked.items():
        found |= dishes.load(recipe_ids, actor=actor if reader == actor.id else Actor(reader, ""))
    return found


def all_plans(holder: Holder) -> Iterator[PlanRow]:
    after = None
    while True:
        found = repositories.page_of_plans(holder, limit=_PLANS_AT_ONCE, after=after)
        yield from found.items
        if found.next is None:
            return
        after = found.next
