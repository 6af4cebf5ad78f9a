"""Households: create, join and leave them, and combine the allergies and diets of those who eat.

Members share pantry, plans and shopping lists, which lie in the partition of their `Holder`; everything else stays
each person's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings

from apps.core import ids, outbox, own_deletions
from apps.core.authentication import Actor
from apps.core.keys import HOUSEHOLD, USER
from apps.core.transactions import Transaction, retry_conflicts
from apps.households import repositories
from apps.households.errors import (
    AlreadyInHousehold,
    AlreadyMember,
    HouseholdFull,
    HouseholdNotFound,
    InvitationNotFound,
    MemberNotFound,
    NotInHousehold,
    OwnerNeeded,
    OwnersOnly,
    TooManyInvitations,
)
from apps.households.models import (
    MAX_INVITATIONS,
    MAX_MEMBERS,
    Holder,
    HouseholdRow,
    InvitationRow,
    Limits,
    Member,
    Role,
    joined_now,
)
from apps.users import services as users
from apps.users import visibility
from apps.users.errors import UserNotFound
from apps.users.people import Person
from apps.users.preferences import Preferences
from smartcooking.contract import queues

__all__ = ["Holder", "Limits", "holder_of", "limits_of", "members_of", "widen"]

CLEAR = outbox.Task("households.clear", queues.DEFAULT)
# A task of the pantry app, which is above this one: referred to by name, not imported.
BRING_PANTRY = outbox.Task("pantry.bring", queues.DEFAULT)


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member as the others see them; `limits` is None unless the member shows them, or it is oneself."""

    member: Member
    user: Person | None
    limits: Limits | None


@dataclass(frozen=True, slots=True)
class View:
    """A household as one of its members sees it."""

    row: HouseholdRow
    members: list[MemberView]
    invitations: list[InvitationRow]


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as its addressee sees it."""

    row: InvitationRow
    household_name: str
    by: Person | None


def holder_of(user_id: str) -> Holder:
    """Return whose pantry, plans and lists somebody uses: their household's, or their own. 1 read unit."""
    membership = repositories.read_membership(user_id)
    return Holder(HOUSEHOLD, membership.household_id) if membership else Holder(USER, user_id)


def members_of(holder: Holder) -> list[str]:
    """Return the ids of the people who share what `holder` holds: 1 read unit for a household."""
    if not holder.is_household:
        return [holder.id]
    row = repositories.read_household(holder.id)
    return [member.user_id for member in row.members] if row else []


def limits_of(eaters: Sequence[str], *, actor: Actor) -> Limits:
    """Return the union of the allergies and diets of the actor and of those who eat along.

    Nothing tells whose they are. A member who chose that the household's cooking need not respect theirs adds
    nothing; the actor's own always count. `NotInHousehold` where an eater is no member of the actor's household.
    1 read unit for oneself, 2 and 1 each with others.
    """
    others = [eater for eater in dict.fromkeys(eaters) if eater != actor.id]
    counted = [actor.id]
    if others:
        membership = repositories.read_membership(actor.id)
        row = repositories.read_household(membership.household_id) if membership else None
        members = [row.find_member(eater) if row else None for eater in others]
        if any(member is None for member in members):
            raise NotInHousehold
        counted += [member.user_id for member in members if member and member.respects_limits]
    return Limits.union(_limits(counted))


def _limits(user_ids: Sequence[str]) -> list[Limits]:
    said = users.find_preferences(user_ids)
    return [
        Limits(one.allergies, one.dietary_restrictions, bool(getattr(one, "accepts_traces", False)))
        for one in said.values()
    ]


def widen(preferences: Preferences, eaters: Sequence[str], *, actor: Actor, strict: bool = True) -> Preferences:
    """Return the actor's preferences with the allergies and diets of those who eat along added.

    Those who are no members any more are passed over unless `strict`: what one asked for a household that somebody
    has left since is still to be read. 0 read units without others, else as `limits_of`.
    """
    others = [eater for eater in eaters if eater != actor.id]
    if others and not strict:
        members = set(members_of(holder_of(actor.id)))
        others = [eater for eater in others if eater in members]
    if not others:
        return preferences
    found = limits_of(others, actor=actor)
    return replace(
        preferences,
        allergies=found.allergies,
        dietary_restrictions=found.diets,
        accepts_traces=found.accepts_traces,
    )


@retry_conflicts
def create(*, household_id: str, name: str, actor: Actor, brings_pantry: bool) -> View:
    """Found a household of one; the same id again returns it. `AlreadyInHousehold` for whoever belongs to one."""
    row = repositories.fresh(household_id, name=name, owner_id=actor.id)
    transaction = Transaction()
    transaction.save(row)
    repositories.add_membership(transaction, actor.id, household_id)
    if brings_pantry:
        transaction.after(BRING_PANTRY, actor.id, household_id)
    try:
        transaction.commit()
    except AlreadyInHousehold:
        row = _own_household(actor)
        if row.id != household_id:
            raise
    return _view(row, actor)


def get_household(*, actor: Actor) -> View:
    """Return the household that one belongs to. 2 read units, 1 for each other member."""
    return _view(_own_household(actor), actor)


def _own_household(actor: Actor) -> HouseholdRow:
    membership = repositories.read_membership(actor.id)
    row = repositories.read_household(membership.household_id) if membership else None
    if row is None or row.find_member(actor.id) is None:
        raise HouseholdNotFound
    return row


def _owned_household(actor: Actor) -> HouseholdRow:
    row = _own_household(actor)
    member = row.find_member(actor.id)
    if member is None or not member.is_owner:
        raise OwnersOnly
    return row


def _view(row: HouseholdRow, actor: Actor) -> View:
    members, me = row.members, row.find_member(actor.id)
    profiles = users.find_people([member.user_id for member in members])
    showing = [one.user_id for one in members if one.shows_limits or one.user_id == actor.id]
    limits = dict(zip(showing, _limits(showing), strict=True))
    views = [MemberView(one, profiles.get(one.user_id), limits.get(one.user_id)) for one in members]
    return View(row, views, repositories.invitations(row.id) if me and me.is_owner else [])


@retry_conflicts
def rename(*, name: str | None, actor: Actor, check: Any) -> View:
    """Give the household a name, or leave it the one that it has."""
    row = _owned_household(actor)
    check(int(row.version or 0))
    if name is None:
        return _view(row, actor)
    row.name = name
    transaction = Transaction()
    transaction.save(row)
    transaction.commit()
    return _view(row, actor)


_DISSOLVED = "household"


@retry_conflicts
def dissolve(*, actor: Actor) -> None:
    """Dissolve the household; shared data is deleted in the background. Idempotent."""
    with own_deletions.repeatable(actor.id, _DISSOLVED, HouseholdNotFound):
        transaction = Transaction()
        own_deletions.record_deletion(transaction, user_id=actor.id, deleted=_DISSOLVED)
        _dissolve(transaction, _owned_household(actor))


def _dissolve(transaction: Transaction, row: HouseholdRow) -> None:
    transaction.delete(row)
    for member in row.members:
        repositories.drop_membership(transaction, member.user_id)
    transaction.after(CLEAR, row.id)
    transaction.commit()


def clear(household_id: str) -> None:
    """Delete what a dissolved household shared; safe to repeat and to interrupt."""
    if repositories.read_household(household_id) is not None:
        return
    for item in repositories.belongings(household_id):
        item.delete(add_version_condition=False)


@retry_conflicts
def change_member(user_id: str, *, actor: Actor, changes: dict[str, Any]) -> View:
    """Change what a member chose for themselves, or, as an owner, a member's role; `OwnerNeeded` for the last owner."""
    row = _own_household(actor)
    _require_may_change(row, user_id, actor=actor, changes=changes)
    row.members = row.with_change(user_id, **changes)
    if not any(member.is_owner for member in row.members):
        raise OwnerNeeded
    transaction = Transaction()
    transaction.save(row)
    transaction.commit()
    return _view(row, actor)


def _require_may_change(row: HouseholdRow, user_id: str, *, actor: Actor, changes: dict[str, Any]) -> None:
    member, me = row.find_member(user_id), row.find_member(actor.id)
    if member is None or me is None:
        raise MemberNotFound
    if "role" in changes and not me.is_owner:
        raise OwnersOnly
    if changes.keys() - {"role"} and user_id != actor.id:
        # Only members themselves decide what their allergies mean for the household.
        raise OwnersOnly


@retry_conflicts
def remove_member(user_id: str, *, actor: Actor) -> None:
    """Leave, or remove a member as an owner. When the last member leaves, the household is dissolved. Idempotent."""
    deleted = f"member.{user_id}"
    with own_deletions.repeatable(actor.id, deleted, HouseholdNotFound, MemberNotFound):
        row = _own_household(actor) if user_id == actor.id else _owned_household(actor)
        if row.find_member(user_id) is None:
            raise MemberNotFound
        transaction = Transaction()
        own_deletions.record_deletion(transaction, user_id=actor.id, deleted=deleted)
        _remove(transaction, row, user_id)


def _remove(transaction: Transaction, row: HouseholdRow, user_id: str) -> None:
    rest = row.without(user_id)
    if not rest:
        _dissolve(transaction, row)
        return
    row.members = rest
    transaction.save(row)
    repositories.drop_membership(transaction, user_id)
    for invitation in repositories.invitations(row.id):
        if invitation.by_id == user_id:
            repositories.remove_invitation(transaction, invitation)
    transaction.commit()


@retry_conflicts
def forget_person(user_id: str) -> None:
    """Remove a person whose account is being erased from their household. Safe to repeat."""
    membership = repositories.read_membership(user_id)
    row = repositories.read_household(membership.household_id) if membership else None
    if row is not None and row.find_member(user_id) is not None:
        _remove(Transaction(), row, user_id)


@retry_conflicts
def invite(*, username: str | None, actor: Actor) -> InvitationRow:
    """Invite somebody by username, or make a link for whoever gets it; valid for 7 days."""
    row = _owned_household(actor)
    to_id = _invitee(username, row=row, actor=actor) if username else None
    opened = repositories.invitations(row.id)
    known = next((one for one in opened if to_id and one.to_id == to_id), None)
    if known is not None:
        return known
    if len(opened) >= MAX_INVITATIONS:
        raise TooManyInvitations
    invitation = repositories.fresh_invitation(row.id, by_id=actor.id, to_id=to_id)
    transaction = Transaction()
    repositories.add_invitation(transaction, invitation)
    # Rewritten, so that concurrent invitations cannot exceed the limit.
    transaction.save(row)
    transaction.commit()
    return invitation


def _invitee(username: str, *, row: HouseholdRow, actor: Actor) -> str:
    """Return whose name this is; `UserNotFound` for nobody's and for people on the other side of a block."""
    user_id = users.find_user_id(username.removeprefix("@").lower())
    if user_id is None or not visibility.load_viewer(actor.id).can_see(user_id):
        raise UserNotFound
    users.require_person(user_id)
    if row.find_member(user_id):
        raise AlreadyMember
    return user_id


def link_of(row: InvitationRow) -> str:
    """Return the address at which the client lets somebody accept."""
    return f"{settings.FRONTEND_URL}/household/join/{row.code}"


def list_received(*, actor: Actor) -> list[Invited]:
    """Return the open invitations for oneself, but for those across a block."""
    around = visibility.load_viewer(actor.id)
    rows = [row for row in repositories.received_invitations(actor.id) if around.can_see(row.by_id)]
    profiles = users.find_people([row.by_id for row in rows])
    named = [(row, repositories.read_household(row.household_id)) for row in rows]
    return [Invited(row, home.name, profiles.get(row.by_id)) for row, home in named if home]


@retry_conflicts
def accept(code: str, *, actor: Actor, brings_pantry: bool, choices: dict[str, bool]) -> View:
    """Join the household of an invitation. Idempotent."""
    invitation, row = _joinable(code, actor=actor)
    if row.find_member(actor.id):
        return _view(row, actor)
    if len(row.members) >= MAX_MEMBERS:
        raise HouseholdFull
    row.members = [*row.members, Member(actor.id, Role.MEMBER.value, joined_now(), **choices)]
    transaction = Transaction()
    transaction.save(row)
    repositories.add_membership(transaction, actor.id, row.id)
    if invitation.to_id:
        repositories.remove_invitation(transaction, invitation)
    if brings_pantry:
        transaction.after(BRING_PANTRY, actor.id, row.id)
    transaction.commit()
    return _view(row, actor)


def _joinable(code: str, *, actor: Actor) -> tuple[InvitationRow, HouseholdRow]:
    """Return the invitation and its household; `InvitationNotFound` unless it is for the actor, whom all may meet."""
    invitation = _find_invitation(code)
    row = repositories.read_household(invitation.household_id) if invitation else None
    if invitation is None or row is None:
        raise InvitationNotFound
    if row.find_member(actor.id):
        return invitation, row
    around = visibility.load_viewer(actor.id)
    welcome = invitation.to_id in {None, actor.id} and row.find_member(invitation.by_id) is not None
    if not welcome or not all(around.can_see(member.user_id) for member in row.members):
        raise InvitationNotFound
    return invitation, row


def _find_invitation(code: str) -> InvitationRow | None:
    household_id, _, secret = code.partition("-")
    if not ids.is_id(household_id) or not secret.isalnum():
        return None
    return repositories.read_invitation(household_id, secret)


@retry_conflicts
def end_invitation(code: str, *, actor: Actor) -> None:
    """Withdraw an invitation as an owner, or decline one's own. Idempotent."""
    deleted = f"invitation.{code}"
    with own_deletions.repeatable(actor.id, deleted, InvitationNotFound):
        invitation = _find_invitation(code)
        if invitation is None or not _may_end(invitation, actor):
            raise InvitationNotFound
        transaction = Transaction()
        repositories.remove_invitation(transaction, invitation)
        own_deletions.record_deletion(transaction, user_id=actor.id, deleted=deleted)
        transaction.commit()


def _may_end(invitation: InvitationRow, actor: Actor) -> bool:
    if invitation.to_id == actor.id:
        return True
    row = repositories.read_household(invitation.household_id)
    member = row.find_member(actor.id) if row else None
    return member is not None and member.is_owner
