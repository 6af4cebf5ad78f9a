"""The pantry: lots with expiry dates and places; use them up, discard them, share them with a household."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from apps.core import clock, own_deletions, processed_events
from apps.core.authentication import Actor
from apps.core.keys import HOUSEHOLD, USER
from apps.core.language import Text, current
from apps.core.transactions import Transaction, retry_conflicts
from apps.households import services as households
from apps.households.services import Holder
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Ingredient
from apps.ingredients.matching import Match
from apps.pantry import entries, measuring, repositories
from apps.pantry.errors import AlreadyUsed, LotNotFound, PantryItemNotFound, TooManyLots
from apps.pantry.measuring import Amount
from apps.pantry.models import (
    MAX_LOTS,
    PantryMonth,
    PantryRow,
    Reason,
    Taken,
    added,
    fitted,
    fresh_lot,
    taken_out,
)
from apps.pantry.models import (
    Lot as Lot,  # noqa: PLC0414  for suggestions
)
from apps.users import services as users

# The time zone of the job that notifies of expiring food; everywhere else "today" is the person's.
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_TOO_MANY = Text(
    "Bếp chỉ giữ được {most} phần của {food}. Hãy dùng bớt hoặc xóa một phần rồi thử lại.",
    "A pantry holds {most} lots of {food}. Use up or remove one, then try again.",
)


@dataclass(frozen=True, slots=True)
class Item:
    """An ingredient that is at home."""

    ingredient: Ingredient
    row: PantryRow


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


@dataclass(frozen=True, slots=True)
class Use:
    """An amount of an ingredient to subtract; no amount means all of it."""

    ingredient_id: str
    amount: Amount | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What cooking something takes out of a pantry: the amount wanted, and the amount available."""

    ingredient: Ingredient
    wanted: Amount | None
    at_hand: list[Amount]


def today_here() -> date:
    """Return today's date for the job that notifies everybody of expiring food."""
    return clock.now().astimezone(_ZONE).date()


def list_items(*, actor: Actor, limit: int, after: Any, by_expiry: bool) -> tuple[list[Item], Any]:
    """Page through the actor's pantry, by row name or by expiry date (1 read unit for about 25)."""
    holder = households.holder_of(actor.id)
    if not by_expiry:
        found = repositories.page_of_rows(holder, limit=limit, after=after)
        return _items(found.items), found.next
    ordered = sorted(repositories.all_rows(holder), key=_expiry)
    rest = [row for row in ordered if after is None or _expiry(row) > tuple(after)]
    following = _expiry(rest[limit - 1]) if len(rest) > limit else None
    return _items(rest[:limit]), following


def _expiry(row: PantryRow) -> tuple[str, str]:
    return row.expires_on or "9999", row.ingredient_id


def _items(rows: Sequence[PantryRow]) -> list[Item]:
    return [Item(found, row) for row in rows if (found := ingredients.find(row.ingredient_id))]


def use_first(*, actor: Actor) -> list[Item]:
    """Return what has expired or expires within three days, in order."""
    today = users.local_time(actor.id).date()
    rows = repositories.all_rows(households.holder_of(actor.id))
    urgent = [row for row in rows if any(lot.expires_soon(today) for lot in row.stock)]
    return _items(sorted(urgent, key=_expiry))


def stock_of(user_id: str) -> list[Item]:
    """Return all that a person has at home, for suggestions, plans and lists. 1 unit, and 1 for about 25 of them."""
    return _items(list(repositories.all_rows(households.holder_of(user_id))))


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
    row = _row(households.holder_of(actor.id), ingredient_id)
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
    row = _row(households.holder_of(actor.id), ingredient_id)
    row.stock = _added(row.stock, fresh_lot(**lot), ingredient)
    _save(row)
    return Item(ingredient, row)


def _added(lots: Sequence[Lot], lot: Lot, ingredient: Ingredient) -> list[Lot]:
    more = added(lots, lot)
    if len(more) > MAX_LOTS:
        raise _too_many(ingredient)
    return more


def _too_many(ingredient: Ingredient) -> TooManyLots:
    return TooManyLots(_TOO_MANY.format(food=ingredient.name(current.get()), most=MAX_LOTS))


def _row(holder: Holder, ingredient_id: str) -> PantryRow:
    return repositories.read_row(holder, ingredient_id) or repositories.fresh(holder, ingredient_id)


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
            _count(transaction, [(row, [Taken(lot, lot.amount)])], reason, actor=actor, holder=holder)
        own_deletions.record_deletion(transaction, user_id=actor.id, deleted=deleted)
        transaction.commit()


def _lot(ingredient_id: str, lot_id: str, holder: Holder) -> tuple[PantryRow, Lot]:
    row = repositories.read_row(holder, ingredients.get(ingredient_id).id)
    lot = next((one for one in row.stock if one.id == lot_id), None) if row else None
    if row is None or lot is None:
        raise LotNotFound
    return row, lot


def _count(
    transaction: Transaction,
    uses: Sequence[tuple[PantryRow, Sequence[Taken]]],
    reason: Reason,
    *,
    actor: Actor,
    holder: Holder,
) -> None:
    """Count uses in the actor's month."""
    now = users.local_time(actor.id)
    repositories.count(transaction, holder, now, **_figures(uses, reason, now.date()))


def _figures(uses: Sequence[tuple[PantryRow, Sequence[Taken]]], reason: Reason, today: date) -> dict[str, float]:
    """Return what uses add to a month: saved is what would have expired within three days."""
    figures = dict[str, float]()

    def add(name: str, grams: float) -> None:
        figures[name] = figures.get(name, 0) + 1
        figures[f"{name}_grams"] = round(figures.get(f"{name}_grams", 0) + grams, 3)

    for row, taken in uses:
        food = ingredients.find(row.ingredient_id)
        for one in taken:
            grams = measuring.grams_of(one.amount, food) if one.amount else 0.0
            add(reason.value, grams)
            if reason is Reason.USED and one.lot.expires_soon(today):
                add("saved", grams)
    return figures


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
            item.row.stock = _added(item.row.stock, fresh_lot(**lot), item.ingredient)
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


def offer(wanted: Sequence[tuple[str | None, float | None, str | None]], *, actor: Actor) -> list[Offer]:
    """Return what is at home of these amounts of ingredients (id, quantity, unit): what cooking them takes.

    Reads the whole pantry: a read unit covers about 25 ingredients, or one that is read by itself.
    """
    known = any(ingredient_id for ingredient_id, _, _ in wanted)
    rows = {row.ingredient_id: row for row in repositories.all_rows(households.holder_of(actor.id))} if known else {}
    offers = []
    for ingredient_id, quantity, unit in wanted:
        row, food = rows.get(ingredient_id or ""), ingredients.find(ingredient_id or "")
        if row is None or food is None or not any(lot.is_at_hand for lot in row.stock):
            continue
        at_hand = measuring.total([amount for lot in row.stock if (amount := lot.amount)], food)
        offers.append(Offer(food, measuring.measured(quantity, unit), at_hand))
    return offers


@retry_conflicts
def use(uses: Sequence[Use], *, actor: Actor, session_id: str | None) -> list[Item]:
    """Take amounts out of the pantry, from the lots that expire first; return what is left of each ingredient.

    All in one transaction, with the month's statistics. With a session it happens once: repeating the same amounts
    changes nothing, and other amounts are refused with `AlreadyUsed`.
    """
    holder = households.holder_of(actor.id)
    rows = repositories.read_rows(holder, [one.ingredient_id for one in uses])
    transaction, taken = Transaction(), list[tuple[PantryRow, Sequence[Taken]]]()
    for ingredient_id in dict.fromkeys(one.ingredient_id for one in uses):
        row = rows.get(ingredient_id)
        if row is None:
            continue
        for one in uses:
            if one.ingredient_id == ingredient_id:
                row.stock, parts = taken_out(row.stock, one.amount, ingredients.find(ingredient_id))
                taken.append((row, parts))
        repositories.put(transaction, row)
    _count(transaction, taken, Reason.USED, actor=actor, holder=holder)
    if session_id:
        processed_events.mark_processed(transaction, scope=_USED, event=session_id)
        processed_events.renew_mark(transaction, scope=_USED, event=_same(session_id, uses, actor))
    try:
        if len(transaction):
            transaction.commit()
    except processed_events.AlreadyProcessed:
        if session_id and processed_events.was_processed(scope=_USED, event=_same(session_id, uses, actor)):
            return _items(list(repositories.read_rows(holder, list(rows)).values()))
        raise AlreadyUsed from None
    return _items(list(rows.values()))


_USED = "pantry-use"


def _same(session_id: str, uses: Sequence[Use], actor: Actor) -> str:
    """Return an id for the use of exactly these amounts, to recognize a repetition."""
    return hashlib.sha256(f"{session_id}\n{actor.id}\n{uses}".encode()).hexdigest()


def month_figures(*, actor: Actor, month: str | None) -> tuple[str, PantryMonth]:
    """Return a month's statistics of use and waste; the default is the current month (yyyy-mm)."""
    wanted = month or f"{users.local_time(actor.id):%Y-%m}"
    return wanted, repositories.read_month(households.holder_of(actor.id), wanted)


def bring(user_id: str, household_id: str) -> None:
    """Move a person's stock into the pantry of the household that they joined. Safe to repeat.

    One ingredient at a time: its lots move in one transaction, so that none is duplicated or lost. If the household
    then has too many lots, the most similar ones are merged; lots that cannot be merged stay in the person's pantry.
    """
    own, shared = Holder(USER, user_id), Holder(HOUSEHOLD, household_id)
    if households.holder_of(user_id) != shared:
        return
    today = users.local_time(user_id).date()
    for row in list(repositories.all_rows(own)):
        _move(row.ingredient_id, own, shared, today)


@retry_conflicts
def _move(ingredient_id: str, source: Holder, target: Holder, today: date) -> None:
    row = repositories.read_row(source, ingredient_id)
    if row is None:
        return
    other = _row(target, ingredient_id)
    lots = other.stock
    for lot in row.stock:
        lots = added(lots, lot)
    lots = fitted(lots, today)
    other.stock, row.stock = lots[:MAX_LOTS], lots[MAX_LOTS:]
    transaction = Transaction()
    repositories.put(transaction, other)
    repositories.put(transaction, row)
    transaction.commit()


def store(
    transaction: Transaction, holder: Holder, bought: Sequence[tuple[str, float | None, str | None]], *, today: date
) -> None:
    """Add these amounts of ingredients (id, quantity, unit) to the pantry in `transaction`.

    At most 40 ingredients; rows are read here, so the transaction fails with `WriteConflict` if one changes. If there
    would be too many lots, the most similar ones are merged; `TooManyLots` if that is not enough.
    """
    rows = repositories.read_rows(holder, [ingredient_id for ingredient_id, _, _ in bought])
    for ingredient_id, quantity, unit in bought:
        row = rows.setdefault(ingredient_id, repositories.fresh(holder, ingredient_id))
        row.stock = fitted(added(row.stock, fresh_lot(quantity=quantity, unit=unit)), today)
        if len(row.stock) > MAX_LOTS:
            raise _too_many(ingredients.get(ingredient_id))
    for row in rows.values():
        repositories.put(transaction, row)
