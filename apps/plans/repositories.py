"""Every access of the plans app to the table."""

import secrets
from collections.abc import Sequence
from typing import Any

from django.utils.crypto import salted_hmac

from apps.core import clock, keys, queries
from apps.core.transactions import Transaction
from apps.households.services import Holder
from apps.plans.errors import ListExists, ListItemNotFound, PlanExists
from apps.plans.models import ListItemRow, PlanRow, ShoppingListRow

_SECRET_BYTES = 16
MAX_ITEMS = 500


def fresh_plan(holder: Holder, plan_id: str, *, by_id: str) -> PlanRow:
    key = keys.plan(holder.scope, holder.id, plan_id)
    return PlanRow(pk=key.pk, sk=key.sk, by_id=by_id, secret=new_secret(), created_at=clock.now())


def new_secret() -> str:
    return secrets.token_hex(_SECRET_BYTES)


def derived_secret(*parts: str) -> str:
    """Return a secret derived from the parts, which nobody without the service's key can compute."""
    return salted_hmac("plans.calendar", " ".join(parts), algorithm="sha256").hexdigest()[: 2 * _SECRET_BYTES]


def add_plan(transaction: Transaction, row: PlanRow) -> None:
    transaction.save(row, otherwise=PlanExists())


def read_plan(holder: Holder, plan_id: str) -> PlanRow | None:
    """Read a plan of its holder, consistently: 1 read unit for about 80 slots."""
    return PlanRow.read(keys.plan(holder.scope, holder.id, plan_id))


def page_of_plans(holder: Holder, *, limit: int, after: dict[str, str] | None) -> queries.Slice[PlanRow]:
    return queries.query_page(
        PlanRow,
        holder.partition,
        within=PlanRow.sk.startswith(keys.prefix("PLAN")),
        limit=limit,
        after=after,
        newest_first=True,
        consistent=True,
    )


def fresh_list(holder: Holder, list_id: str, *, by_id: str, name: str) -> ShoppingListRow:
    key = keys.shopping_list(holder.scope, holder.id, list_id)
    return ShoppingListRow(pk=key.pk, sk=key.sk, by_id=by_id, name=name, created_at=clock.now())


def add_list(row: ShoppingListRow, items: Sequence[ListItemRow]) -> None:
    """Store a list with its items; `ListExists` if it exists.

    The items are written first, 25 in a request: a visible list is complete, and a repeated request writes the same.
    """
    with ListItemRow.batch_write() as batch:
        for item in items:
            item.version = 1
            batch.save(item)
    transaction = Transaction()
    transaction.save(row, otherwise=ListExists())
    transaction.commit()


def read_list(holder: Holder, list_id: str) -> ShoppingListRow | None:
    return ShoppingListRow.read(keys.shopping_list(holder.scope, holder.id, list_id))


def page_of_lists(holder: Holder, *, limit: int, after: dict[str, str] | None) -> queries.Slice[ShoppingListRow]:
    return queries.query_page(
        ShoppingListRow,
        holder.partition,
        within=ShoppingListRow.sk.startswith(keys.prefix("LIST")),
        limit=limit,
        after=after,
        newest_first=True,
        consistent=True,
    )


def fresh_item(holder: Holder, list_id: str, item_id: str, **values: Any) -> ListItemRow:
    key = keys.shopping_list_item(holder.scope, holder.id, list_id, item_id)
    return ListItemRow(pk=key.pk, sk=key.sk, **values)


def read_items(holder: Holder, list_id: str) -> list[ListItemRow]:
    """Read the items of a list, consistently: 1 read unit for about 20."""
    within = ListItemRow.sk.startswith(keys.prefix("LISTITEM", list_id))
    return list(ListItemRow.query(holder.partition, within, consistent_read=True))


def read_item(holder: Holder, list_id: str, item_id: str) -> ListItemRow | None:
    return ListItemRow.read(keys.shopping_list_item(holder.scope, holder.id, list_id, item_id))


def set_fields(holder: Holder, list_id: str, item_id: str, values: dict[str, Any], *, creates: bool) -> None:
    """Write single fields of an item, regardless of concurrent writes: the last writer of each field wins.

    `ListItemNotFound` if the item is gone, unless `creates`.
    """
    row = fresh_item(holder, list_id, item_id)
    actions = [
        getattr(ListItemRow, name).set(value) if value is not None else getattr(ListItemRow, name).remove()
        for name, value in values.items()
    ]
    transaction = Transaction()
    condition = None if creates else ListItemRow.pk.exists()
    transaction.update(row, actions, condition, otherwise=ListItemNotFound())
    transaction.commit()


def remove_item(transaction: Transaction, holder: Holder, list_id: str, item_id: str) -> None:
    transaction.discard(fresh_item(holder, list_id, item_id))


def mark_stored(transaction: Transaction, row: ListItemRow) -> None:
    """Record in the transaction that fills the pantry that an item was added; fail if it was added before."""
    transaction.update(row, [ListItemRow.stored.set(True)], ListItemRow.pk.exists() & (ListItemRow.stored == False))  # noqa: E712
