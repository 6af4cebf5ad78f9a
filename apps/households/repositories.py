"""Every access of the households app to the table."""

import secrets
from collections.abc import Iterator

from apps.core import clock, keys, queries
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.households.errors import AlreadyInHousehold
from apps.households.models import (
    INVITED_FOR,
    HouseholdRow,
    InvitationRow,
    Member,
    MembershipRow,
    ReceivedInvitation,
    Role,
    joined_now,
)

_SECRET_BYTES = 16


def fresh(household_id: str, *, name: str, owner_id: str) -> HouseholdRow:
    """Build the row of a new household with one member."""
    key = keys.household(household_id)
    row = HouseholdRow(pk=key.pk, sk=key.sk, name=name, created_at=clock.now())
    row.members = [Member(owner_id, Role.OWNER.value, joined_now())]
    return row


def read_household(household_id: str) -> HouseholdRow | None:
    return HouseholdRow.read(keys.household(household_id))


def read_membership(user_id: str) -> MembershipRow | None:
    """Read which household somebody belongs to, consistently: 1 read unit."""
    return MembershipRow.read(keys.membership(user_id))


def add_membership(transaction: Transaction, user_id: str, household_id: str) -> None:
    """Record a person's household; the row's key allows only one."""
    key = keys.membership(user_id)
    row = MembershipRow(pk=key.pk, sk=key.sk, household_id=household_id)
    transaction.save(row, otherwise=AlreadyInHousehold())


def drop_membership(transaction: Transaction, user_id: str) -> None:
    key = keys.membership(user_id)
    transaction.discard(MembershipRow(pk=key.pk, sk=key.sk))


def fresh_invitation(household_id: str, *, by_id: str, to_id: str | None) -> InvitationRow:
    """Build an invitation with a secret of 128 bits."""
    key, now = keys.household_invitation(household_id, secrets.token_hex(_SECRET_BYTES)), clock.now()
    return InvitationRow(
        pk=key.pk, sk=key.sk, household_id=household_id, by_id=by_id, to_id=to_id, created_at=now,
        ttl=clock.epoch(now + INVITED_FOR),
    )  # fmt: skip


def add_invitation(transaction: Transaction, row: InvitationRow) -> None:
    transaction.save(row)
    if row.to_id:
        transaction.save(_received(row, row.to_id))


def remove_invitation(transaction: Transaction, row: InvitationRow) -> None:
    transaction.discard(row)
    if row.to_id:
        transaction.discard(_received(row, row.to_id))


def _received(row: InvitationRow, user_id: str) -> ReceivedInvitation:
    secret = keys.last_part(row.sk)
    key = keys.received_household_invitation(user_id, row.household_id, secret)
    return ReceivedInvitation(pk=key.pk, sk=key.sk, household_id=row.household_id, secret=secret, ttl=row.ttl)


def read_invitation(household_id: str, secret: str) -> InvitationRow | None:
    return InvitationRow.read(keys.household_invitation(household_id, secret))


def invitations(household_id: str) -> list[InvitationRow]:
    """Read the open invitations of a household: 1 read unit for about 20."""
    prefix = keys.prefix("INVITATION")
    found = InvitationRow.query(
        keys.household(household_id).pk, InvitationRow.sk.startswith(prefix), consistent_read=True
    )
    return [row for row in found if not row.is_expired]


def received_invitations(user_id: str) -> list[InvitationRow]:
    """Read the open invitations for somebody: 1 read unit, and 1 for each."""
    prefix = keys.prefix("INVITED")
    pointers = ReceivedInvitation.query(
        keys.user(user_id).pk, ReceivedInvitation.sk.startswith(prefix), consistent_read=True
    )
    wanted = [keys.household_invitation(one.household_id, one.secret) for one in pointers if not one.is_expired]
    return list(queries.read_many(InvitationRow, wanted).values())


def belongings(household_id: str) -> Iterator[Item]:
    """Return every row of a household's partition."""
    return iter(Item.query(keys.household(household_id).pk, consistent_read=True))
