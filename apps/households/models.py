"""Rows of households: members, invitations, and the household that a person cooks in."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Self

from pynamodb.attributes import UnicodeAttribute

from apps.core import clock, keys
from apps.core.models import BodyAttribute, Item, MomentAttribute

MAX_MEMBERS = 10
INVITED_FOR = timedelta(days=7)
# Maximum number of open invitations: enough for all members, too few for spam.
MAX_INVITATIONS = 20


class Role(StrEnum):
    OWNER = "owner"
    MEMBER = "member"


class Holder(NamedTuple):
    """The owner of a pantry, plans and lists: a person or a household. The rows are in its partition."""

    scope: str
    id: str

    @property
    def is_household(self) -> bool:
        return self.scope == keys.HOUSEHOLD

    @property
    def partition(self) -> str:
        return keys.join(self.scope, self.id)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a household.

    `respects_limits` says whether the household's cooking respects their allergies and diets, `shows_limits` whether
    the other members see them.
    """

    user_id: str
    role: str
    joined_at: str
    respects_limits: bool = True
    shows_limits: bool = False

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER


class HouseholdRow(Item, discriminator="household"):
    """A household with its members, at least one of them an owner. One row, so that its version guards all rules."""

    name = UnicodeAttribute()
    body = BodyAttribute(default=list)
    created_at = MomentAttribute()

    @property
    def id(self) -> str:
        return keys.last_part(self.pk)

    @property
    def members(self) -> list[Member]:
        return [Member(**entry) for entry in self.body]

    @members.setter
    def members(self, members: list[Member]) -> None:
        self.body = [asdict(member) for member in members]

    def find_member(self, user_id: str) -> Member | None:
        return next((member for member in self.members if member.user_id == user_id), None)

    def without(self, user_id: str) -> list[Member]:
        """Return the members without one. If no owner is left, the longest-standing member becomes owner."""
        rest = [member for member in self.members if member.user_id != user_id]
        if rest and not any(member.is_owner for member in rest):
            rest[0] = replace(rest[0], role=Role.OWNER.value)
        return rest

    def with_change(self, user_id: str, **changes: Any) -> list[Member]:
        return [replace(member, **changes) if member.user_id == user_id else member for member in self.members]


class MembershipRow(Item, discriminator="household_membership"):
    """The household that somebody belongs to. The row's key allows only one."""

    household_id = UnicodeAttribute()


class InvitationRow(Item, discriminator="household_invitation"):
    """An invitation for one person, or for anybody with its code."""

    household_id = UnicodeAttribute()
    by_id = UnicodeAttribute()
    to_id = UnicodeAttribute(null=True)
    created_at = MomentAttribute()

    @property
    def code(self) -> str:
        """The content of the link: the household and a secret."""
        return f"{self.household_id}-{keys.last_part(self.sk)}"

    @property
    def expires_at(self) -> datetime:
        return self.created_at + INVITED_FOR


class ReceivedInvitation(Item, discriminator="received_household_invitation"):
    """A person's reference to an invitation."""

    household_id = UnicodeAttribute()
    secret = UnicodeAttribute()


@dataclass(frozen=True, slots=True)
class Limits:
    """The combined limits of a group: allergens, ingredient ids and diets, without saying whose they are."""

    allergies: tuple[str, ...] = ()
    diets: tuple[str, ...] = ()
    # Whether traces are accepted: only if every member accepts them.
    accepts_traces: bool = False

    @classmethod
    def union(cls, several: list[Self]) -> Self:
        return cls(
            tuple(sorted({one for limits in several for one in limits.allergies})),
            tuple(sorted({one for limits in several for one in limits.diets})),
            all(limits.accepts_traces for limits in several),
        )


def joined_now() -> str:
    return clock.iso(clock.now())
