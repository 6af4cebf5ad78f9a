"""What was used, saved and wasted in a month, counted in the transactions that take food out of a pantry."""

from collections.abc import Sequence
from datetime import date

from apps.core.authentication import Actor
from apps.core.transactions import Transaction
from apps.households import services as households
from apps.households.services import Holder
from apps.ingredients import services as ingredients
from apps.pantry import measuring, repositories
from apps.pantry.lots import Taken
from apps.pantry.models import PantryMonth, PantryRow, Reason
from apps.users import services as users


def month_figures(*, actor: Actor, month: str | None) -> tuple[str, PantryMonth]:
    """Return a month's statistics of use and waste; the default is the current month (yyyy-mm)."""
    wanted = month or f"{users.local_time(actor.id):%Y-%m}"
    return wanted, repositories.read_month(households.holder_of(actor.id), wanted)


def count(
    transaction: Transaction,
    uses: Sequence[tuple[PantryRow, Sequence[Taken]]],
    reason: Reason,
    *,
    actor: Actor,
    holder: Holder,
) -> None:
    """Count uses in the actor's month, in `transaction`."""
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
