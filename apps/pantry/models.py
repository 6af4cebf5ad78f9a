"""Rows of pantries: one per ingredient with all its lots, and monthly statistics."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from apps.core import clock, ids
from apps.core.models import Item, JSONAttribute, MomentAttribute, Raw
from apps.ingredients.entry import Ingredient
from apps.pantry import measuring
from apps.pantry.measuring import Amount

MAX_LOTS = 20
# Food that expires within this many days is used first, and its holders are notified.
USE_FIRST_DAYS = 3
# The id of the only lot in rows from before lots existed.
FIRST_LOT = "0" * 26


class Place(StrEnum):
    FRIDGE = "fridge"
    FREEZER = "freezer"
    CUPBOARD = "cupboard"


class Reason(StrEnum):
    """Why a lot is removed: eaten, thrown away, or never there."""

    USED = "used"
    WASTED = "wasted"
    MISTAKE = "mistake"


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


def _to_lots(raw: Raw) -> Raw:
    """Convert a row of shape 1, which was a single lot."""
    quantity = raw.get("quantity", {}).get("N")
    lot = {
        "id": FIRST_LOT,
        "quantity": float(quantity) if quantity is not None else None,
        "unit": raw.get("unit", {}).get("S"),
        "expires_on": raw.get("expires_on", {}).get("S"),
    }
    kept = {name: value for name, value in raw.items() if name not in {"quantity", "unit", "expires_on"}}
    return {**kept, "lots": {"S": json.dumps([lot])}}


class PantryRow(Item, discriminator="pantry"):
    """All lots of one ingredient that a person or household has.

    While a lot is going to expire, the row is in a queue under the day on which its holders are to be notified;
    `told_until` is the latest expiry date about which they were notified.
    """

    SCHEMA = 2
    UPCASTERS = {1: _to_lots}

    user_id = UnicodeAttribute(null=True)
    ingredient_id = UnicodeAttribute()
    lots = JSONAttribute(default=list)
    told_until = UnicodeAttribute(null=True)
    updated_at = MomentAttribute()

    @property
    def stock(self) -> list[Lot]:
        """Return the lots, sorted by expiry date."""
        lots = [Lot(**lot) for lot in self.lots]
        return sorted(lots, key=lambda lot: (lot.expires_on or "9999", lot.id))

    @stock.setter
    def stock(self, lots: Sequence[Lot]) -> None:
        self.lots = [{name: value for name, value in asdict(lot).items() if value is not None} for lot in lots]

    @property
    def expires_on(self) -> str | None:
        """Return the earliest expiry date."""
        return next((lot.expires_on for lot in self.stock if lot.is_at_hand), None)

    def total(self, food: Ingredient | None) -> tuple[float | None, str | None]:
        """Return the sum of the lots if they can be added, else the first lot's; (None, None) if all are unknown."""
        return self.total_of(self.stock, food)

    @staticmethod
    def total_of(lots: Sequence[Lot], food: Ingredient | None) -> tuple[float | None, str | None]:
        """Return the sum of the given lots; see `total`."""
        if len(lots) == 1:
            return lots[0].quantity, lots[0].unit
        units = {lot.unit for lot in lots}
        if len(units) == 1 and all(lot.quantity is not None for lot in lots):
            return round(sum(lot.quantity or 0 for lot in lots), 6), lots[0].unit
        added = measuring.total([amount for lot in lots if (amount := lot.amount)], food)
        if len(added) != 1 or any(lot.quantity is None for lot in lots):
            return (lots[0].quantity, lots[0].unit) if lots else (None, None)
        amount = measuring.shown(added[0])
        return amount.quantity, amount.unit


class PantryMonth(Item, discriminator="pantry_month"):
    """What a kitchen used and wasted in a month: grams and times. `saved` is what was used just before it expired."""

    used_grams = NumberAttribute(default=0)
    saved_grams = NumberAttribute(default=0)
    wasted_grams = NumberAttribute(default=0)
    used = NumberAttribute(default=0)
    saved = NumberAttribute(default=0)
    wasted = NumberAttribute(default=0)


@dataclass(frozen=True, slots=True)
class Taken:
    """An amount that was taken out of a lot; no amount if the lot's quantity was unknown."""

    lot: Lot
    amount: Amount | None


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


def fresh_lot(**values: object) -> Lot:
    return Lot(id=ids.new_id(), added_on=clock.now().date().isoformat(), **values)  # type: ignore[arg-type]
