"""The state of a plan that its rules look at: the pantry, and the dishes in its slots."""

from collections.abc import Sequence

from apps.core.authentication import Actor
from apps.pantry import services as pantry
from apps.plans.choosing import Course
from apps.plans.dishes import Dish
from apps.plans.models import Brief, Slot
from apps.users import services as users


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
