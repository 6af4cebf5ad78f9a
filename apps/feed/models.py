"""Rows of the fan-out: the feeds that a post was copied to."""

from pynamodb.attributes import BinarySetAttribute

from apps.core import keys
from apps.core.models import Item

# Parts of a fan-out are numbered, those for a single reader bear their id.
_NUMBER_LENGTH = 4


class FanOut(Item, discriminator="fan_out"):
    """Some of those into whose feeds a post is put, as packed ids; written before their references are.

    Where a part is there, those before it are done: an interrupted fan-out goes on from the last. Deleting the post
    finds every reference by these rows.
    """

    readers = BinarySetAttribute(legacy_encoding=False)

    @property
    def is_numbered(self) -> bool:
        return len(keys.last_part(self.sk)) == _NUMBER_LENGTH


def format_batch_number(part: int) -> str:
    """Return the name of a numbered part."""
    return f"{part:0{_NUMBER_LENGTH}d}"
