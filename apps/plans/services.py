"""Plans: filled from the catalogue at once, remaining gaps by a job; edited meal by meal."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare

from apps.core import ids, outbox, own_deletions, transactions
from apps.core.authentication import Actor
from apps.core.keys import HOUSEHOLD
from apps.core.preconditions import Check, any_version
from apps.core.transactions import Transaction, retry_conflicts
from apps.households import services as households
from apps.households.services import Holder
from apps.jobs import services as jobs
from apps.pantry import services as pantry
from apps.plans import choosing, dishes, repositories
from apps.plans.choosing import Course
from apps.plans.dishes import Dish
from apps.plans.errors import (
    NothingElseFits,
    PlanExists,
    PlanNotFound,
    SlotNotFound,
    UnsafeForEaters,
    WrongDay,
    WrongLeftovers,
)
from apps.plans.models import Brief, PlanMeal, PlanRow, PlanStatus, Slot, days_exchanged, moved
from apps.recipes.errors import RecipeNotFound
from apps.suggestions.safety import Limits
from apps.users import services as users
from smartcooking.contract import queues

__all__ = ["Brief", "PlanView", "Slot"]

FILL = outbox.Task("plans.fill", queues.DEFAULT)
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


def create(*, plan_id: str, brief: Brief, actor: Actor) -> PlanView:
    """Plan meals from the catalogue at once; repeating the id returns the plan. A job fills the gaps.

    `NotInHousehold` if an eater does not belong to the household. Reads the pantry if the brief says to use it.
    """
    holder = households.holder_of(actor.id)
    brief = _with_eaters(brief, holder, actor)
    limits = limits_for(brief, actor=actor)
    slots = [
        Slot(ids.derived_id(plan_id, day.isoformat(), meal), day.isoformat(), meal, brief.servings)
        for day in brief.dates
        for meal in brief.meals
    ]
    course = course_of(brief, plan_id, actor, (), {})
    return _store(
        plan_id, brief, choosing.fill(slots, dishes.pool(limits, sorted(course.urgent)), course), actor, holder
    )


def _with_eaters(brief: Brief, holder: Holder, actor: Actor) -> Brief:
    """Without named eaters, have the whole household eat: the plan then has to be safe for everybody in it."""
    return brief if brief.eaters else replace(brief, eaters=tuple(households.members_of(holder)))


def limits_for(brief: Brief, *, actor: Actor) -> Limits:
    """Return the current combined limits of those who eat."""
    eaters = [one for one in brief.eaters if one != actor.id]
    return to_limits(households.limits_of(eaters, actor=actor))


def to_limits(found: households.Limits) -> Limits:
    from apps.core.food import ALLERGENS  # noqa: PLC0415

    named = frozenset(found.allergies).intersection(ALLERGENS)
    return Limits(named, frozenset(found.allergies) - named, frozenset(found.diets), found.accepts_traces)


def course_of(
    brief: Brief, seed: str, actor: Actor, slots: Sequence[Slot], known: dict[str, Dish], *, but: str | None = None
) -> Course:
    """Return the state that the rules look at: the pantry, and the dishes in the slots."""
    course = Course(brief, seed)
    if brief.use_pantry:
        today = users.local_time(actor.id).date()
        good = pantry.good_lots(actor.id, today=today)
        course.at_home = frozenset(good)
        course.urgent = frozenset(id_ for id_, lots in good.items() if any(lot.expires_soon(today) for lot in lots))
    for slot in slots:
        if slot.id != but and slot.leftovers_of is None and slot.recipe_id in known:
            course.note(known[slot.recipe_id], slot.date)
    return course


@retry_conflicts
def _store(plan_id: str, brief: Brief, slots: Sequence[Slot], actor: Actor, holder: Holder) -> PlanView:
    row = repositories.fresh_plan(holder, plan_id, by_id=actor.id)
    row.brief, row.slots = asdict(brief), slots
    transaction = Transaction()
    if any(slot.recipe_id is None and slot.leftovers_of is None for slot in slots):
        _begin_filling(transaction, row, actor, holder)
    repositories.add_plan(transaction, row)
    try:
        transaction.commit()
    except PlanExists:
        return get_plan(plan_id, actor=actor)
    return _view(row, holder, actor)


def _begin_filling(transaction: Transaction, row: PlanRow, actor: Actor, holder: Holder) -> None:
    row.status, row.job_id = PlanStatus.FILLING.value, ids.new_id()
    jobs.create(
        transaction,
        job_id=row.job_id,
        kind=jobs.Kind.PLAN,
        task=FILL,
        user_id=actor.id,
        parameters={"plan_id": row.id, "scope": holder.scope, "holder_id": holder.id},
    )


def get_plan(plan_id: str, *, actor: Actor) -> PlanView:
    """Return a plan of the actor or their household; `PlanNotFound` for all others."""
    holder = households.holder_of(actor.id)
    return _view(_read(holder, plan_id), holder, actor)


def _read(holder: Holder, plan_id: str) -> PlanRow:
    row = repositories.read_plan(holder, plan_id) if ids.is_id(plan_id) else None
    if row is None:
        raise PlanNotFound
    return row


def _view(row: PlanRow, holder: Holder, actor: Actor) -> PlanView:
    """Check the dishes again on display: a new allergy removes dishes that were planned before."""
    members = frozenset(households.members_of(holder))
    found = _load_dishes(row, row.slots, members, actor)
    limits = current_limits(row, actor, members)
    safe = {id_: dish for id_, dish in found.items() if dishes.is_safe(dish, limits)}
    return PlanView(row, holder, safe, frozenset(found.keys() - safe.keys()))


def _load_dishes(row: PlanRow, slots: Sequence[Slot], members: frozenset[str], actor: Actor) -> dict[str, Dish]:
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


def current_limits(row: PlanRow, actor: Actor, members: frozenset[str] | None = None) -> Limits:
    """Return the limits of those who eat and are still members; former members are not cooked for."""
    brief = row.asked
    if members is None:
        members = frozenset(households.members_of(households.holder_of(actor.id)))
    return limits_for(replace(brief, eaters=tuple(one for one in brief.eaters if one in members)), actor=actor)


def list_plans(*, actor: Actor, limit: int, after: Any) -> tuple[list[PlanRow], Any]:
    found = repositories.page_of_plans(households.holder_of(actor.id), limit=limit, after=after)
    return found.items, found.next


def list_planned_recipes(user_id: str) -> set[str]:
    """Return the ids of the recipes in all plans of a person or their household."""
    plans = _all_plans(households.holder_of(user_id))
    return {slot.recipe_id for plan in plans for slot in plan.slots if slot.recipe_id}


def _all_plans(holder: Holder) -> Iterator[PlanRow]:
    after = None
    while True:
        found = repositories.page_of_plans(holder, limit=_PLANS_AT_ONCE, after=after)
        yield from found.items
        if found.next is None:
            return
        after = found.next


@retry_conflicts
def delete_plan(plan_id: str, *, actor: Actor, check: Check = any_version) -> None:
    """Delete a plan. Idempotent."""
    with own_deletions.repeatable(actor.id, plan_id, PlanNotFound):
        row = _read(households.holder_of(actor.id), plan_id)
        check(int(row.version or 0))
        transaction = Transaction()
        transaction.delete(row)
        own_deletions.record_deletion(transaction, user_id=actor.id, deleted=plan_id)
        transaction.commit()


@retry_conflicts
def change(
    plan_id: str, *, actor: Actor, changes: Sequence[SlotChange], exchange: tuple[str, str] | None, check: Check
) -> PlanView:
    """Change slots of a plan in the given order, and swap two days; all of it or nothing."""
    holder = households.holder_of(actor.id)
    row = _read(holder, plan_id)
    slots = row.slots
    if exchange:
        _require_days(row.asked, exchange)
        slots = days_exchanged(slots, *exchange)
    for one in changes:
        slots = _changed(slots, one, row, actor)
    _require_leftovers_later(slots)
    if slots != row.slots:
        check(int(row.version or 0))
        row.slots = slots
        transactions.save(row)
    return _view(row, holder, actor)


def _require_days(brief: Brief, days: Sequence[str]) -> None:
    if not {day.isoformat() for day in brief.dates}.issuperset(days):
        raise WrongDay


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
    known = _load_dishes(row, slots, members, actor)
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


def copy(plan_id: str, *, new_id: str, start: str, actor: Actor) -> PlanView:
    """Copy a plan to another start date; dishes that are no longer safe or available are chosen anew."""
    holder = households.holder_of(actor.id)
    old = _view(_read(holder, plan_id), holder, actor)
    brief = replace(old.row.asked, start=start, weather={}, rainy=())
    apart = date.fromisoformat(start) - date.fromisoformat(old.row.asked.start)
    new_ids = {slot.id: ids.derived_id(new_id, slot.id) for slot in old.row.slots}
    slots = [_copied(slot, new_ids, apart, old, actor) for slot in old.row.slots]
    course = course_of(brief, new_id, actor, slots, old.dishes)
    filled = choosing.fill(slots, dishes.pool(current_limits(old.row, actor), sorted(course.urgent)), course)
    return _store(new_id, brief, filled, actor, holder)


def _copied(slot: Slot, new_ids: dict[str, str], apart: timedelta, old: PlanView, actor: Actor) -> Slot:
    chosen_by = slot.by_id or old.row.by_id
    moved_to = replace(
        slot, id=new_ids[slot.id], date=(date.fromisoformat(slot.date) + apart).isoformat(),
        leftovers_of=new_ids.get(slot.leftovers_of or ""), by_id=chosen_by if chosen_by != actor.id else None,
    )  # fmt: skip
    if slot.recipe_id in old.dishes:
        return moved_to
    return replace(moved_to, recipe_id=None, by_id=None, leftovers_of=None, why=())


def forget_member(household_id: str, user_id: str, *, left_at: str) -> None:
    """Close the calendars of a household's plans to somebody who has left, and remove them as chooser of dishes.

    The calendars get new URLs, since the former member knows the old ones. The URLs are derived from the event, so that
    a repetition doesn't change them again.
    """
    holder = Holder(HOUSEHOLD, household_id)
    for plan_id in [row.id for row in _all_plans(holder)]:
        _forget_member(plan_id, holder, user_id, left_at)


@retry_conflicts
def _forget_member(plan_id: str, holder: Holder, user_id: str, left_at: str) -> None:
    row = repositories.read_plan(holder, plan_id)
    if row is None:
        return
    row.secret = repositories.derived_secret(plan_id, user_id, left_at)
    row.slots = [replace(slot, by_id=None) if slot.by_id == user_id else slot for slot in row.slots]
    transactions.save(row)


def calendar_address(view: PlanView) -> str:
    """Return the URL of a plan's calendar: anybody who has it can read the plan, until the URL is replaced.

    It is replaced when a member leaves the household.
    """
    key = f"{view.holder.scope.lower()}.{view.holder.id}.{view.row.secret}"
    return f"{settings.FRONTEND_URL}/v1/plans/{view.row.id}.ics?key={key}"


@retry_conflicts
def change_calendar_address(plan_id: str, *, actor: Actor) -> PlanView:
    """Replace the calendar's secret URL; the old one stops working at once."""
    holder = households.holder_of(actor.id)
    row = _read(holder, plan_id)
    row.secret = repositories.new_secret()
    transactions.save(row)
    return _view(row, holder, actor)


def open_calendar(plan_id: str, key: str) -> PlanView:
    """Return the plan that a secret URL opens; `PlanNotFound` for a wrong one."""
    scope, _, rest = key.partition(".")
    holder_id, _, secret = rest.rpartition(".")
    holder = Holder(scope.upper(), holder_id)
    if scope not in {"user", "household"} or not holder_id or "#" in holder_id or not ids.is_id(plan_id):
        raise PlanNotFound
    row = repositories.read_plan(holder, plan_id)
    if row is None or not constant_time_compare(row.secret, secret):
        raise PlanNotFound
    members = households.members_of(holder)
    if not members:
        raise PlanNotFound
    reader = row.by_id if row.by_id in members else members[0]
    return _view(row, holder, Actor(reader, ""))
