"""Access to daily statistics, sharded: suggestions that end together would contend for one row."""

import random
from collections.abc import Mapping
from datetime import date, timedelta

from apps.core import clock, keys, queries
from apps.core.transactions import Transaction
from apps.suggestions.models import FiguresRow

_SHARDS = 8
_KEPT = timedelta(days=800)
NAMES = ("suggestions", "requested", "from_catalogue", "from_ai", "from_rules", "answered_again", "cost", "saved")


def add(transaction: Transaction, day: date, figures: Mapping[str, int]) -> None:
    """Add to the day's sums with the change that they count, so that they are exact."""
    key = keys.suggestion_figures(day, random.randrange(_SHARDS))  # noqa: S311
    row = FiguresRow(pk=key.pk, sk=key.sk)
    moved = [getattr(FiguresRow, name).add(number) for name, number in figures.items() if number]
    transaction.update(row, [*moved, FiguresRow.ttl.set(clock.epoch(clock.now() + _KEPT))])


def of(day: date) -> dict[str, int]:
    """Return the sums of a day: one request."""
    rows = queries.read_many(FiguresRow, [keys.suggestion_figures(day, shard) for shard in range(_SHARDS)])
    return {name: sum(int(getattr(row, name)) for row in rows.values()) for name in NAMES}
