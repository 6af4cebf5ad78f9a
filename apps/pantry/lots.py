"""Lots: what was bought together of an ingredient. Add, merge and use them up; no I/O."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from apps.core import clock, ids
from apps.ingredients.entry import Ingredient
from apps.pantry import measuring
from apps.pantry.measuring import Amount

MAX_LOTS = 20
# Food that expires within this many days is used first, and its holders are notified.
USE_FIRST_DAYS = 3


class Place(StrEnum):
    FRIDGE = "fridge"
    FREEZER = "freezer"
    CUPBOARD = "cupboard"


@dataclass(frozen=True, slots=True)
class Lot:
    """Stock of an ingredient that was bought together. No quantity: unknown; 0: none is left."""

    id: str
    quantity: float | None = None
    unit: str | None = None
    expires_on: str | None = None
    place: str | None = None
    added_on: str | None = None

    @property
    def amount(self) -> Amount | None:
        return measuring.measured(self.quantity, self.unit)

    @property
    def is_at_hand(self) -> bool:
        return self.quantity is None or self.quantity > 0

    def has_expired(self, today: date) -> bool:
        return self.expires_on is not None and self.expires_on < today.isoformat()

    def expires_soon(self, today: date) -> bool:
        bound = (today + timedelta(days=USE_FIRST_DAYS)).isoformat()
        return self.expires_on is not None and self.is_at_hand and self.expires_on <= bound

    def is_like(self, other: "Lot") -> bool:
        """Return whether two lots can be merged: same unit, date and place, and both with a quantity."""
        same = (self.unit, self.expires_on, self.place) == (other.unit, other.expires_on, other.place)
        return same and self.quantity is not None and other.quantity is not None


@dataclass(frozen=True, slots=True)
class Taken:
    """An amount that was taken out of a lot; no amount if the lot's quantity was unknown."""

    lot: Lot
    amount: Amount | None


def fresh_lot(**values: object) -> Lot:
    return Lot(id=ids.new_id(), added_on=clock.now().date().isoformat(), **values)  # type: ignore[arg-type]


def added(lots: Sequence[Lot], lot: Lot) -> list[Lot]:
    """Return the lots with one added, or merged into one that is like it."""
    for place, known in enumerate(lots):
        if known.is_like(lot):
            joined = replace(known, quantity=(known.quantity or 0) + (lot.quantity or 0))
            return [*lots[:place], joined, *lots[place + 1 :]]
    return [*lots, lot]


def fitted(lots: Sequence[Lot], today: date) -> list[Lot]:
    """Return the lots of an ingredient, merging the most similar ones until there are `MAX_LOTS`.

    Only lots that can be added are merged, and never expired with unexpired ones. A merged lot gets the earlier date,
    so nothing is kept longer than before. Lots that cannot be merged stay, in order, so there may be more.
    """
    kept = list(lots)
    while len(kept) > MAX_LOTS:
        pairs = [
            (difference, first, second)
            for second, other in enumerate(kept)
            for first, one in enumerate(kept[:second])
            if (difference := _difference(one, other, today)) is not None
        ]
        if not pairs:
            break
        _, first, second = min(pairs)
        kept[first] = _merged(kept[first], kept.pop(second))
    return kept


def _difference(one: Lot, other: Lot, today: date) -> tuple[int, bool, int] | None:
    """Return how much information merging two lots loses: date, place, days; None if they cannot be merged."""
    if one.is_at_hand != other.is_at_hand or one.has_expired(today) != other.has_expired(today):
        return None
    amounts = one.amount, other.amount
    if (amounts[0] and amounts[0].unit) != (amounts[1] and amounts[1].unit):
        return None
    dates = [date.fromisoformat(lot.expires_on) for lot in (one, other) if lot.expires_on]
    apart = abs((dates[0] - dates[1]).days) if len(dates) == 2 else 0  # noqa: PLR2004  both have one
    return len(dates) % 2, one.place != other.place, apart


def _merged(one: Lot, other: Lot) -> Lot:
    dates = [lot.expires_on for lot in (one, other) if lot.expires_on]
    place = one.place if one.place == other.place else None
    merged = replace(one, expires_on=min(dates, default=None), place=place)
    if one.quantity is None or other.quantity is None:
        return merged
    if one.unit == other.unit:
        return replace(merged, quantity=round(one.quantity + other.quantity, 6))
    amounts = [amount for lot in (one, other) if (amount := lot.amount)]
    return replace(merged, quantity=round(sum(amount.quantity for amount in amounts), 6), unit=amounts[0].unit)


def taken_out(lots: Sequence[Lot], wanted: Amount | None, food: Ingredient | None) -> tuple[list[Lot], list[Taken]]:
    """Take an amount out of lots, those that expire first; return the remaining lots and what was taken.

    Without an amount, takes everything. Lots that are not comparable with the amount stay, and so do lots without a
    quantity: nobody knows how much of them is left.
    """
    if wanted is None:
        return [], [Taken(lot, lot.amount) for lot in lots if lot.is_at_hand]
    left, taken, missing = list[Lot](), list[Taken](), wanted.quantity
    for lot in lots:
        stored = lot.amount
        known = measuring.comparable(stored, wanted.unit, food) if stored else None
        if known is None or known.is_nothing or missing <= 0:
            left.append(lot)
            continue
        used = min(known.quantity, missing)
        missing -= used
        taken.append(Taken(lot, Amount(used, wanted.unit)))
        share = 1 - used / known.quantity
        if share > 1e-6:  # noqa: PLR2004  less is a rounding error
            left.append(replace(lot, quantity=round((lot.quantity or 0) * share, 6)))
    return left, taken
