"""Remove a deleted account from the records of which feeds a post was copied to."""

from pynamodb.exceptions import UpdateError

from apps.core import keys, transactions
from apps.core.errors import Conflict
from apps.core.models import Item
from apps.feed import repositories
from apps.feed.models import FanOut
from apps.users import relations


class _Gone(Conflict):
    """The batch was deleted meanwhile, with its post."""


def remove_from_fan_outs(user_id: str) -> None:
    """Remove a person from the batches of every post in their feed, before the references are deleted."""
    packed = relations.pack(user_id)
    for reference in Item.query(keys.feed_reference(user_id, "-").pk, consistent_read=True):
        for batch in list(repositories.list_batches(reference.sk)):
            if packed in batch.readers:
                _remove(batch, packed)


def _remove(batch: FanOut, packed: bytes) -> None:
    if set(batch.readers) == {packed}:
        repositories.delete_batch(batch)
        return
    try:
        FanOut(pk=batch.pk, sk=batch.sk, version=batch.version).update(
            [FanOut.readers.delete({packed})], condition=FanOut.pk.exists(), add_version_condition=False
        )
    except UpdateError as error:
        problem = transactions.explain_single(error, _Gone())
        if not isinstance(problem, _Gone):
            raise problem from error
