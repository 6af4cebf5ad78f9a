"""What amounts of a food weigh: a millilitre, a piece, a can; and the packs that shops sell."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from apps.ingredients import services
from apps.ingredients.entry import Ingredient

_DATA = Path(__file__).parent / "data" / "amounts" / "weights.yaml"
# Grams of one, whatever food it is: of leaves and stems that are not in the table.
USUAL = {"bunch": 250.0, "handful": 40.0, "stalk": 15.0, "leaf": 2.0}


@dataclass(frozen=True, slots=True)
class Weights:
    """A food's entry in the table: `density` in grams of a millilitre, `weights` in grams of one, by unit."""

    density: float | None = None
    weights: dict[str, float] | None = None
    packs: tuple[float, ...] = ()
    liquid: bool = False


def weights_of(food: Ingredient | None) -> Weights:
    """Return the entry of a food, or of the nearest that it is a kind of; an empty one where neither has one."""
    return next((table()[one.key] for one in _general(food) if one.key in table()), Weights())


def grams_of_one(food: Ingredient | None, unit: str) -> float | None:
    """Return what one of a unit weighs, of the food or the nearest that it is a kind of; None where nothing says so."""
    rows = (table()[one.key].weights or {} for one in _general(food) if one.key in table())
    return next((row[unit] for row in rows if unit in row), USUAL.get(unit))


def _general(food: Ingredient | None) -> list[Ingredient]:
    """Return the food and what it is a kind of, the nearest first."""
    found: list[Ingredient] = []
    while food is not None and food not in found:
        found.append(food)
        food = services.find(food.kind_of) if food.kind_of else None
    return found


@cache
def table() -> dict[str, Weights]:
    """Return all entries by key of the master list."""
    rows: dict[str, dict[str, Any]] = yaml.safe_load(_DATA.read_text("utf-8"))
    return {key: Weights(**{**row, "packs": tuple(row.get("packs", ()))}) for key, row in rows.items()}
