"""Remove a person's friendships, requests and blocks when their account is deleted."""

from apps.core import keys
from apps.core.transactions import Transaction, retry_conflicts
from apps.friends import effects, repositories
from apps.users import relations


def remove_relations(user_id: str) -> None:
    """Delete every friendship, request and block of a person, on both sides.

    Safe to repeat and to interrupt: each pair is one transaction, and the next run finds the rest. Call it after the
    profile is deleted, so that nobody can send new requests or block the person.
    """
    for row in repositories.query_friend_rows(user_id):
        _end(user_id, row.user_id)
    for packed in relations.load_relations(user_id).blocked:
        _reunite(user_id, relations.unpack(packed))


@retry_conflicts
def _end(user_id: str, other_id: str) -> None:
    transaction = Transaction()
    repositories.delete_pair(transaction, repositories.load_pair(user_id, other_id))
    relations.end_friendship(transaction, user_id, other_id)
    transaction.commit()


@retry_conflicts
def _reunite(user_id: str, other_id: str) -> None:
    transaction = Transaction()
    for row in repositories.find_blocks_between(user_id, other_id):
        if row is not None:
            transaction.delete(row)
            effects.publish_block_change(transaction, owner_id=keys.last_part(row.pk), rater_id=row.user_id)
    relations.unblock_both_ways(transaction, user_id, other_id)
    transaction.commit()
