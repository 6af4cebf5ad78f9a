"""Daily counters that the admin shows as charts, incremented where the counted thing happens."""

from collections.abc import Sequence
from datetime import date, timedelta

from pynamodb.attributes import NumberAttribute

from apps.core import clock, keys, queries
from apps.core.models import Item
from apps.core.transactions import Transaction

SIGN_UPS = "sign_ups"
ACTIVE = "active"
REPORTS = "reports"
APPROVALS = "approvals"
_KEPT = timedelta(days=800)


class Tally(Item, discriminator="tally"):
    """How often one thing happened on one day (UTC)."""

    count_ = NumberAttribute(default=0, attr_name="count")


def add(transaction: Transaction, name: str) -> None:
    """Count one in `transaction`: 2 write units."""
    now = clock.now()
    key = keys.tally(now.date(), name)
    transaction.update(Tally(pk=key.pk, sk=key.sk), [Tally.count_.add(1), Tally.ttl.set(clock.epoch(now + _KEPT))])


def read(names: Sequence[str], days: Sequence[date]) -> dict[str, list[int]]:
    """Return the counts of each name, day by day: half a read unit for each."""
    wanted = {(name, day): keys.tally(day, name) for name in names for day in days}
    found = queries.read_many(Tally, list(wanted.values()), consistent=False)
    return {name: [int(row.count_) if (row := found.get(wanted[name, day])) else 0 for day in days] for name in names}
