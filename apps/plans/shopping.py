"""Shopping lists: what the meals need, in units that shops sell, minus what is at home; shared by a household."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.core import clock, ids, own_deletions, transactions
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.households import services as households
from apps.households.services import Holder
from apps.ingredients import services as ingredients
from apps.pantry import measuring, storing
from apps.pantry import services as pantry
from apps.plans import dishes, repositories
from apps.plans.aisles import AISLES, aisle_of
from apps.plans.errors import ListExists, ListFull, ListItemNotFound, ListNotFound, NothingPlanned
from apps.plans.list_texts import named_after
from apps.plans.models import ListItemRow, ShoppingListRow, portions
from apps.plans.needs import Line, Portion, add_up, to_lines
from apps.plans.reading import PlanView
from apps.plans.services import get_plan
from apps.recipes.errors import RecipeNotFound
from apps.users import services as users

_STORED_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class ListView:
    row: ShoppingListRow
    items: list[ListItemRow]


def create_of_plan(plan_id: str, *, list_id: str, actor: Actor) -> ListView:
    """Create the list of a plan; leftovers count towards the dish that they come from."""
    view = get_plan(plan_id, actor=actor)
    cooked = _portions(view)
    if not cooked:
        raise NothingPlanned
    day = date.fromisoformat(view.row.asked.start)
    return _create(cooked, list_id=list_id, name=None, day=day, plan_id=plan_id, actor=actor)


def _portions(view: PlanView) -> list[Portion]:
    slots = view.row.slots
    return [
        Portion(view.dishes[slot.recipe_id], portions(slots, slot), slot.id)
        for slot in slots
        if slot.recipe_id in view.dishes and slot.leftovers_of is None
    ]


def create(recipes: Sequence[tuple[str, int]], *, list_id: str, name: str | None, actor: Actor) -> ListView:
    """Create the list of some recipes (id, servings); `RecipeNotFound` if the actor may not see one."""
    found = dishes.load([recipe_id for recipe_id, _ in recipes], actor=actor)
    if any(recipe_id not in found for recipe_id, _ in recipes):
        raise RecipeNotFound
    cooked = [Portion(found[recipe_id], servings, recipe_id) for recipe_id, servings in recipes]
    day = users.local_time(actor.id).date()
    return _create(cooked, list_id=list_id, name=name, day=day, plan_id=None, actor=actor)


def _create(
    cooked: Sequence[Portion], *, list_id: str, name: str | None, day: date, plan_id: str | None, actor: Actor
) -> ListView:
    holder = households.holder_of(actor.id)
    lines, covered = to_lines(add_up(cooked), pantry.stock_of(actor.id), today=users.local_time(actor.id).date())
    row = repositories.fresh_list(holder, list_id, by_id=actor.id, name=name or named_after(day))
    row.day = None if name else day.isoformat()
    row.plan_id, row.covered = plan_id, covered
    items = [_item(holder, list_id, number, line) for number, line in enumerate(lines)]
    try:
        repositories.add_list(row, items[: repositories.MAX_ITEMS])
    except ListExists:
        return get_list(list_id, actor=actor)
    return ListView(row, items)


def _item(holder: Holder, list_id: str, number: int, line: Line) -> ListItemRow:
    need = line.need
    shown = measuring.shown(line.amount) if line.amount else None
    have = measuring.shown(line.have) if line.have else None
    packs = measuring.purchase(line.amount, need.food) if line.amount else None
    return repositories.fresh_item(
        holder, list_id, ids.derived_id(list_id, str(number)),
        name=need.name, ingredient_id=need.food.id if need.food else None,
        quantity=shown.quantity if shown else None, unit=shown.unit if shown else None,
        aisle=aisle_of(need.food), slots=need.slots[:50],
        have=[have.quantity, have.unit] if have else None,
        packs=[packs.count, packs.size, packs.unit] if packs else None,
        note=line.note[:200] if line.note else None,
    )  # fmt: skip


def get_list(list_id: str, *, actor: Actor) -> ListView:
    """Return a list of the actor or their household, in the order of aisles; `ListNotFound` for all others."""
    holder = households.holder_of(actor.id)
    row = _read(holder, list_id)
    items = repositories.read_items(holder, list_id)
    items.sort(key=lambda item: (AISLES.index(item.aisle), item.name.casefold(), item.id))
    return ListView(row, items)


def _read(holder: Holder, list_id: str) -> ShoppingListRow:
    row = repositories.read_list(holder, list_id) if ids.is_id(list_id) else None
    if row is None:
        raise ListNotFound
    return row


def list_lists(*, actor: Actor, limit: int, after: Any) -> tuple[list[ShoppingListRow], Any]:
    found = repositories.page_of_lists(households.holder_of(actor.id), limit=limit, after=after)
    return found.items, found.next


@retry_conflicts
def delete_list(list_id: str, *, actor: Actor) -> None:
    """Delete a list, then its items, which are unreachable without it. Idempotent."""
    holder = households.holder_of(actor.id)
    with own_deletions.repeatable(actor.id, list_id, ListNotFound):
        transaction = Transaction()
        transaction.delete(_read(holder, list_id))
        own_deletions.record_deletion(transaction, user_id=actor.id, deleted=list_id)
        transaction.commit()
        for item in repositories.read_items(holder, list_id):
            item.delete(add_version_condition=False)


@retry_conflicts
def put_item(list_id: str, item_id: str, *, actor: Actor, values: dict[str, Any]) -> ListItemRow:
    """Write the given fields of an item; create it if it doesn't exist and has a name.

    Concurrent writes are safe: each field has the value that was written last, and other fields stay. So a check is
    never lost to a note.
    """
    holder = households.holder_of(actor.id)
    _read(holder, list_id)
    known = repositories.read_item(holder, list_id, item_id) if ids.is_id(item_id) else None
    if known is None and ("name" not in values or not ids.is_id(item_id)):
        raise ListItemNotFound
    written = dict(values)
    if "checked" in values:
        written["checked_by"] = actor.id if values["checked"] else None
    if known is None:
        if len(repositories.read_items(holder, list_id)) >= repositories.MAX_ITEMS:
            raise ListFull
        written = {**_of_name(values["name"]), **written}
    elif values.get("name", known.name) != known.name:
        meant = _of_name(values["name"])
        written |= {"ingredient_id": meant["ingredient_id"], "aisle": meant["aisle"]}
    repositories.set_fields(holder, list_id, item_id, written, creates=known is None)
    found = repositories.read_item(holder, list_id, item_id)
    if found is None:
        raise ListItemNotFound
    return found


def _of_name(name: str) -> dict[str, Any]:
    """Return what is known about something that was added by its name."""
    food = ingredients.resolve(name)
    return {
        "ingredient_id": food.id if food else None,
        "aisle": aisle_of(food),
        "slots": [],
        "checked": False,
        "stored": False,
    }


@retry_conflicts
def remove_item(list_id: str, item_id: str, *, actor: Actor) -> None:
    """Remove an item from a list. Idempotent."""
    holder, deleted = households.holder_of(actor.id), f"item.{list_id}.{item_id}"
    with own_deletions.repeatable(actor.id, deleted, ListNotFound, ListItemNotFound):
        _read(holder, list_id)
        if not ids.is_id(item_id) or repositories.read_item(holder, list_id, item_id) is None:
            raise ListItemNotFound
        transaction = Transaction()
        repositories.remove_item(transaction, holder, list_id, item_id)
        own_deletions.record_deletion(transaction, user_id=actor.id, deleted=deleted)
        transaction.commit()


def finish(list_id: str, *, actor: Actor) -> ListView:
    """Add the checked items to the pantry and close the list; a repetition adds items checked since.

    `TooManyLots` before anything is added. Items are added in groups; each group is marked in the same transaction, so
    that a crash in between adds nothing twice.
    """
    holder, today = households.holder_of(actor.id), users.local_time(actor.id).date()
    _read(holder, list_id)
    bought = [item for item in repositories.read_items(holder, list_id) if item.checked and not item.stored]
    if len(bought) > _STORED_AT_ONCE:
        # Never committed: raises if a later group would, before the first is added.
        storing.store(Transaction(), holder, _amounts(bought), today=today)
    for start in range(0, len(bought), _STORED_AT_ONCE):
        _store([item.id for item in bought[start : start + _STORED_AT_ONCE]], holder, list_id, today)
    _close(holder, list_id)
    return get_list(list_id, actor=actor)


@retry_conflicts
def _store(item_ids: Sequence[str], holder: Holder, list_id: str, today: date) -> None:
    rows = [row for item_id in item_ids if (row := repositories.read_item(holder, list_id, item_id))]
    fresh = [row for row in rows if row.checked and not row.stored]
    if not fresh:
        return
    transaction = Transaction()
    storing.store(transaction, holder, _amounts(fresh), today=today)
    for row in fresh:
        repositories.mark_stored(transaction, row)
    transaction.commit()


def _amounts(items: Sequence[ListItemRow]) -> list[tuple[str, float | None, str | None]]:
    return [(item.ingredient_id, _quantity(item), item.unit) for item in items if item.ingredient_id]


def _quantity(row: ListItemRow) -> float | None:
    return float(row.quantity) if row.quantity is not None else None


@retry_conflicts
def _close(holder: Holder, list_id: str) -> None:
    row = _read(holder, list_id)
    if row.done_at is None:
        row.done_at = clock.now()  # type: ignore[unreachable]  # the library says that it is never None
        transactions.save(row)
