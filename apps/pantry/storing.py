"""Put into a pantry what others bring: what was bought from a shopping list, and the stock of new members."""

from collections.abc import Sequence
from datetime import date

from apps.core.keys import HOUSEHOLD, USER
from apps.core.transactions import Transaction, retry_conflicts
from apps.households import services as households
from apps.households.services import Holder
from apps.ingredients import services as ingredients
from apps.pantry import repositories
from apps.pantry.lots import MAX_LOTS, added, fitted, fresh_lot
from apps.pantry.stock import too_many
from apps.users import services as users


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
            raise too_many(ingredients.get(ingredient_id))
    for row in rows.values():
        repositories.put(transaction, row)


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
    other = repositories.read_or_fresh(target, ingredient_id)
    lots = other.stock
    for lot in row.stock:
        lots = added(lots, lot)
    lots = fitted(lots, today)
    other.stock, row.stock = lots[:MAX_LOTS], lots[MAX_LOTS:]
    transaction = Transaction()
    repositories.put(transaction, other)
    repositories.put(transaction, row)
    transaction.commit()
