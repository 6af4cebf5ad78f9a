"""People and recipes that reports have hidden until a moderator decides, as one small set of ids.

Every reader of other people's content needs this set, current and at a constant cost. So it is one row in several
copies: DynamoDB serves one key at most 3,000 times a second. One more copy is stored after the log of recent changes,
where readers of the log get it at no extra cost.
"""

import random

from pynamodb.attributes import BinarySetAttribute

from apps.core import keys
from apps.core.models import Item
from apps.core.transactions import Transaction

COPIES = 4


class VisibilityRow(Item):
    """Rows that `recent_changes` reads with one query, which names these kinds instead of all."""


class HiddenContent(VisibilityRow, discriminator="withheld"):
    """Packed ids, 16 bytes each: 4 KB are 250 of them, 400 KB are 25,000."""

    subjects = BinarySetAttribute(null=True, legacy_encoding=False)

    @property
    def ids(self) -> frozenset[bytes]:
        return frozenset(self.subjects or ())


def hide(transaction: Transaction, subject: bytes) -> None:
    """Hide this from everybody with `transaction`. Idempotent. 2 write units a copy."""
    for row in _copies():
        transaction.update(row, [HiddenContent.subjects.add({subject})])


def show_again(transaction: Transaction, subject: bytes) -> None:
    """Make this visible again with `transaction`. Idempotent."""
    for row in _copies():
        transaction.update(row, [HiddenContent.subjects.delete({subject})])


def any_copy() -> keys.Key:
    """Return the key of a copy, chosen at random."""
    return keys.hidden_content(random.randrange(COPIES))  # noqa: S311


def load_hidden() -> frozenset[bytes]:
    """Return the ids of what is hidden now: 1 read unit for 250 ids."""
    row = HiddenContent.read(any_copy())
    return row.ids if row else frozenset()


def _copies() -> list[HiddenContent]:
    places = [keys.hidden_content_beside_changes(), *map(keys.hidden_content, range(COPIES))]
    return [HiddenContent(pk=place.pk, sk=place.sk) for place in places]
