"""What changed a moment ago: a small log, read consistently by those who read everything else at half its price.

Reads that are not consistent cost half, and show a row as it was up to about a second ago. Where nobody may be shown
what has just been taken from them, the change is noted here in its own transaction, and readers take what the log
names from the table consistently instead. What is withheld until further notice lies behind the log: one query reads
both.
"""

from dataclasses import dataclass
from datetime import timedelta

from pynamodb.attributes import UnicodeSetAttribute

from apps.core import clock, ids, keys
from apps.core.hidden_content import HiddenContent
from apps.core.models import Item
from apps.core.transactions import Transaction

# Copies and indexes are behind by about a second, rarely more; clocks of servers differ by less.
WINDOW = timedelta(minutes=1)
_KEPT = timedelta(hours=1)


class Change(Item, discriminator="change"):
    """Ids of things (posts, people) whose copies may be older than they are."""

    subjects = UnicodeSetAttribute()


@dataclass(frozen=True, slots=True)
class Recent:
    """The ids of what changed within the window, and of what is withheld (packed)."""

    changed: frozenset[str]
    hidden: frozenset[bytes]


def record_change(transaction: Transaction, *subjects: str) -> None:
    """Add to `transaction` that these have changed: 2 write units."""
    now = clock.now()
    key = keys.change(clock.sortable(now), ids.new_id())
    transaction.save(Change(pk=key.pk, sk=key.sk, subjects=set(subjects), ttl=clock.epoch(now + _KEPT)))


def load_recent() -> Recent:
    """Return what just changed and what is withheld: one consistent query, 1 read unit for about 25 changes."""
    start = keys.change(clock.sortable(clock.now() - WINDOW), "-")
    rows = list(Item.query(start.pk, Item.sk >= start.sk, consistent_read=True))
    changed = (row.subjects for row in rows if isinstance(row, Change))
    held = (row.ids for row in rows if isinstance(row, HiddenContent))
    return Recent(frozenset().union(*changed), frozenset().union(*held))
