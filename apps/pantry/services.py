"""The pantry: what is at home, in lots with expiry dates and places."""

from dataclasses import replace
from datetime import date
from typing import Any

from apps.core import own_deletions
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.households import services as households
from apps.households.services import Holder
from apps.ingredients import services as ingredients
from apps.pantry import repositories, statistics
from apps.pantry.errors import LotNotFound, PantryItemNotFound
from apps.pantry.lots import Lot, Taken, fresh_lot
from apps.pantry.models import PantryRow, Reason
from apps.pantry.stock import Item, items_of, with_lot
from apps.users import services as users


def list_items(*, actor: Actor, limit: int, after: Any, by_expiry: bool) -> tuple[list[Item], Any]:
    """Page through the actor's pantry, by row name or by expiry date (1 read unit for about 25)."""
    holder = households.holder_of(actor.id)
    if not by_expiry:
        found = repositories.page_of_rows(holder, limit=limit, after=after)
        return items_of(found.items), found.next
    ordered = sorted(repositories.all_rows(holder), key=_expiry)
    rest = [row for row in ordered if after is None or _expiry(row) > tuple(after)]
    following = _expiry(rest[limit - 1]) if len(rest) > limit else None
    return items_of(rest[:limit]), following


def _expiry(row: PantryRow) -> tuple[str, str]:
    return row.expires_on or "9999", row.ingredient_id


def use_first(*, actor: Actor) -> list[Item]:
    """Return what has expired or expires within three days, in order."""
    today = users.local_time(actor.id).date()
    rows = repositories.all_rows(households.holder_of(actor.id))
    urgent = [row for row in rows if any(lot.expires_soon(today) for lot in row.stock)]
    return items_of(sorted(urgent, key=_expiry))


def stock_of(user_id: str) -> list[Item]:
    """Return all that a person has at home, for suggestions, plans and lists. 1 unit, and 1 for about 25 of them."""
    return items_of(list(repositories.all_rows(households.holder_of(user_id))))


def good_lots(user_id: str, *, today: date) -> dict[str, list[Lot]]:
    """Return the unexpired lots at hand by ingredient, without ingredients that have none."""
    lots = {
        item.ingredient.id: [lot for lot in item.row.stock if lot.is_at_hand and not lot.has_expired(today)]
        for item in stock_of(user_id)
    }
    return {ingredient_id: good for ingredient_id, good in lots.items() if good}


@retry_conflicts
def put_item(ingredient_id: str, *, actor: Actor, lot: dict[str, Any]) -> Item:
    """Set the stock of an ingredient to one lot of this amount."""
    ingredient = ingredients.get(ingredient_id)
    row = repositories.read_or_fresh(households.holder_of(actor.id), ingredient_id)
    row.stock = [fresh_lot(**lot)]
    _save(row)
    return Item(ingredient, row)


@retry_conflicts
def remove_item(ingredient_id: str, *, actor: Actor) -> None:
    """Remove an ingredient. Idempotent; `PantryItemNotFound` if it was never there."""
    deleted = f"pantry.{ingredient_id}"
    with own_deletions.repeatable(actor.id, deleted, PantryItemNotFound):
        row = repositories.read_row(households.holder_of(actor.id), ingredients.get(ingredient_id).id)
        if row is None or not row.stock:
            raise PantryItemNotFound
        row.stock = []
        transaction = Transaction()
        repositories.put(transaction, row)
        own_deletions.record_deletion(transaction, user_id=actor.id, deleted=deleted)
        transaction.commit()


@retry_conflicts
def add_lot(ingredient_id: str, *, actor: Actor, lot: dict[str, Any]) -> Item:
    """Add stock of an ingredient: a new lot, or merged into one with the same unit, date and place."""
    ingredient = ingredients.get(ingredient_id)
    row = repositories.read_or_fresh(households.holder_of(actor.id), ingredient_id)
    row.stock = with_lot(row.stock, fresh_lot(**lot), ingredient)
    _save(row)
    return Item(ingredient, row)


def _save(row: PantryRow) -> None:
    transaction = Transaction()
    repositories.put(transaction, row)
    if len(transaction):
        transaction.commit()


@retry_conflicts
def change_lot(ingredient_id: str, lot_id: str, *, actor: Actor, changes: dict[str, Any]) -> Item:
    ingredient = ingredients.get(ingredient_id)
    row, lot = _lot(ingredient_id, lot_id, households.holder_of(actor.id))
    row.stock = [replace(one, **changes) if one.id == lot.id else one for one in row.stock]
    # A later expiry date needs another notification.
    row.told_until = None if "expires_on" in changes else row.told_until
    _save(row)
    return Item(ingredient, row)


@retry_conflicts
def remove_lot(ingredient_id: str, lot_id: str, *, actor: Actor, reason: Reason) -> None:
    """Remove a lot and count its outcome. Idempotent."""
    deleted = f"lot.{ingredient_id}.{lot_id}"
    with own_deletions.repeatable(actor.id, deleted, LotNotFound):
        holder = households.holder_of(actor.id)
        row, lot = _lot(ingredient_id, lot_id, holder)
        row.stock = [one for one in row.stock if one.id != lot.id]
        transaction = Transaction()
        repositories.put(transaction, row)
        if reason is not Reason.MISTAKE:
            statistics.count(transaction, [(row, [Taken(lot, lot.amount)])], reason, actor=actor, holder=holder)
        own_deletions.record_deletion(transaction, user_id=actor.id, deleted=deleted)
        transaction.commit()


def _lot(ingredient_id: str, lot_id: str, holder: Holder) -> tuple[PantryRow, Lot]:
    row = repositories.read_row(holder, ingredients.get(ingredient_id).id)
    lot = next((one for one in row.stock if one.id == lot_id), None) if row else None
    if row is None or lot is None:
        raise LotNotFound
    return row, lot
