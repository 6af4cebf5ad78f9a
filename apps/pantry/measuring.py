"""Amounts of foods: add, subtract, and express them in units that shops sell.

An amount is in grams, in millilitres, or a count of something (pieces, bunches, cans …). Amounts of one food are added
if they are of one kind, or if the table of weights says what a millilitre or a piece weighs; amounts that cannot be
added stay separate.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from apps.ingredients import units, weights
from apps.ingredients.entry import Ingredient

GRAM = "g"
MILLILITRE = "ml"
PIECE = "piece"
# Smaller amounts count as zero: sums of floats are inexact.
_NOTHING = 1e-6
_THOUSAND = 1000
# Packs of lighter things, such as dried mushrooms, are sold by weight.
_COUNTED_GRAMS = 10.0
# Units of mass in grams and of volume in millilitres. Metric spoons and cup; a pinch is a sixteenth of a teaspoon (a
# cooks' convention: NIST Handbook 44 has no pinch).
_MASS = {"g": 1.0, "kg": 1000.0}
_VOLUME = {"ml": 1.0, "l": 1000.0, "tsp": 5.0, "tbsp": 15.0, "cup": 240.0, "pinch": 0.3125}


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity of a unit: `g`, `ml`, or the name of what is counted."""

    quantity: float
    unit: str

    @property
    def is_nothing(self) -> bool:
        return self.quantity <= _NOTHING


@dataclass(frozen=True, slots=True)
class Measures:
    """Converts amounts of a food to other units, by its entry in the table of weights."""

    entry: weights.Weights

    @property
    def sold_in(self) -> str:
        return MILLILITRE if self.entry.liquid else GRAM

    def pieces_in_packs(self) -> tuple[float, ...]:
        """Return how many pieces each pack has; nothing for packs of other than whole pieces, or of small things."""
        weight = (self.entry.weights or {}).get(PIECE, 0.0)
        if weight < _COUNTED_GRAMS or any(size % weight for size in self.entry.packs):
            return ()
        return tuple(size / weight for size in self.entry.packs)

    def convert(self, amount: Amount, unit: str) -> Amount | None:
        """Return an amount in grams or millilitres; None if the table lacks the weight."""
        grams = self._grams(amount)
        if amount.unit == unit:
            return amount
        if grams is None:
            return None
        if unit == GRAM:
            return Amount(grams, GRAM)
        return Amount(grams / self.entry.density, MILLILITRE) if self.entry.density else None

    def _grams(self, amount: Amount) -> float | None:
        if amount.unit == GRAM:
            return amount.quantity
        if amount.unit == MILLILITRE:
            return amount.quantity * self.entry.density if self.entry.density else None
        weight = (self.entry.weights or {}).get(amount.unit)
        return amount.quantity * weight if weight else None


@dataclass(frozen=True, slots=True)
class Purchase:
    """Packs to buy: their number, and the amount of each."""

    count: int
    size: float
    unit: str


def measured(quantity: float | None, unit: str | None) -> Amount | None:
    """Return a quantity in its base unit, in whatever language the unit is named; None without a quantity.

    A number without a unit counts pieces.
    """
    if quantity is None:
        return None
    number, name = units.canonical(float(quantity), unit)
    if name in _MASS:
        return Amount(number * _MASS[name], GRAM)
    if name in _VOLUME:
        return Amount(number * _VOLUME[name], MILLILITRE)
    return Amount(number, name)


def total(amounts: Iterable[Amount], food: Ingredient | None) -> list[Amount]:
    """Add up amounts of one food; those that cannot be added stay separate, one for each unit.

    Mass and volume are converted to the unit in which the food is sold. Pieces become mass only if there is a mass too,
    since people buy onions by the piece.
    """
    measures, sums = measures_of(food), dict[str, float]()
    for amount in amounts:
        kept = measures.convert(amount, measures.sold_in) if amount.unit in {GRAM, MILLILITRE} else None
        kept = kept or amount
        sums[kept.unit] = sums.get(kept.unit, 0.0) + kept.quantity
    merged = [Amount(quantity, unit) for unit, quantity in sums.items()]
    return _joined(merged, measures) if len(merged) > 1 else merged


def _joined(amounts: list[Amount], measures: Measures) -> list[Amount]:
    """Convert counts to the mass or volume that is present, or several counts to a mass."""
    wanted = measures.sold_in if any(one.unit in {GRAM, MILLILITRE} for one in amounts) else GRAM
    converted = [(one, measures.convert(one, wanted)) for one in amounts]
    joined = sum(new.quantity for _, new in converted if new)
    aside = [old for old, new in converted if new is None]
    if len(aside) == len(amounts):
        return amounts
    return [Amount(joined, wanted), *aside]


def subtract(need: Sequence[Amount], have: Sequence[Amount], food: Ingredient | None) -> tuple[list[Amount], float]:
    """Return what is still needed, and the share of the need (0..1) that is at hand.

    Only comparable amounts are subtracted.
    """
    measures, left, stock = measures_of(food), list(need), list(have)
    for place, wanted in enumerate(left):
        for index, stored in enumerate(stock):
            taken = _comparable(stored, wanted, measures)
            if taken is None or taken.is_nothing:
                continue
            used = min(taken.quantity, wanted.quantity)
            left[place] = replace(wanted, quantity=left[place].quantity - used)
            stock[index] = replace(stored, quantity=stored.quantity * (1 - used / taken.quantity))
    rest = [one for one in left if not one.is_nothing]
    shares = [1 - (now.quantity / before.quantity) for now, before in zip(left, need, strict=True) if before.quantity]
    return rest, (sum(shares) / len(shares) if shares else 0.0)


def comparable(amount: Amount, unit: str, food: Ingredient | None) -> Amount | None:
    """Return an amount of a food in another unit; None if it cannot be converted."""
    return _comparable(amount, Amount(1, unit), measures_of(food))


def _comparable(amount: Amount, like: Amount, measures: Measures) -> Amount | None:
    if amount.unit == like.unit:
        return amount
    if like.unit in {GRAM, MILLILITRE}:
        return measures.convert(amount, like.unit)
    grams = measures.convert(amount, GRAM)
    weight = (measures.entry.weights or {}).get(like.unit)
    return Amount(grams.quantity / weight, like.unit) if grams and weight else None


def grams_of(amount: Amount, food: Ingredient | None) -> float:
    """Return an amount's weight; 0 if unknown. A millilitre of a food that is not in the table weighs a gram."""
    found = measures_of(food).convert(amount, GRAM)
    if found is None:
        return amount.quantity if amount.unit == MILLILITRE else 0.0
    return found.quantity


def to_buy(amount: Amount) -> Amount:
    """Round an amount up to a quantity that shops sell: whole pieces, grams or millilitres."""
    return Amount(float(math.ceil(amount.quantity - 1e-3)), amount.unit)


def purchase(amount: Amount, food: Ingredient | None) -> Purchase | None:
    """Return the packs that cover an amount with the least left over, the largest first; None if no packs are known.

    What is counted and sold by the piece, such as eggs, comes in packs of pieces.
    """
    measures = measures_of(food)
    unit, sizes = measures.sold_in, measures.entry.packs
    if amount.unit == PIECE and (pieces := measures.pieces_in_packs()):
        unit, sizes = PIECE, pieces
    wanted = measures.convert(amount, unit)
    if wanted is None or not sizes:
        return None
    options = [Purchase(math.ceil(wanted.quantity / size - 1e-3) or 1, size, unit) for size in sizes]
    return min(options, key=lambda one: (one.count * one.size, -one.size))


def shown(amount: Amount) -> Amount:
    """Return an amount as people write it: kilograms and litres from a thousand on, with no more digits than needed."""
    larger = {GRAM: "kg", MILLILITRE: "l"}.get(amount.unit)
    if larger and amount.quantity >= _THOUSAND:
        return Amount(round(amount.quantity / _THOUSAND, 2), larger)
    return Amount(round(amount.quantity, 0 if larger and amount.quantity >= 10 else 2), amount.unit)  # noqa: PLR2004


def measures_of(food: Ingredient | None) -> Measures:
    """Return the table's entry for a food or for what it is a kind of; an empty one if neither is in the table."""
    return Measures(weights.weights_of(food))
