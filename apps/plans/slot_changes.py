"""Changes to the slots of a plan: swap, choose, lock, move or clear a meal, or plan leftovers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from apps.core import ids
from apps.core.authentication import Actor
from apps.households import services as households
from apps.plans import choosing, dishes
from apps.plans.courses import course_of
from apps.plans.eaters import current_limits
from apps.plans.errors import NothingElseFits, SlotNotFound, UnsafeForEaters, WrongDay, WrongLeftovers
from apps.plans.models import Brief, PlanMeal, PlanRow, Slot, days_exchanged, moved
from apps.plans.reading import load_dishes
from apps.recipes.errors import RecipeNotFound


@dataclass(frozen=True, slots=True)
class SlotChange:
    """Changes to a slot; None keeps a field. `swap` asks for another dish, `recipe_id` for a given one."""

    id: str
    swap: bool = False
    recipe_id: str | None = None
    locked: bool | None = None
    servings: int | None = None
    date: str | None = None
    meal: str | None = None
    leftovers_of: str | None = None
    cleared: bool = False


def changed(
    row: PlanRow, changes: Sequence[SlotChange], *, exchange: tuple[str, str] | None, actor: Actor
) -> list[Slot]:
    """Return the slots of a plan after swapping two days, and then the changes in their order. Writes nothing."""
    slots = row.slots
    if exchange:
        _require_days(row.asked, exchange)
        slots = days_exchanged(slots, *exchange)
    for one in changes:
        slots = _changed(slots, one, row, actor)
    _require_leftovers_later(slots)
    return slots


def _changed(slots: list[Slot], one: SlotChange, row: PlanRow, actor: Actor) -> list[Slot]:
    slot = next((slot for slot in slots if slot.id == one.id), None)
    if slot is None:
        raise SlotNotFound
    if one.date or one.meal:
        _require_days(row.asked, [one.date or slot.date])
        slots = moved(slots, slot.id, day=one.date or slot.date, meal=one.meal or slot.meal)
        slot = next(other for other in slots if other.id == one.id)
    if one.locked is not None:
        slot = replace(slot, locked=one.locked)
    if one.servings is not None:
        slot = replace(slot, servings=one.servings)
    if one.leftovers_of:
        slot = _leftovers(slot, slots, one.leftovers_of)
    elif one.cleared:
        slot = replace(slot, recipe_id=None, leftovers_of=None, why=(("empty", ""),))
    elif one.recipe_id:
        slot = _chosen(slot, one.recipe_id, row, actor)
    elif one.swap:
        slot = _swapped(slot, slots, row, actor)
    changed = [slot if other.id == slot.id else other for other in slots]
    return [_without_source(other, slot) for other in changed]


def _require_days(brief: Brief, days: Sequence[str]) -> None:
    if not {day.isoformat() for day in brief.dates}.issuperset(days):
        raise WrongDay


def _without_source(other: Slot, slot: Slot) -> Slot:
    """Clear leftovers whose dish is gone or was replaced."""
    if other.leftovers_of == slot.id and other.recipe_id != slot.recipe_id:
        return replace(other, leftovers_of=None, recipe_id=None, why=(("empty", ""),))
    return other


def _leftovers(slot: Slot, slots: Sequence[Slot], source_id: str) -> Slot:
    source = next((other for other in slots if other.id == source_id), None)
    if source is None or source.id == slot.id or source.leftovers_of or source.recipe_id is None:
        raise WrongLeftovers
    return replace(
        slot, recipe_id=source.recipe_id, by_id=source.by_id, leftovers_of=source.id, why=(("leftovers", ""),)
    )


def _require_leftovers_later(slots: Sequence[Slot]) -> None:
    """Refuse leftovers of a dish that is cooked later. Cooked food keeps for three days (USDA: three to four)."""
    places = {slot.id: slot for slot in slots}
    order = {meal.value: number for number, meal in enumerate(PlanMeal)}
    for slot in slots:
        source = places.get(slot.leftovers_of or "")
        if source is None:
            continue
        apart = date.fromisoformat(slot.date) - date.fromisoformat(source.date)
        is_later = (slot.date, order[slot.meal]) > (source.date, order[source.meal])
        if not is_later or apart > timedelta(days=3):
            raise WrongLeftovers


def _chosen(slot: Slot, recipe_id: str, row: PlanRow, actor: Actor) -> Slot:
    found = dishes.load([recipe_id], actor=actor)
    if recipe_id not in found:
        raise RecipeNotFound
    if not dishes.is_safe(found[recipe_id], current_limits(row, actor)):
        raise UnsafeForEaters
    by_id = actor.id if actor.id != row.by_id else None
    return replace(slot, recipe_id=recipe_id, by_id=by_id, leftovers_of=None, why=(("chosen", ""),))


def _swapped(slot: Slot, slots: Sequence[Slot], row: PlanRow, actor: Actor) -> Slot:
    """Choose another dish for a slot, one that is not in the plan yet."""
    members = frozenset(households.members_of(households.holder_of(actor.id)))
    known = load_dishes(row, slots, members, actor)
    brief, limits = row.asked, current_limits(row, actor, members)
    course = course_of(brief, ids.new_id(), actor, slots, known, but=slot.id)
    held = frozenset(other.recipe_id for other in slots if other.recipe_id)
    candidates = dishes.pool(limits, sorted(course.urgent))
    for relaxed in range(3):
        dish = choosing.choose(slot, candidates, course, relaxed=relaxed, but=held)
        if dish:
            why = choosing.reasons(slot, dish, course) if not relaxed else (("relaxed", ""),)
            return replace(slot, recipe_id=dish.id, by_id=None, leftovers_of=None, why=why)
    raise NothingElseFits
