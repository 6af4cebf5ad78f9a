"""What changed a moment ago: a small log, read consistently by those who read everything else at half its price.

Reads that are not consistent cost half, and show a row as it was up to about a second ago. Where nobody may be shown
what has just been taken from them, the change is noted here in its own transaction, and readers take what the log
names from the table consistently instead.
"""

from datetime import timedelta

from pynamodb.attributes import UnicodeSetAttribute

from apps.core import clock, ids, keys
from apps.core.models import Item
from apps.core.transactions import Transaction

# Copies and indexes are behind by about a second, rarely more; clocks of servers differ by less.
WINDOW = timedelta(minutes=1)
_KEPT = timedelta(hours=1)


class Change(Item, discriminator="change"):
    """Ids of things (posts, people) whose copies may be older than they are."""

    subjects = UnicodeSetAttribute()


def note(transaction: Transaction, *subjects: str) -> None:
    """Add to `transaction` that these have changed: 2 write units."""
    now = clock.now()
    key = keys.change(clock.sortable(now), ids.new_id())
    transaction.save(Change(pk=key.pk, sk=key.sk, subjects=set(subjects), ttl=clock.epoch(now + _KEPT)))


def changed() -> frozenset[str]:
    """Return the ids of what changed within the window: one consistent query, 1 read unit for about 25 changes."""
    start = keys.change(clock.sortable(clock.now() - WINDOW), "-")
    rows = Change.query(start.pk, Change.sk >= start.sk, consistent_read=True)
    return frozenset(subject for row in rows for subject in row.subjects)
