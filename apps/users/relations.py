"""Friends and blocks: one small row per person, read by every visibility decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from apps.core import recent_changes
from apps.core.errors import DomainError
from apps.core.transactions import Transaction
from apps.users.models import RelationsRow
from apps.users.repositories import stored_people


@dataclass(frozen=True, slots=True)
class Relations:
    """One person's friends and blocks, as packed ids."""

    friends: frozenset[bytes] = frozenset()
    blocked: frozenset[bytes] = frozenset()

    def is_friend(self, user_id: str) -> bool:
        return pack_or_none(user_id) in self.friends

    def is_blocked(self, user_id: str) -> bool:
        """Return whether either has blocked the other."""
        return pack_or_none(user_id) in self.blocked

    def friend_ids(self) -> list[str]:
        """Return the ids of the friends, sorted."""
        return [unpack(packed) for packed in sorted(self.friends)]


def pack(user_id: str) -> bytes:
    """Return the 16 bytes of a user id; ValueError if it is malformed."""
    return UUID(user_id).bytes


def pack_or_none(user_id: str) -> bytes | None:
    """Return the bytes of a user id, None if it is malformed."""
    try:
        return pack(user_id)
    except ValueError:
        return None


def unpack(packed: bytes) -> str:
    return str(UUID(bytes=packed))


def load_relations(user_id: str, *, consistent: bool = True) -> Relations:
    """Load a person's relations: 1 read unit, 5 with 1,000 friends; half of that if not consistent."""
    return relations_from_row(stored_people.find_relations(user_id, consistent=consistent))


def relations_from_row(row: RelationsRow | None) -> Relations:
    """Return the relations in a row; none without a row."""
    return Relations(_frozen(row.friends), _frozen(row.blocked)) if row else Relations()


# Each change of relations is a recent change too: feeds read relations eventually consistent.


def add_friendship(transaction: Transaction, one: str, other: str, *, otherwise: DomainError) -> None:
    """Make two people friends; the transaction fails with `otherwise` if either has reached the limit of friends."""
    recent_changes.record_change(transaction, one, other)
    for user_id, friend_id in ((one, other), (other, one)):
        stored_people.add_friend(
            transaction, user_id, pack(friend_id), most=settings.MAX_FRIENDS, otherwise=otherwise
        )  # fmt: skip


def end_friendship(transaction: Transaction, one: str, other: str) -> None:
    recent_changes.record_change(transaction, one, other)
    for user_id, friend_id in ((one, other), (other, one)):
        stored_people.remove_from_relations(transaction, user_id, friend=pack(friend_id))


def block_both_ways(transaction: Transaction, one: str, other: str) -> None:
    """Hide two people from each other, whether friends or not. Idempotent."""
    recent_changes.record_change(transaction, one, other)
    for user_id, other_id in ((one, other), (other, one)):
        stored_people.add_block(transaction, user_id, pack(other_id))


def unblock_both_ways(transaction: Transaction, one: str, other: str) -> None:
    """Let two people see each other again. An earlier friendship stays ended."""
    recent_changes.record_change(transaction, one, other)
    for user_id, other_id in ((one, other), (other, one)):
        stored_people.remove_from_relations(transaction, user_id, blocked=pack(other_id))


def require_unblocked(transaction: Transaction, user_id: str, other_id: str, *, otherwise: DomainError) -> None:
    """Let `transaction` commit only if neither has blocked the other, according to the row of `user_id`."""
    stored_people.expect_unblocked(transaction, user_id, pack(other_id), otherwise=otherwise)


def _frozen(packed: Iterable[bytes] | None) -> frozenset[bytes]:
    return frozenset(packed or ())
