"""Rows of plans and shopping lists, and their parts."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from apps.core import keys
from apps.core.models import BodyAttribute, Item, JSONAttribute, MomentAttribute

MAX_DAYS = 14
# Days before the same recipe is planned again.
REPEAT_AFTER_DAYS = 7
# How often a plan may use a main ingredient.
MAX_OF_A_MAIN = 2


class PlanMeal(StrEnum):
    """Meals in the order of a day."""

    BREAKFAST = "breakfast"
    LUNCH = "lunch"
    DINNER = "dinner"
    SNACK = "snack"


class Climate(StrEnum):
    HOT = "hot"
    MILD = "mild"
    COLD = "cold"


class Kitchen(StrEnum):
    """The equipment: everything, a stove and a pot, or none."""

    FULL = "full"
    BASIC = "basic"
    NONE = "none"


class PlanStatus(StrEnum):
    FILLING = "filling"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Brief:
    """The wishes for a plan. `weather` maps dates to climates; `minutes` are (weekday, weekend)."""

    start: str
    days: int
    meals: tuple[str, ...]
    servings: int
    eaters: tuple[str, ...] = ()
    climate: str | None = None
    weather: dict[str, str] = field(default_factory=dict)
    rainy: tuple[str, ...] = ()
    place: str | None = None
    use_pantry: bool = False
    minutes: tuple[int | None, int | None] = (None, None)
    budget_level: str | None = None
    kitchen: str = Kitchen.FULL.value

    @property
    def dates(self) -> list[date]:
        first = date.fromisoformat(self.start)
        return [first + timedelta(days=offset) for offset in range(self.days)]

    def climate_on(self, day: str) -> str | None:
        return self.weather.get(day) or self.climate

    def max_minutes_on(self, day: str) -> int | None:
        weekday, weekend = self.minutes
        return weekend if date.fromisoformat(day).weekday() >= 5 else weekday  # noqa: PLR2004  Saturday

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Brief":
        lists: dict[str, Any] = {
            name: tuple(stored[name]) for name in ("meals", "eaters", "rainy", "minutes") if name in stored
        }
        return cls(**{**stored, **lists})


@dataclass(frozen=True, slots=True)
class Slot:
    """One meal of one day.

    `why` are reasons as (code, detail); `leftovers_of` is the slot whose dish is eaten again. A slot without a recipe
    is pending while the job runs, and empty if nothing fits. `by_id` is the person who chose the recipe, if they are
    not the planner: they show it to those who share the plan.
    """

    id: str
    date: str
    meal: str
    servings: int
    recipe_id: str | None = None
    locked: bool = False
    why: tuple[tuple[str, str], ...] = ()
    leftovers_of: str | None = None
    by_id: str | None = None

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Slot":
        return cls(**{**stored, "why": tuple((code, detail) for code, detail in stored.get("why", ()))})


class PlanRow(Item, discriminator="plan"):
    """A plan with its slots. `secret` opens its calendar to anybody who has the URL."""

    by_id = UnicodeAttribute()
    status = UnicodeAttribute(default=PlanStatus.READY.value)
    brief = BodyAttribute()
    body = BodyAttribute(default=list)
    secret = UnicodeAttribute()
    job_id = UnicodeAttribute(null=True)
    created_at = MomentAttribute()

    @property
    def id(self) -> str:
        return keys.last_part(self.sk)

    @property
    def asked(self) -> Brief:
        return Brief.of(self.brief)

    @property
    def slots(self) -> list[Slot]:
        """Return the slots in the order of days and meals."""
        order = {meal.value: place for place, meal in enumerate(PlanMeal)}
        slots = [Slot.of(entry) for entry in self.body]
        return sorted(slots, key=lambda slot: (slot.date, order[slot.meal], slot.id))

    @slots.setter
    def slots(self, slots: Sequence[Slot]) -> None:
        self.body = [asdict(slot) for slot in slots]


def portions(slots: Sequence[Slot], slot: Slot) -> int:
    """Return for how many people a slot's dish is cooked: those who eat it then, and those who eat its leftovers."""
    return slot.servings + sum(other.servings for other in slots if other.leftovers_of == slot.id)


def moved(slots: Sequence[Slot], slot_id: str, *, day: str, meal: str) -> list[Slot]:
    """Move a slot; a slot that is already there swaps places with it."""
    mover = next(slot for slot in slots if slot.id == slot_id)

    def place(slot: Slot) -> Slot:
        if slot.id == slot_id:
            return replace(slot, date=day, meal=meal)
        if (slot.date, slot.meal) == (day, meal):
            return replace(slot, date=mover.date, meal=mover.meal)
        return slot

    return [place(slot) for slot in slots]


def days_exchanged(slots: Sequence[Slot], one: str, other: str) -> list[Slot]:
    """Swap all meals of two days."""
    dates = {one: other, other: one}
    return [replace(slot, date=dates.get(slot.date, slot.date)) for slot in slots]


class ShoppingListRow(Item, discriminator="shopping_list"):
    """A shopping list. Its items are separate rows, so that people who check items at once don't conflict."""

    # Of an unnamed list, in its creator's language; readers see one in theirs, derived from `day`.
    name = UnicodeAttribute()
    day = UnicodeAttribute(null=True)
    by_id = UnicodeAttribute()
    plan_id = UnicodeAttribute(null=True)
    # Ingredients that the pantry covers completely.
    covered = JSONAttribute(default=list)
    created_at = MomentAttribute()
    done_at = MomentAttribute(null=True)

    @property
    def id(self) -> str:
        return keys.last_part(self.sk)


class ListItemRow(Item, discriminator="shopping_list_item"):
    """A line of a shopping list. Each attribute is written separately: the last writer of a field wins.

    `slots` are the ids of the meals or recipes that need it; `have` is (quantity, unit) at home; `stored` means that
    the item was added to the pantry.
    """

    name = UnicodeAttribute()
    ingredient_id = UnicodeAttribute(null=True)
    quantity = NumberAttribute(null=True)
    unit = UnicodeAttribute(null=True)
    aisle = UnicodeAttribute()
    slots = JSONAttribute(default=list)
    have = JSONAttribute(null=True)
    packs = JSONAttribute(null=True)
    note = UnicodeAttribute(null=True)
    checked = BooleanAttribute(default=False)
    checked_by = UnicodeAttribute(null=True)
    stored = BooleanAttribute(default=False)

    @property
    def id(self) -> str:
        return keys.last_part(self.sk)
