"""Blocks: two people are invisible to each other while either blocks the other."""

from datetime import datetime
from typing import Any

from apps.core import own_deletions, queries
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.friends import effects, repositories
from apps.friends.errors import BlockNotFound, Oneself
from apps.users import relations, visibility
from apps.users import services as users
from apps.users.errors import UserNotFound
from apps.users.people import Person, is_user_id


@retry_conflicts
def block(user_id: str, *, actor: Actor) -> None:
    """Block somebody, and end the friendship or request between the two in the same transaction. Idempotent.

    Works the same if the other person blocked first: then both blocks have to be removed before they see each other
    again. 3 read units, about 16 write units, and 9 for the messages.
    """
    if user_id == actor.id:
        raise Oneself
    if not is_user_id(user_id):
        raise UserNotFound
    if repositories.find_block(actor.id, user_id) is not None:
        return
    transaction = Transaction()
    users.expect_present(transaction, user_id=user_id)
    repositories.delete_pair(transaction, repositories.load_pair(actor.id, user_id))
    repositories.add_block(transaction, actor.id, user_id)
    relations.block_both_ways(transaction, actor.id, user_id)
    effects.remove_notifications_between(transaction, actor.id, user_id)
    effects.publish_block_change(transaction, owner_id=actor.id, rater_id=user_id)
    transaction.commit()


@retry_conflicts
def unblock(user_id: str, *, actor: Actor) -> None:
    """Remove the actor's block. Doesn't restore a friendship, and the other person's block, if any, stays.

    If two people unblock each other at the same time, each checks the other's row: one of them fails, reads again,
    finds that it is the last block, and updates both people's relations. Idempotent; raises `BlockNotFound` if there
    never was a block. 2 read units, 6 to 10 write units, 3 for the message.
    """
    if not is_user_id(user_id):
        raise UserNotFound
    with own_deletions.repeatable(actor.id, f"block.{user_id}", BlockNotFound):
        _unblock(user_id, actor=actor)


def _unblock(user_id: str, *, actor: Actor) -> None:
    mine, theirs = repositories.find_blocks_between(actor.id, user_id)
    if mine is None:
        raise BlockNotFound
    transaction = Transaction()
    transaction.delete(mine)
    repositories.expect_block(transaction, user_id, actor.id, there=theirs is not None)
    if theirs is None:
        relations.unblock_both_ways(transaction, actor.id, user_id)
    effects.publish_block_change(transaction, owner_id=actor.id, rater_id=user_id)
    own_deletions.record_deletion(transaction, user_id=actor.id, deleted=f"block.{user_id}")
    transaction.commit()


def has_blocked(user_id: str, other_id: str) -> bool:
    """Return whether the first person has blocked the second: 1 read unit."""
    return repositories.find_block(user_id, other_id) is not None


def list_blocked(*, actor: Actor, limit: int, after: Any) -> tuple[list[tuple[Person, datetime]], Any]:
    """Page through the people whom the actor has blocked: 1 read unit for about 20, and 1.5 for each person."""
    who = visibility.load_viewer(actor.id)

    def read(missing: int, position: Any) -> tuple[list[tuple[Person, datetime]], Any]:
        found = repositories.query_blocks(actor.id, limit=missing, after=position)
        known = users.find_people_for([row.user_id for row in found.items], who=who)
        return [(known[row.user_id], row.since) for row in found.items if row.user_id in known], found.next

    return queries.fill_page(read, limit=limit, after=after)
