"""Access to the month's budget: one row whose every change is a single conditional write."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pynamodb.exceptions import UpdateError

from apps.core import clock, keys, transactions
from apps.suggestions.models import BudgetRow

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class Reservation:
    """What a suggestion holds of a month's budget, in millionths of a US dollar, since when (seconds since 1970)."""

    suggestion_id: str
    user_id: str
    micro: int
    since: int


class AlreadyHeld(Exception):
    """Another run of the same suggestion, active or killed, holds a reservation."""

    def __init__(self, held: Reservation) -> None:
        super().__init__(held.suggestion_id)
        self.held = held


def reserve(
    month: str, *, suggestion_id: str, user_id: str, micro: int, most: int, since: datetime | None = None
) -> bool:
    """Hold `micro` of the budget `most` from `since` (now) on; False where that is more than is left.

    AlreadyHeld where the suggestion holds something from another run.

    The condition is on the sum of what was spent and what others hold, in the write that adds to it: fifty workers at
    once cannot hold more than there is.
    """
    _open(month)
    held = BudgetRow.reservations[suggestion_id]
    entry = {"user_id": user_id, "micro": micro, "since": clock.epoch(since or clock.now())}
    fits = held.does_not_exist() & (BudgetRow.committed <= most - micro)
    try:
        _row(month).update(
            [held.set(entry), BudgetRow.committed.add(micro)], condition=fits, add_version_condition=False
        )
    except UpdateError as error:
        if not isinstance(transactions.explain_single(error, None), transactions.WriteConflict):
            raise
        already = held_by(month, suggestion_id)
        if already:
            raise AlreadyHeld(already) from error
        return False
    return True


def renew(month: str, held: Reservation) -> bool:
    """Take over another run's reservation; False if somebody else was faster."""
    since = BudgetRow.reservations[held.suggestion_id]["since"]
    try:
        _row(month).update(
            [since.set(clock.epoch(clock.now()))], condition=since == held.since, add_version_condition=False
        )
    except UpdateError as error:
        if isinstance(transactions.explain_single(error, None), transactions.WriteConflict):
            return False
        raise
    return True


def held_by(month: str, suggestion_id: str) -> Reservation | None:
    return next((one for one in reservations(month) if one.suggestion_id == suggestion_id), None)


def settle(month: str, *, suggestion_id: str, spent: int) -> bool:
    """Replace a suggestion's reservation with its cost; False if it holds none any more."""
    held = held_by(month, suggestion_id)
    if held is None:
        return False
    place = BudgetRow.reservations[suggestion_id]
    actions = [place.remove(), BudgetRow.committed.add(spent - held.micro), BudgetRow.spent.add(spent)]
    try:
        _row(month).update(actions, condition=place.exists(), add_version_condition=False)
    except UpdateError as error:
        if isinstance(transactions.explain_single(error, None), transactions.WriteConflict):
            return False
        raise
    return True


def reservations(month: str) -> list[Reservation]:
    """Return what is held at the moment: 1 read unit for about 40 suggestions under way."""
    row = read(month)
    held: dict[str, Any] = row.reservations.as_dict() if row else {}  # type: ignore[no-untyped-call]
    return [Reservation(id_, one["user_id"], int(one["micro"]), int(one["since"])) for id_, one in held.items()]


def read(month: str) -> BudgetRow | None:
    return BudgetRow.read(keys.ai_budget(month))


def _open(month: str) -> None:
    """Make the month's row where there is none: the first reservation needs a map to lie in."""
    if read(month) is None:
        key = keys.ai_budget(month)
        try:
            transactions.claim(BudgetRow(pk=key.pk, sk=key.sk, reservations={}))
        except transactions.WriteConflict:
            return


def _row(month: str) -> BudgetRow:
    key = keys.ai_budget(month)
    return BudgetRow(pk=key.pk, sk=key.sk, version=0)


def committed(month: str) -> int:
    """Read what is spent and held of a month's budget, in millionths of a US dollar: half a read unit."""
    row = BudgetRow.read(keys.ai_budget(month), consistent=False)
    return int(row.committed) if row else 0
