"""The plan's job: find or compose a dish for each meal that is still empty."""

from dataclasses import replace

from apps.core import ids, transactions
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.households.services import Holder
from apps.jobs import services as jobs
from apps.plans import choosing, composing, dishes, repositories
from apps.plans.choosing import Course
from apps.plans.courses import course_of
from apps.plans.dishes import Dish
from apps.plans.eaters import current_limits
from apps.plans.models import PlanRow, PlanStatus, Slot
from apps.suggestions import safety
from apps.suggestions.generation import single
from apps.suggestions.generation.attempts import Outcome
from apps.suggestions.generation.single import Order
from apps.suggestions.safety import Limits
from apps.users import services as users

# Per plan; each takes a model some seconds, and all of them together fit into a task's time limit.
_MOST_BY_MODELS = 5


def fill(user_id: str, job_id: str) -> None:
    """Run a job of kind `plan`. Safe to repeat: meals that have a dish keep it."""
    jobs.run(user_id, job_id, _fill)


def _fill(work: jobs.Work) -> jobs.Result:
    asked = work.parameters
    holder, actor = Holder(asked["scope"], asked["holder_id"]), users.actor_of(work.user_id)
    row = repositories.read_plan(holder, asked["plan_id"])
    if row is None:
        return jobs.Result("plan", asked["plan_id"])
    open_ids = [slot.id for slot in row.slots if slot.recipe_id is None and slot.leftovers_of is None]
    by_models = 0
    for number, slot_id in enumerate(open_ids, start=1):
        made = _by_a_model(work, holder, slot_id, actor) if by_models < _MOST_BY_MODELS else None
        by_models += made is not None
        _fill_slot(holder, row.id, slot_id, actor, made)
        work.report(number / len(open_ids))
    _finish(holder, row.id)
    return jobs.Result("plan", row.id)


def _by_a_model(work: jobs.Work, holder: Holder, slot_id: str, actor: Actor) -> Outcome | None:
    """Have a model make a dish for a meal that no recipe of the catalogue fits; None if no model does.

    Within generation's quota and budget. A run that repeats a killed one uses the same reservation of the budget.
    """
    row, slot = _open_slot(holder, work.parameters["plan_id"], slot_id) if single.models() else (None, None)
    if row is None or slot is None:
        return None
    limits, known, course = _circumstances(row, actor)
    if choosing.choose(slot, dishes.pool(limits, sorted(course.urgent)), course, relaxed=1):
        return None
    request = composing.request_for(slot, course, limits=limits, avoid_titles=_titles(known))
    order = Order(
        ids.derived_id("planned", work.job_id, slot_id, at=ids.made_at(work.job_id)),
        actor.id,
        ids.made_at(work.job_id),
    )
    return single.make(request, order, limits=limits) if request else None


def _open_slot(holder: Holder, plan_id: str, slot_id: str) -> tuple[PlanRow | None, Slot | None]:
    row = repositories.read_plan(holder, plan_id)
    slots = row.slots if row else ()
    return row, next((one for one in slots if one.id == slot_id and one.recipe_id is None), None)


def _circumstances(row: PlanRow, actor: Actor) -> tuple[Limits, dict[str, Dish], Course]:
    """Return the limits of those who eat, the planned dishes, and the state of the whole plan for the rules."""
    limits = current_limits(row, actor)
    known = dishes.load([one.recipe_id for one in row.slots if one.recipe_id], actor=actor)
    return limits, known, course_of(row.asked, row.id, actor, row.slots, known)


def _titles(known: dict[str, Dish]) -> tuple[str, ...]:
    return tuple(dish.title for dish in known.values())


@retry_conflicts
def _fill_slot(holder: Holder, plan_id: str, slot_id: str, actor: Actor, made: Outcome | None) -> None:
    row, slot = _open_slot(holder, plan_id, slot_id)
    if row is None or slot is None:
        return
    transaction = Transaction()
    filled = _best(transaction, row, slot, actor, made)
    row.slots = [filled if one.id == slot_id else one for one in row.slots]
    transaction.save(row)
    transaction.commit()


def _best(transaction: Transaction, row: PlanRow, slot: Slot, actor: Actor, made: Outcome | None) -> Slot:
    """Give up wishes one by one; make a dish before the time is given up. Limits are never given up.

    A model's dish is checked again against the current limits.
    """
    limits, known, course = _circumstances(row, actor)
    candidates = dishes.pool(limits, sorted(course.urgent))
    nearest = choosing.choose(slot, candidates, course, relaxed=1)
    if nearest:
        return _with(slot, nearest, course)
    if made and made.content and made.source and not safety.violations_of(limits, made.content):
        recipe_id = composing.add(transaction, made.content, made.source, actor.id)
        return replace(slot, recipe_id=recipe_id, why=(("generated", ""),))
    composed = composing.compose(
        transaction, slot, course, limits=limits, avoid_titles=_titles(known), user_id=actor.id
    )
    if composed:
        return replace(slot, recipe_id=composed, why=(("composed", ""),))
    last = choosing.choose(slot, candidates, course, relaxed=2)
    return _with(slot, last, course) if last else replace(slot, why=(("empty", ""),))


def _with(slot: Slot, dish: Dish, course: Course) -> Slot:
    return replace(slot, recipe_id=dish.id, why=(("relaxed", ""), *choosing.reasons(slot, dish, course)[:1]))


def close_abandoned(user_id: str, job_id: str) -> None:
    """Mark a plan as final if no worker will fill it any more; ignore jobs of other kinds."""
    job = jobs.get_job(job_id, actor=Actor(user_id, ""))
    if job.job_kind == jobs.Kind.PLAN:
        _finish(Holder(job.parameters["scope"], job.parameters["holder_id"]), job.parameters["plan_id"])


@retry_conflicts
def _finish(holder: Holder, plan_id: str) -> None:
    """Mark the plan as final; meals without a dish become empty."""
    row = repositories.read_plan(holder, plan_id)
    if row is not None and row.status != PlanStatus.READY:
        row.status = PlanStatus.READY.value
        row.slots = [replace(slot, why=(("empty", ""),)) if _is_empty(slot) else slot for slot in row.slots]
        transactions.save(row)


def _is_empty(slot: Slot) -> bool:
    return slot.recipe_id is None and slot.leftovers_of is None and not slot.why
