"""Meanings that depend on the unit: coriander by the teaspoon is ground, by the bunch it is fresh."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

import yaml

from apps.ingredients import grammar_table
from apps.ingredients.entry import Ingredient
from apps.ingredients.phrase_foods import Food


def narrowed(
    food: Food, by_key: Mapping[str, Ingredient], company: Collection[str] = frozenset()
) -> tuple[Ingredient, ...]:
    """Return what a food can mean, given its unit, what is done to it, and the keys of the foods in its `company`."""
    found = food.known.ingredients
    unit = food.amount.unit or "none"
    for row in _rows():
        if unit not in row["units"] or food.name not in row["names"]:
            continue
        if row.get("counted") and food.amount.quantity is None:
            continue
        said = " ".join(food.preparation).split()
        if not row["unless"].isdisjoint(said) or not row["apart"].isdisjoint(company):
            continue
        if row["beside"] and row["beside"].isdisjoint(company):
            continue
        meant = tuple(entry for key in row["means"] if (entry := by_key.get(key)))
        if meant:
            return meant
    return found


@cache
def _rows() -> list[dict[str, Any]]:
    path = grammar_table.DATA / "measures.yaml"
    rows = yaml.load(path.read_text("utf-8"), Loader=grammar_table.LOADER)  # noqa: S506  the safe one
    sets = ("names", "unless", "beside", "apart")
    return [{**row, **{field: frozenset(row.get(field, ())) for field in sets}} for row in rows]
