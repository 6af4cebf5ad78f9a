"""Meanings that depend on the unit: coriander by the teaspoon is ground, by the bunch it is fresh."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from apps.ingredients import grammar_table
from apps.ingredients.entry import Ingredient
from apps.ingredients.phrase_foods import Food


def narrowed(food: Food, by_key: Mapping[str, Ingredient]) -> tuple[Ingredient, ...]:
    """Return what a food can mean, given its unit and what is done to it."""
    found = food.known.ingredients
    unit = food.amount.unit or "none"
    for row in _rows():
        if unit not in row["units"] or food.name not in row["names"]:
            continue
        if row.get("counted") and food.amount.quantity is None:
            continue
        said = " ".join(food.preparation).split()
        if not row["unless"].isdisjoint(said):
            continue
        meant = tuple(entry for key in row["means"] if (entry := by_key.get(key)))
        if meant:
            return meant
    return found


@cache
def _rows() -> list[dict[str, Any]]:
    path = grammar_table.DATA / "measures.yaml"
    rows = yaml.load(path.read_text("utf-8"), Loader=grammar_table.LOADER)  # noqa: S506  the safe one
    return [{**row, "unless": frozenset(row.get("unless", ())), "names": frozenset(row["names"])} for row in rows]
