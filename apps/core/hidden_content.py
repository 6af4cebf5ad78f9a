"""What nobody is shown until further notice: people and recipes that reports have hidden, as one small set of ids.

Every reader of what others wrote has to know it, at once and at no cost that grows with what they read. So it is one
row. A copy of it lies behind the log of what just changed, where it costs a reader of that log nothing more; the others
are for readers by key, several of them, since DynamoDB reads one key no more than 3,000 times a second.
"""

import random

from pynamodb.attributes import BinarySetAttribute

from apps.core import keys
from apps.core.models import Item
from apps.core.transactions import Transaction

COPIES = 4


class HiddenContent(Item, discriminator="withheld"):
    """Packed ids, 16 bytes each: 4 KB are 250 of them, 400 KB are 25,000."""

    subjects = BinarySetAttribute(null=True, legacy_encoding=False)

    @property
    def ids(self) -> frozenset[bytes]:
        return frozenset(self.subjects or ())


def hide(transaction: Transaction, subject: bytes) -> None:
    """Add to `transaction` that nobody is shown this any more; again is as good as once. 2 write units a copy."""
    for row in _copies():
        transaction.update(row, [HiddenContent.subjects.add({subject})])


def show_again(transaction: Transaction, subject: bytes) -> None:
    """Add to `transaction` that this is shown again."""
    for row in _copies():
        transaction.update(row, [HiddenContent.subjects.delete({subject})])


def any_copy() -> keys.Key:
    """Return the key of one of the copies."""
    return keys.hidden_content(random.randrange(COPIES))  # noqa: S311


def load_hidden() -> frozenset[bytes]:
    """Return what is withheld now: 1 read unit for 250 ids."""
    row = HiddenContent.read(any_copy())
    return row.ids if row else frozenset()


def _copies() -> list[HiddenContent]:
    places = [keys.hidden_content_beside_changes(), *map(keys.hidden_content, range(COPIES))]
    return [HiddenContent(pk=place.pk, sk=place.sk) for place in places]
