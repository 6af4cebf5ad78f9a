"""Take what was cooked out of the pantry."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from apps.core import processed_events
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.households import services as households
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Ingredient
from apps.pantry import measuring, repositories, statistics
from apps.pantry.errors import AlreadyUsed
from apps.pantry.lots import Taken, taken_out
from apps.pantry.measuring import Amount
from apps.pantry.models import PantryRow, Reason
from apps.pantry.stock import Item, items_of

_USED = "pantry-use"


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
    statistics.count(transaction, taken, Reason.USED, actor=actor, holder=holder)
    if session_id:
        processed_events.mark_processed(transaction, scope=_USED, event=session_id)
        processed_events.renew_mark(transaction, scope=_USED, event=_same(session_id, uses, actor))
    try:
        if len(transaction):
            transaction.commit()
    except processed_events.AlreadyProcessed:
        if session_id and processed_events.was_processed(scope=_USED, event=_same(session_id, uses, actor)):
            return items_of(list(repositories.read_rows(holder, list(rows)).values()))
        raise AlreadyUsed from None
    return items_of(list(rows.values()))


def _same(session_id: str, uses: Sequence[Use], actor: Actor) -> str:
    """Return an id for the use of exactly these amounts, to recognize a repetition."""
    return hashlib.sha256(f"{session_id}\n{actor.id}\n{uses}".encode()).hexdigest()
