"""Add to the pantry what a text lists."""

from dataclasses import dataclass
from typing import Any

from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.households import services as households
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Ingredient
from apps.ingredients.matching import Match
from apps.pantry import entries, repositories
from apps.pantry.lots import fresh_lot
from apps.pantry.stock import Item, with_lot
from apps.users import services as users


@dataclass(frozen=True, slots=True)
class EntryResult:
    """The result of a line of text: added as `item`, or not, with suggestions of its meaning; `lot` is the rest.

    `unread_date` is a date that is in no calendar: the food was added without one.
    """

    text: str
    match: Match
    item: Item | None
    lot: dict[str, Any]
    unread_date: str | None = None


@retry_conflicts
def add_text(text: str, *, actor: Actor) -> list[EntryResult]:
    """Add what a text lists ("2 hộp sữa chua hết hạn thứ 6"); entries that are not certain are not added.

    All in one transaction: if one ingredient has `TooManyLots`, nothing is added, so that the text can be sent again.
    The returned items show the state after the whole text.
    """
    found = entries.read_entries(text, users.local_time(actor.id).date())
    matches = ingredients.match([entry.text for entry in found])
    holder = households.holder_of(actor.id)
    foods = {food.id: food for match in matches if (food := _certain(match))}
    rows = repositories.read_rows(holder, list(foods))
    items = {id_: Item(food, rows.get(id_) or repositories.fresh(holder, id_)) for id_, food in foods.items()}
    results = []
    for entry, match in zip(found, matches, strict=True):
        food, lot = _certain(match), _lot_of(entry, match)
        item = items[food.id] if food else None
        if item:
            item.row.stock = with_lot(item.row.stock, fresh_lot(**lot), item.ingredient)
        results.append(EntryResult(entry.text, match, item, lot, entry.unread_date))
    transaction = Transaction()
    for item in items.values():
        repositories.put(transaction, item.row)
    if len(transaction):
        transaction.commit()
    return results


def _certain(match: Match) -> Ingredient | None:
    return match.ingredient if match.status in {"exact", "corrected"} else None


def _lot_of(entry: entries.Entry, match: Match) -> dict[str, Any]:
    return {
        "quantity": match.quantity,
        "unit": match.unit,
        "expires_on": entry.expires_on.isoformat() if entry.expires_on else None,
        "place": entry.place.value if entry.place else None,
    }
