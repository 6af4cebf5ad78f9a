"""How much of each food and of water a dish takes, as cooks measure it."""

import math
from collections.abc import Callable

from apps.suggestions.composition.archetypes import Slot
from apps.suggestions.composition.dishes import Dish, amount_of, at_hand_in
from apps.suggestions.composition.kitchen import Food

# Ml of water that are worth pouring in.
_LEAST_WATER = 40.0


def amount_for(dish: Dish, slot: Slot, food: Food) -> float:
    """Return how much of a food the dish takes: no more than there is, nor more stock than liquid."""
    need = amount_of(slot, food, len(dish.filled[slot.name])) * dish.servings
    if food.kind.key == "stock" and dish.archetype.liquid:
        need = _liquid_for(dish)
    have = at_hand_in(slot, food)
    return need if have is None else min(need, have)


def _liquid_for(dish: Dish) -> float:
    """Return how many ml of liquid the dish takes; what is wet itself needs less."""
    liquid = dish.archetype.liquid
    total = liquid.get("serving", 0.0) * dish.servings
    for slot in dish.archetype.slots:
        times = liquid.get(slot.name, 0.0)
        total += sum(
            times * (1 - food.kind.wetness) * amount_for(dish, slot, food) for food in dish.of(slot.name) if times
        )
    return total


def water_for(dish: Dish) -> float:
    """Return how many ml of water make up the liquid; none where stock nearly does."""
    stocks = [(slot, food) for slot in dish.archetype.slots for food in dish.of(slot.name) if food.kind.key == "stock"]
    water = _liquid_for(dish) - sum(amount_for(dish, slot, food) for slot, food in stocks)
    return water if water >= _LEAST_WATER else 0.0


_STEPS: dict[str, Callable[[float], float]] = {
    "g": lambda amount: 10.0 if amount >= 50 else 5.0,  # noqa: PLR2004  grams that a kitchen scale tells apart
    "ml": lambda amount: 50.0 if amount >= 300 else 10.0,  # noqa: PLR2004
    "tbsp": lambda _: 0.5,
    "tsp": lambda amount: 0.25 if amount < 1 else 0.5,
    "piece": lambda _: 0.5,
}


def rounded(amount: float, unit: str, *, whole: bool = False) -> float:
    """Return an amount as cooks measure it: whole eggs and packets, halves of pieces, tens of grams."""
    if whole:
        return float(max(1, math.floor(amount + 0.5)))
    step = _STEPS[unit](amount) if unit in _STEPS else 1.0
    return max(step, round(amount / step) * step)
