"""Assign the foods at hand to the roles of an archetype: a dish, before it is written as a recipe."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.ingredients import services as ingredients
from apps.suggestions import amounts
from apps.suggestions.composition import pairings
from apps.suggestions.composition.archetypes import Archetype, Slot
from apps.suggestions.composition.foods import is_minor
from apps.suggestions.composition.kitchen import Food, Kitchen

# Of what there is less than this share of a serving's need, a dish is for fewer people.
_ENOUGH = 0.7
# What several foods make may have little of each; one food alone is a portion.
_LEAST_OF_SEVERAL = 0.3
# Grams of a herb in a serving, even where it takes the place of a vegetable.
_MOST_HERB = 7.5
# Dishes of one archetype that differ in their main ingredient.
_VARIANTS = 2


@dataclass(frozen=True, slots=True)
class Dish:
    archetype: Archetype
    filled: dict[str, tuple[Food, ...]]
    servings: int

    def of(self, *slots: str) -> list[Food]:
        return [food for slot in slots for food in self.filled.get(slot, ())]

    @property
    def foods(self) -> list[Food]:
        return self.of(*self.filled)

    def slot(self, name: str) -> Slot:
        return next(slot for slot in self.archetype.slots if slot.name == name)


def dishes(archetype: Archetype, kitchen: Kitchen) -> Iterator[Dish]:
    """Yield dishes of an archetype, the one first that uses most of what should be used; none where none fits."""
    if any(kitchen.staple(name) is None for name in archetype.needs):
        return
    led: set[str] = set()
    for _ in range(_VARIANTS):
        filled = _fill(archetype, kitchen, without=led)
        if filled is None:
            return
        lead = next((filled[name][0] for name in _leads(archetype) if filled.get(name)), None)
        if led and lead is None:
            return
        if has_taste(archetype, filled, kitchen) and not is_too_little(archetype, filled):
            yield Dish(archetype, filled, _servings(archetype, filled, kitchen.servings))
        if lead is None:
            return
        led.add(lead.id)


def _leads(archetype: Archetype) -> Sequence[str]:
    """Return the slots whose food makes one dish of the archetype another one: those that vary, the main one first."""
    return [name for name in archetype.mains if not name.startswith("egg")] or archetype.mains


def _fill(archetype: Archetype, kitchen: Kitchen, *, without: set[str]) -> dict[str, tuple[Food, ...]] | None:
    filled: dict[str, tuple[Food, ...]] = {}
    chosen: list[Food] = []
    left = [food for food in kitchen.foods if food.id not in without]
    for slot in archetype.slots:
        found = _choose(slot, left, chosen, kitchen, is_free=archetype.is_free)
        if not found and slot.is_needed:
            return None
        if found:
            filled[slot.name] = tuple(found)
            chosen += found
            left = [food for food in left if food not in found]
    return filled if is_dish(archetype, filled) else None


def _choose(slot: Slot, left: Sequence[Food], chosen: Sequence[Food], kitchen: Kitchen, *, is_free: bool) -> list[Food]:
    """Take what should be used first, then what goes best with what is chosen already."""
    fitting = [food for food in left if fills(slot, food)]
    fitting.sort(key=lambda food: (-food.weight, -_affinity(food, chosen)))
    found: list[Food] = []
    for food in fitting:
        if (
            len(found) < slot.most
            and _meets(food, found, slot)
            and _goes_with(food, [*chosen, *found], kitchen, is_free=is_free)
        ):
            found.append(food)
    return found


def fills(slot: Slot, food: Food) -> bool:
    """Say whether a food may take the role."""
    keys = {food.ingredient.key, *(one.key for id_ in ingredients.ancestors(food.id) if (one := ingredients.find(id_)))}
    if keys & slot.excluded:
        return False
    return food.kind.key in slot.classes or bool(keys & slot.keys)


def _meets(food: Food, others: Sequence[Food], slot: Slot) -> bool:
    """Say whether it may share the slot: nobody puts any two vegetables into one soup."""
    return all(
        food.kind.key == other.kind.key or pairings.times_together(food.kind, other.kind) >= slot.pairs
        for other in others
    ) and not any(slot.pairs and _is_kind_of(food, other) for other in others)


def _is_kind_of(one: Food, other: Food) -> bool:
    """Say whether one is a kind of the other: red onions beside onions make no dish of two vegetables."""
    return one.id in ingredients.ancestors(other.id) or other.id in ingredients.ancestors(one.id)


def _affinity(food: Food, chosen: Sequence[Food]) -> int:
    return sum(pairings.times_together(food.kind, other.kind) for other in chosen)


def _goes_with(food: Food, chosen: Sequence[Food], kitchen: Kitchen, *, is_free: bool) -> bool:
    """Say whether it may join what is chosen; what `is_free` takes nothing that would not."""
    others = [other for other in chosen if not is_minor(other.id)]
    if "kosher" in kitchen.limits.diets and {"meat", "dairy"} <= {
        food.kind.family,
        *(one.kind.family for one in others),
    }:
        return False
    return is_free or is_minor(food.id) or all(pairings.goes_together(food.kind, other.kind) for other in others)


def is_dish(archetype: Archetype, filled: dict[str, tuple[Food, ...]]) -> bool:
    """Say whether so many roles are filled that they make the dish."""
    return (
        sum(map(len, filled.values())) >= archetype.least
        and all(any(name in filled for name in names) for names in archetype.any_of)
        and all(len(filled.get(name, ())) >= least for name, least in archetype.at_least.items())
    )


def has_taste(archetype: Archetype, filled: dict[str, tuple[Food, ...]], kitchen: Kitchen) -> bool:
    """Say whether one of what gives the dish its taste is in it, be it a staple that seasons it."""
    kinds = {food.kind.key for foods in filled.values() for food in foods}
    seasons = {name for names in archetype.season[kitchen.language.value] for name in names.split("|")}
    said = any(kitchen.staple(name) for name in archetype.tastes & seasons)
    return not archetype.tastes or said or bool(kinds & archetype.tastes)


def _servings(archetype: Archetype, filled: dict[str, tuple[Food, ...]], wanted: int) -> int:
    """Return for how many people there is enough of what the dish needs, at most `wanted`, one at least."""
    for servings in range(wanted, 1, -1):
        if all(
            _is_enough(slot, food, _ENOUGH * servings, len(filled[slot.name]))
            for slot in archetype.slots
            if slot.is_needed or slot.name in archetype.mains
            for food in filled.get(slot.name, ())
        ):
            return servings
    return 1


def is_too_little(archetype: Archetype, filled: dict[str, tuple[Food, ...]]) -> bool:
    """Say whether what makes the dish is not enough for a portion."""
    needed = [slot for slot in archetype.slots if slot.is_needed or slot.name in archetype.mains]
    mains = [(slot, food) for slot in needed for food in filled.get(slot.name, ()) if not is_minor(food.id)]
    least = _ENOUGH if len(mains) == 1 and archetype.least == 1 else _LEAST_OF_SEVERAL
    return bool(mains) and not any(_is_enough(slot, food, least) for slot, food in mains)


def _is_enough(slot: Slot, food: Food, servings: float, among: int = 1) -> bool:
    have = at_hand_in(slot, food)
    return have is None or have >= amount_of(slot, food, among) * servings


def amount_of(slot: Slot, food: Food, among: int = 1) -> float:
    """Return how much of a food one serving takes, in the unit of `unit_of`; `among` foods share what a slot shares."""
    amount = slot.amount if slot.amount is not None else food.kind.amount
    if slot.is_shared:
        amount /= among
    if food.kind.whole:
        amount = max(amount, food.kind.amount)
    is_weighed = unit_of(slot, food, "en") == "g"
    return min(amount, _MOST_HERB) if food.kind.role == "herb" and is_weighed else amount


def unit_of(slot: Slot, food: Food, language: str) -> str:
    vi, en = slot.unit or food.kind.unit
    return en if language == "en" else vi


def at_hand_in(slot: Slot, food: Food) -> float | None:
    """Return how much of a food there is in the unit that the recipe will use; None where it is not known."""
    if food.at_hand.quantity is None:
        return None
    unit = unit_of(slot, food, "en")
    return amounts.in_unit(food.at_hand.quantity, food.at_hand.unit, unit, ingredient_id=food.id)
