"""Compare amounts of one ingredient across units: what is at hand with what a recipe needs."""

from apps.ingredients import services as ingredients
from apps.ingredients import units, weights

# Grams or millilitres of one, as cooks measure: US customary cups and spoons, rounded; a gram is a millilitre here.
_MEASURES = {
    "g": 1.0,
    "kg": 1000.0,
    "ml": 1.0,
    "l": 1000.0,
    "tsp": 5.0,
    "tbsp": 15.0,
    "cup": 240.0,
    "bowl": 300.0,
    "pinch": 0.5,
}
_THOUSANDS = {"kg": "g", "l": "ml"}


def in_unit(quantity: float, unit: str | None, wanted: str | None, *, ingredient_id: str) -> float | None:
    """Return `quantity` of an ingredient in another unit; None where the two can't be compared."""
    amount, name = units.canonical(quantity, unit)
    one, other = units.canonical(1.0, wanted)
    if name == other:
        return amount / one
    grams, per_unit = _grams(name, ingredient_id), _grams(other, ingredient_id)
    return amount * grams / (one * per_unit) if grams and per_unit else None


def normalized(quantity: float, unit: str | None) -> tuple[float, str]:
    """Return an amount such that equal ones are written alike: 1 kg as 1000 g. Other units are not converted."""
    amount, name = units.canonical(quantity, unit)
    if name in _THOUSANDS:
        amount, name = amount * 1000, _THOUSANDS[name]
    return round(amount, 6), name


def _grams(unit: str, ingredient_id: str) -> float | None:
    """Return what one of a unit weighs."""
    if unit in _MEASURES:
        return _MEASURES[unit]
    return weights.grams_of_one(ingredients.find(ingredient_id), unit)
