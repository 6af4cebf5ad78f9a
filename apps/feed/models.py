"""Rows of the fan-out: the feeds that a post was copied to."""

from pynamodb.attributes import BinarySetAttribute

from apps.core import keys
from apps.core.models import Item

# Batches of a fan-out are numbered; a batch for a single reader has the reader's id.
_NUMBER_LENGTH = 4


class FanOut(Item, discriminator="fan_out"):
    """Some of the readers into whose feeds a post is copied, as packed ids; written before the references.

    If a batch exists, the ones before it are complete, so an interrupted fan-out resumes at the last. These rows let a
    deletion find every reference.
    """

    readers = BinarySetAttribute(legacy_encoding=False)

    @property
    def is_numbered(self) -> bool:
        return len(keys.last_part(self.sk)) == _NUMBER_LENGTH


def format_batch_number(part: int) -> str:
    """Return the name of a numbered batch."""
    return f"{part:0{_NUMBER_LENGTH}d}"
