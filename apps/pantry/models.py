"""Rows of pantries: one per ingredient with all its lots, and monthly statistics."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from apps.core.models import Item, JSONAttribute, MomentAttribute, Raw
from apps.ingredients.entry import Ingredient
from apps.pantry import measuring
from apps.pantry.lots import Lot

# The id of the only lot in rows from before lots existed.
FIRST_LOT = "0" * 26


class Reason(StrEnum):
    """Why a lot is removed: eaten, thrown away, or never there."""

    USED = "used"
    WASTED = "wasted"
    MISTAKE = "mistake"


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
