"""Plans: filled from the catalogue at once, remaining gaps by a job; edited meal by meal."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from apps.core import ids, outbox, own_deletions, transactions
from apps.core.authentication import Actor
from apps.core.keys import HOUSEHOLD
from apps.core.preconditions import Check, any_version
from apps.core.transactions import Transaction, retry_conflicts
from apps.households import services as households
from apps.households.services import Holder
from apps.jobs import services as jobs
from apps.plans import choosing, dishes, repositories, slot_changes
from apps.plans.courses import course_of
from apps.plans.eaters import current_limits, limits_for, with_eaters
from apps.plans.errors import PlanExists, PlanNotFound
from apps.plans.models import Brief, PlanRow, PlanStatus, Slot
from apps.plans.reading import PlanView, all_plans, get_row, view_of
from apps.plans.slot_changes import SlotChange
from smartcooking.contract import queues

FILL = outbox.Task("plans.fill", queues.DEFAULT)


def create(*, plan_id: str, brief: Brief, actor: Actor) -> PlanView:
    """Plan meals from the catalogue at once; repeating the id returns the plan. A job fills the gaps.

    `NotInHousehold` if an eater does not belong to the household. Reads the pantry if the brief says to use it.
    """
    holder = households.holder_of(actor.id)
    brief = with_eaters(brief, holder, actor)
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
    return view_of(row, holder, actor)


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
    return view_of(get_row(holder, plan_id), holder, actor)


def list_plans(*, actor: Actor, limit: int, after: Any) -> tuple[list[PlanRow], Any]:
    found = repositories.page_of_plans(households.holder_of(actor.id), limit=limit, after=after)
    return found.items, found.next


def list_planned_recipes(user_id: str) -> set[str]:
    """Return the ids of the recipes in all plans of a person or their household."""
    plans = all_plans(households.holder_of(user_id))
    return {slot.recipe_id for plan in plans for slot in plan.slots if slot.recipe_id}


@retry_conflicts
def delete_plan(plan_id: str, *, actor: Actor, check: Check = any_version) -> None:
    """Delete a plan. Idempotent."""
    with own_deletions.repeatable(actor.id, plan_id, PlanNotFound):
        row = get_row(households.holder_of(actor.id), plan_id)
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
    row = get_row(holder, plan_id)
    slots = slot_changes.changed(row, changes, exchange=exchange, actor=actor)
    if slots != row.slots:
        check(int(row.version or 0))
        row.slots = slots
        transactions.save(row)
    return view_of(row, holder, actor)


def copy(plan_id: str, *, new_id: str, start: str, actor: Actor) -> PlanView:
    """Copy a plan to another start date; dishes that are no longer safe or available are chosen anew."""
    holder = households.holder_of(actor.id)
    old = view_of(get_row(holder, plan_id), holder, actor)
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
    for plan_id in [row.id for row in all_plans(holder)]:
        _forget_member(plan_id, holder, user_id, left_at)


@retry_conflicts
def _forget_member(plan_id: str, holder: Holder, user_id: str, left_at: str) -> None:
    row = repositories.read_plan(holder, plan_id)
    if row is None:
        return
    row.secret = repositories.derived_secret(plan_id, user_id, left_at)
    row.slots = [replace(slot, by_id=None) if slot.by_id == user_id else slot for slot in row.slots]
    transactions.save(row)
