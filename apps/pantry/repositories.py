"""Every access of the pantry app to the table."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from apps.core import clock, keys, queries
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.households.services import Holder
from apps.pantry.lots import USE_FIRST_DAYS
from apps.pantry.models import PantryMonth, PantryRow

# A month's statistics are kept for a little over two years.
_MONTHS_KEPT = timedelta(days=800)


def fresh(holder: Holder, ingredient_id: str) -> PantryRow:
    key = keys.pantry(holder.scope, holder.id, ingredient_id)
    return PantryRow(pk=key.pk, sk=key.sk, ingredient_id=ingredient_id, updated_at=clock.now())


def read_row(holder: Holder, ingredient_id: str) -> PantryRow | None:
    """Read the lots of one ingredient, consistently: 1 read unit."""
    return PantryRow.read(keys.pantry(holder.scope, holder.id, ingredient_id))


def read_or_fresh(holder: Holder, ingredient_id: str) -> PantryRow:
    return read_row(holder, ingredient_id) or fresh(holder, ingredient_id)


def read_rows(holder: Holder, ingredient_ids: Sequence[str]) -> dict[str, PantryRow]:
    """Read several ingredients, consistently: 1 read unit each."""
    found = queries.read_many(PantryRow, [keys.pantry(holder.scope, holder.id, one) for one in ingredient_ids])
    return {row.ingredient_id: row for row in found.values()}


def page_of_rows(holder: Holder, *, limit: int, after: dict[str, str] | None) -> queries.Slice[PantryRow]:
    within = PantryRow.sk.startswith(keys.prefix("PANTRY"))
    return queries.query_page(PantryRow, holder.partition, within=within, limit=limit, after=after, consistent=True)


def all_rows(holder: Holder) -> Iterator[PantryRow]:
    """Read a whole pantry, consistently: 1 read unit for about 25 ingredients."""
    within = PantryRow.sk.startswith(keys.prefix("PANTRY"))
    return iter(PantryRow.query(holder.partition, within, consistent_read=True))


def put(transaction: Transaction, row: PantryRow) -> None:
    """Save a row with its queue entry, or delete it if it has no lots. `WriteConflict` if it has changed meanwhile."""
    if not row.stock:
        if row.version is not None:
            transaction.delete(row)
        return
    row.updated_at = clock.now()
    _queue(row)
    transaction.save(row)


def _queue(row: PantryRow) -> None:
    """Queue the row for the day on which its holders are notified of the next expiry."""
    told = row.told_until or ""
    dates = [lot.expires_on for lot in row.stock if lot.is_at_hand and lot.expires_on and lot.expires_on > told]
    if not dates:
        row.gsi4pk = row.gsi4sk = None
        return
    due = date.fromisoformat(min(dates)) - timedelta(days=USE_FIRST_DAYS - 1)
    scope, holder_id = row.pk.split(keys.SEPARATOR)
    queue = keys.expiring_queue(due.isoformat(), scope, holder_id, row.ingredient_id)
    row.gsi4pk, row.gsi4sk = queue.pk, queue.sk


def expiring(today: date) -> Iterator[tuple[Holder, str]]:
    """Yield holder and ingredient of the rows that are due, according to the index."""
    bound = (today + timedelta(days=1)).isoformat()
    queue = keys.expiring_queue(bound, "-", "-", "-")
    for item in Item.queues.query(queue.pk, Item.gsi4sk < bound):
        scope, holder_id = item.pk.split(keys.SEPARATOR)
        yield Holder(scope, holder_id), keys.last_part(item.sk)


def count(transaction: Transaction, holder: Holder, at: datetime, **figures: float) -> None:
    """Add to a month's statistics in the transaction that changes the pantry."""
    row = _month(holder, f"{at:%Y-%m}")
    actions = [getattr(PantryMonth, name).add(value) for name, value in figures.items() if value]
    if actions:
        actions.append(PantryMonth.ttl.set(clock.epoch(at + _MONTHS_KEPT)))
        transaction.update(row, actions)


def read_month(holder: Holder, month: str) -> PantryMonth:
    key = keys.pantry_month(holder.scope, holder.id, month)
    return PantryMonth.read(key) or _month(holder, month)


def _month(holder: Holder, month: str) -> PantryMonth:
    key = keys.pantry_month(holder.scope, holder.id, month)
    return PantryMonth(pk=key.pk, sk=key.sk)
