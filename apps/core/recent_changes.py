"""A log of visibility changes in the last minute, for readers that use eventually consistent reads.

Such reads cost half and may show a row as it was a second ago. A change that takes effect at once is recorded here, in
its own transaction; readers query this log consistently and read again, by key and consistently, what it names. A copy
of the hidden content lies after the log, so that one query returns both.
"""

from dataclasses import dataclass
from datetime import timedelta

from pynamodb.attributes import UnicodeSetAttribute

from apps.core import clock, ids, keys
from apps.core.hidden_content import HiddenContent, VisibilityRow
from apps.core.transactions import Transaction

# Replicas and indexes lag by about a second, rarely more; clocks of servers differ by less.
WINDOW = timedelta(minutes=1)
_KEPT = timedelta(hours=1)


class Change(VisibilityRow, discriminator="change"):
    """Ids of posts and people whose replicas and index entries may be outdated."""

    subjects = UnicodeSetAttribute()


@dataclass(frozen=True, slots=True)
class Recent:
    """Ids of what changed within the window, and of what is hidden (packed)."""

    changed: frozenset[str]
    hidden: frozenset[bytes]


def record_change(transaction: Transaction, *subjects: str) -> None:
    """Record with `transaction` that these change: 2 write units."""
    now = clock.now()
    key = keys.change(clock.sortable(now), ids.new_id())
    transaction.save(Change(pk=key.pk, sk=key.sk, subjects=set(subjects), ttl=clock.epoch(now + _KEPT)))


def load_recent() -> Recent:
    """Return recent changes and hidden content: one consistent query, 1 read unit for about 25 changes."""
    start = keys.change(clock.sortable(clock.now() - WINDOW), "-")
    rows = list(VisibilityRow.query(start.pk, VisibilityRow.sk >= start.sk, consistent_read=True))
    changed = (row.subjects for row in rows if isinstance(row, Change))
    held = (row.ids for row in rows if isinstance(row, HiddenContent))
    return Recent(frozenset().union(*changed), frozenset().union(*held))
