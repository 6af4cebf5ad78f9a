"""What the job does for a plan: find a dish for each meal that the catalogue left open, or compose one."""

from dataclasses import replace

from apps.core import transactions
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.households.services import Holder
from apps.jobs import services as jobs
from apps.plans import choosing, composing, dishes, repositories, services
from apps.plans.choosing import Course
from apps.plans.dishes import Dish
from apps.plans.models import PlanRow, PlanStatus, Slot


def fill(user_id: str, job_id: str) -> None:
    """Carry out a job of kind `plan`; safe to repeat: meals that have a dish keep it."""
    jobs.run(user_id, job_id, _fill)


def _fill(work: jobs.Work) -> jobs.Result:
    asked = work.parameters
    holder, actor = Holder(asked["scope"], asked["holder_id"]), Actor(work.user_id, asked["username"])
    row = repositories.read_plan(holder, asked["plan_id"])
    if row is None:
        return jobs.Result("plan", asked["plan_id"])
    open_ids = [slot.id for slot in row.slots if slot.recipe_id is None and slot.leftovers_of is None]
    for number, slot_id in enumerate(open_ids, start=1):
        _fill_slot(holder, row.id, slot_id, actor)
        work.report(number / len(open_ids))
    _finish(holder, row.id)
    return jobs.Result("plan", row.id)


@retry_conflicts
def _fill_slot(holder: Holder, plan_id: str, slot_id: str, actor: Actor) -> None:
    row = repositories.read_plan(holder, plan_id)
    slot = next((one for one in row.slots if one.id == slot_id), None) if row else None
    if row is None or slot is None or slot.recipe_id is not None:
        return
    transaction = Transaction()
    filled = _best(transaction, row, slot, actor)
    row.slots = [filled if one.id == slot_id else one for one in row.slots]
    transaction.save(row)
    transaction.commit()


def _best(transaction: Transaction, row: PlanRow, slot: Slot, actor: Actor) -> Slot:
    """Give up wishes one by one; compose a dish before the time is given up. Limits are never given up."""
    limits = services.current_limits(row, actor)
    known = dishes.load([one.recipe_id for one in row.slots if one.recipe_id], actor=actor)
    course = services.course_of(row.asked, row.id, actor, row.slots, known)
    candidates = dishes.pool(limits, sorted(course.urgent))
    nearest = choosing.choose(slot, candidates, course, relaxed=1)
    if nearest:
        return _with(slot, nearest, course)
    titles = tuple(dish.title for dish in known.values())
    made = composing.compose(transaction, slot, course, limits=limits, avoid_titles=titles, user_id=actor.id)
    if made:
        return replace(slot, recipe_id=made, why=(("composed", ""),))
    last = choosing.choose(slot, candidates, course, relaxed=2)
    return _with(slot, last, course) if last else replace(slot, why=(("empty", ""),))


def _with(slot: Slot, dish: Dish, course: Course) -> Slot:
    return replace(slot, recipe_id=dish.id, why=(("relaxed", ""), *choosing.reasons(slot, dish, course)[:1]))


def close_abandoned(user_id: str, job_id: str) -> None:
    """Leave a plan as it is that no worker will fill any more; nothing happens for jobs of other kinds."""
    job = jobs.get_job(job_id, actor=Actor(user_id, ""))
    if job.job_kind == jobs.Kind.PLAN:
        _finish(Holder(job.parameters["scope"], job.parameters["holder_id"]), job.parameters["plan_id"])


@retry_conflicts
def _finish(holder: Holder, plan_id: str) -> None:
    """Say that nothing more will come; a meal that is open still says so."""
    row = repositories.read_plan(holder, plan_id)
    if row is not None and row.status != PlanStatus.READY:
        row.status = PlanStatus.READY.value
        row.slots = [replace(slot, why=(("empty", ""),)) if _is_empty(slot) else slot for slot in row.slots]
        transactions.save(row)


def _is_empty(slot: Slot) -> bool:
    return slot.recipe_id is None and slot.leftovers_of is None and not slot.why
