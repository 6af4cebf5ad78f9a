"""In what order foods are made ready: what is eaten raw on a clean board, raw meat and fish after it."""

import math
from collections.abc import Sequence
from typing import Any

from apps.recipes.content import Method
from apps.suggestions.composition.archetypes import Slot
from apps.suggestions.composition.kitchen import Food

_LONGEST = 12
_LEAST_APART = 2
_FLESH = frozenset({"meat", "fish", "shellfish"})
_EATEN_RAW = frozenset({"herb", "salad_leaf", "crisp"})
_COLD = frozenset({Method.RAW, Method.SALAD})


def is_raw_flesh(food: Food) -> bool:
    """Say whether it is raw meat, fish or shellfish, which leave germs on a board."""
    return food.kind.role == "protein" and food.kind.family in _FLESH and not food.kind.raw


def is_eaten_raw(food: Food, slot: Slot, method: Method) -> bool:
    """Say whether nothing heats it after it was cut."""
    return food.kind.role in _EATEN_RAW or slot.heat == "raw" or (food.kind.raw and method in _COLD)


def minutes_for(preparations: Sequence[dict[str, Any]]) -> int:
    """Return how long the work takes: a minute or two a food, or as long as something has to soak."""
    return max(_soaking(preparations), min(1 + math.ceil(1.5 * len(preparations)), _LONGEST))


def minutes_apart(preparations: Sequence[dict[str, Any]]) -> int:
    """Return how long it takes to cut raw meat or fish after all else."""
    return max(_soaking(preparations), _LEAST_APART)


def _soaking(preparations: Sequence[dict[str, Any]]) -> int:
    return max((int(one.get("minutes", 0)) for one in preparations), default=0)
