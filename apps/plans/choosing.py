"""Choose a dish for each meal: hard rules first, then a score for the best fit."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from apps.ingredients import services as ingredients
from apps.ingredients.entry import Category
from apps.plans.dishes import Dish
from apps.plans.models import MAX_OF_A_MAIN, REPEAT_AFTER_DAYS, Brief, Climate, Kitchen, PlanMeal, Slot

HOT_METHODS = frozenset({"salad", "soup", "raw", "steam", "boil"})
COLD_METHODS = frozenset({"braise", "soup", "bake"})
# For a basic kitchen: a stove, a pot and a pan. The set below: nothing but a knife and a bowl.
BASIC_METHODS = frozenset({"stir_fry", "soup", "boil", "salad", "raw", "fry", "braise"})
UNCOOKED_METHODS = frozenset({"salad", "raw"})
_MOST_INGREDIENTS_AWAY = 10
_MOST_MINUTES_AWAY = 45
_DEAR = frozenset({Category.SEAFOOD, Category.MEAT, Category.DAIRY, Category.NUT})
# Other kinds of meal that a recipe may serve as; None if its kind is not known.
_STANDS_FOR: dict[PlanMeal, set[str | None]] = {
    PlanMeal.BREAKFAST: {"breakfast"},
    PlanMeal.LUNCH: {"lunch", "dinner", None},
    PlanMeal.DINNER: {"dinner", "lunch", None},
    PlanMeal.SNACK: {"snack", "dessert"},
}

Reason = tuple[str, str]


@dataclass
class Course:
    """What the plan contains so far, for rules about the whole plan."""

    brief: Brief
    seed: str
    urgent: frozenset[str] = frozenset()
    at_home: frozenset[str] = frozenset()
    days_of: dict[str, list[date]] = field(default_factory=dict)
    mains: Counter[str] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    cuisines: Counter[str] = field(default_factory=Counter)
    last_methods: list[str] = field(default_factory=list)
    used_urgent: set[str] = field(default_factory=set)

    def note(self, dish: Dish, day: str) -> None:
        """Count a planned dish."""
        self.days_of.setdefault(dish.id, []).append(date.fromisoformat(day))
        if dish.main:
            self.mains[dish.main] += 1
        self.methods[dish.method] += 1
        self.cuisines[dish.cuisine] += 1
        self.last_methods = [*self.last_methods, dish.method][-2:]
        self.used_urgent |= dish.ingredient_ids & self.urgent


def fill(slots: Sequence[Slot], dishes: Sequence[Dish], course: Course) -> list[Slot]:
    """Choose a dish for each empty slot, in the order of days; slots for which none fits stay empty.

    `course` must already contain the dishes of the other slots.
    """
    return [_filled(slot, dishes, course) if _is_open(slot) else slot for slot in slots]


def _is_open(slot: Slot) -> bool:
    return slot.recipe_id is None and slot.leftovers_of is None


def _filled(slot: Slot, dishes: Sequence[Dish], course: Course) -> Slot:
    dish = choose(slot, dishes, course)
    if dish is None:
        return slot
    why = reasons(slot, dish, course)
    course.note(dish, slot.date)
    return replace(slot, recipe_id=dish.id, why=why)


def choose(
    slot: Slot, dishes: Iterable[Dish], course: Course, *, relaxed: int = 0, but: frozenset[str] = frozenset()
) -> Dish | None:
    """Return the dish that fits a slot best; None if none does.

    `relaxed` gives up wishes in turn: 1 the kind of meal, 2 the time as well. Rules about repetition, main ingredients
    and the kitchen are never given up.
    """
    fitting = [one for one in dishes if one.id not in but and _may(slot, one, course, relaxed)]
    return max(fitting, key=lambda dish: (_score(slot, dish, course), dish.id), default=None)


def _may(slot: Slot, dish: Dish, course: Course, relaxed: int) -> bool:
    if relaxed < 1 and dish.meal not in _STANDS_FOR[PlanMeal(slot.meal)]:
        return False
    most = course.brief.max_minutes_on(slot.date)
    if relaxed < 2 and most is not None and (dish.minutes is None or dish.minutes > most):  # noqa: PLR2004
        return False
    return (
        not _repeats(slot, dish, course)
        and (dish.main is None or course.mains[dish.main] < MAX_OF_A_MAIN)
        and can_be_made(dish, course.brief.kitchen)
    )


def _repeats(slot: Slot, dish: Dish, course: Course) -> bool:
    day = date.fromisoformat(slot.date)
    return any(abs((day - other).days) < REPEAT_AFTER_DAYS for other in course.days_of.get(dish.id, ()))


def can_be_made(dish: Dish, kitchen: str) -> bool:
    """Return whether a dish can be made with the equipment."""
    if kitchen == Kitchen.FULL:
        return True
    short = len(dish.lines) <= _MOST_INGREDIENTS_AWAY and (dish.minutes or 0) <= _MOST_MINUTES_AWAY
    methods = BASIC_METHODS if kitchen == Kitchen.BASIC else UNCOOKED_METHODS
    return short and dish.method in methods


def _score(slot: Slot, dish: Dish, course: Course) -> float:
    """Score a dish; about 10 for a perfect fit, before the penalty for repetition."""
    counted = dish.counted_ids
    at_home = len(counted & course.at_home) / len(counted) if counted else 0.0
    urgent = len((dish.ingredient_ids & course.urgent) - course.used_urgent)
    variety: float = 1.5 * course.methods[dish.method] ** 0.5 + 0.5 * course.cuisines[dish.cuisine] ** 0.5
    again = 2.0 * (dish.method in course.last_methods) + 1.0 * (course.mains[dish.main] if dish.main else 0)
    return (
        2.5 * min(urgent, 2)
        + 2.0 * at_home
        + _weather_score(slot, dish, course.brief)
        + 0.4 * dish.rating
        + _meal_score(slot, dish)
        + _budget_score(dish, course.brief)
        - variety
        - again
        + _chance(course.seed, slot.id, dish.id)
    )


def _weather_score(slot: Slot, dish: Dish, brief: Brief) -> float:
    climate = brief.climate_on(slot.date)
    fits = {Climate.HOT: HOT_METHODS, Climate.COLD: COLD_METHODS}.get(Climate(climate), frozenset()) if climate else ()
    rain = 1.0 if slot.date in brief.rainy and dish.method in {"soup", "braise"} else 0.0
    return (2.5 if dish.method in fits else 0.0) + rain


def _meal_score(slot: Slot, dish: Dish) -> float:
    return 1.0 if dish.meal == slot.meal else 0.0


def _budget_score(dish: Dish, brief: Brief) -> float:
    """Return down to -2 for a cheap plan if most of a dish is expensive, up to 1 for a generous one."""
    foods = [food for one in dish.counted_ids if (food := ingredients.find(one))]
    dear = sum(food.category in _DEAR for food in foods) / len(foods) if foods else 0.0
    return {"low": -2.0, "high": 1.0}.get(brief.budget_level or "", 0.0) * dear


def _chance(seed: str, slot_id: str, dish_id: str) -> float:
    """Return a number from 0 to 1, the same for the same plan, slot and dish: plans differ, but can be reproduced."""
    digest = hashlib.sha256(f"{seed}:{slot_id}:{dish_id}".encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32


def reasons(slot: Slot, dish: Dish, course: Course) -> tuple[Reason, ...]:
    """Return why a dish was chosen, the strongest reason first, as codes with the id that they refer to."""
    found: list[Reason] = [("expiring", one) for one in sorted(dish.ingredient_ids & course.urgent)[:2]]
    counted = dish.counted_ids
    if counted and len(counted & course.at_home) * 2 >= len(counted):
        found.append(("at_home", ""))
    climate = course.brief.climate_on(slot.date)
    if climate == Climate.HOT and dish.method in HOT_METHODS:
        found.append(("hot", ""))
    if climate == Climate.COLD and dish.method in COLD_METHODS:
        found.append(("cold", ""))
    if course.brief.max_minutes_on(slot.date) and dish.minutes is not None:
        found.append(("quick", str(dish.minutes)))
    if course.brief.kitchen != Kitchen.FULL:
        found.append(("kitchen", ""))
    return tuple(found) or (("varied", ""),)
