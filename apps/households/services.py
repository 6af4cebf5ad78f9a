"""Households: create, join and leave them, and combine the allergies and diets of those who eat.

Members share pantry, plans and shopping lists, which are stored in the partition of their `Holder`. Everything else
stays private to each person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from apps.core import clock, outbox, own_deletions
from apps.core.authentication import Actor
from apps.core.keys import HOUSEHOLD, USER
from apps.core.preconditions import Check, any_version
from apps.core.transactions import Transaction, retry_conflicts
from apps.households import repositories
from apps.households.errors import (
    AlreadyInHousehold,
    HouseholdNotFound,
    MemberNotFound,
    NotInHousehold,
    OwnerNeeded,
    OwnersOnly,
)
from apps.households.events import MemberLeft
from apps.households.models import (
    Holder,
    HouseholdRow,
    InvitationRow,
    Limits,
    Member,
)
from apps.users import services as users
from apps.users.people import Person
from apps.users.preferences import Preferences
from smartcooking.contract import queues

__all__ = ["Holder", "Limits", "holder_of", "limits_of", "members_of", "widen"]

CLEAR = outbox.Task("households.clear", queues.DEFAULT)

# A task of the pantry app, which is above this one: referenced by name instead of imported.
BRING_PANTRY = outbox.Task("pantry.bring", queues.DEFAULT)


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member as other members see them. `limits` is None unless the member shows them or is the viewer."""

    member: Member
    user: Person | None
    limits: Limits | None


@dataclass(frozen=True, slots=True)
class View:
    """A household as one of its members sees it."""

    row: HouseholdRow
    members: list[MemberView]
    invitations: list[InvitationRow]


def holder_of(user_id: str) -> Holder:
    """Return whose pantry, plans and lists somebody uses: their household's or their own. 1 read unit."""
    membership = repositories.read_membership(user_id)
    return Holder(HOUSEHOLD, membership.household_id) if membership else Holder(USER, user_id)


def members_of(holder: Holder) -> list[str]:
    """Return the ids of the people who share the holder's data: 1 read unit for a household."""
    if not holder.is_household:
        return [holder.id]
    row = repositories.read_household(holder.id)
    return [member.user_id for member in row.members] if row else []


def limits_of(eaters: Sequence[str], *, actor: Actor) -> Limits:
    """Return the union of the allergies and diets of the actor and the other eaters.

    The result doesn't tell whose they are. Members whose `respects_limits` is off add nothing; the actor's own limits
    always count. Raises `NotInHousehold` if an eater is not a member of the actor's household. 1 read unit for the
    actor alone; with others 2, and 1 for each.
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
    """Return the actor's preferences with the allergies and diets of the other eaters added.

    Unless `strict`, former members are ignored, so that older suggestions can still be read. 0 read units without other
    eaters, else like `limits_of`.
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
    """Create a household. Repeating the id, or the name by whoever created it, returns it.

    `AlreadyInHousehold` if the actor belongs to another one.
    """
    row = repositories.fresh(household_id, name=name, owner_id=actor.id)
    transaction = Transaction()
    transaction.save(row)
    repositories.add_membership(transaction, actor.id, household_id)
    if brings_pantry:
        transaction.after(BRING_PANTRY, actor.id, household_id)
    try:
        transaction.commit()
    except AlreadyInHousehold:
        row = own_household(actor)
        if row.id != household_id and not (row.name == name and row.members[0].user_id == actor.id):
            raise
    return build_view(row, actor)


def get_household(*, actor: Actor) -> View:
    """Return the actor's household: 2 read units, and 1 for each other member."""
    return build_view(own_household(actor), actor)


def own_household(actor: Actor) -> HouseholdRow:
    membership = repositories.read_membership(actor.id)
    row = repositories.read_household(membership.household_id) if membership else None
    if row is None or row.find_member(actor.id) is None:
        raise HouseholdNotFound
    return row


def owned_household(actor: Actor) -> HouseholdRow:
    row = own_household(actor)
    member = row.find_member(actor.id)
    if member is None or not member.is_owner:
        raise OwnersOnly
    return row


def build_view(row: HouseholdRow, actor: Actor) -> View:
    members, me = row.members, row.find_member(actor.id)
    profiles = users.find_people([member.user_id for member in members])
    showing = [one.user_id for one in members if one.shows_limits or one.user_id == actor.id]
    limits = dict(zip(showing, _limits(showing), strict=True))
    views = [MemberView(one, profiles.get(one.user_id), limits.get(one.user_id)) for one in members]
    return View(row, views, repositories.invitations(row.id) if me and me.is_owner else [])


@retry_conflicts
def rename(*, name: str | None, actor: Actor, check: Check) -> View:
    """Rename the household; None keeps the name."""
    row = owned_household(actor)
    if name is None or name == row.name:
        return build_view(row, actor)
    check(int(row.version or 0))
    row.name = name
    transaction = Transaction()
    transaction.save(row)
    transaction.commit()
    return build_view(row, actor)


_DISSOLVED = "household"


@retry_conflicts
def dissolve(*, actor: Actor, check: Check = any_version) -> None:
    """Delete the household. A task deletes its shared data. Idempotent."""
    with own_deletions.repeatable(actor.id, _DISSOLVED, HouseholdNotFound):
        row = owned_household(actor)
        check(int(row.version or 0))
        transaction = Transaction()
        own_deletions.record_deletion(transaction, user_id=actor.id, deleted=_DISSOLVED)
        _dissolve(transaction, row)


def _dissolve(transaction: Transaction, row: HouseholdRow) -> None:
    transaction.delete(row)
    for member in row.members:
        repositories.drop_membership(transaction, member.user_id)
    transaction.after(CLEAR, row.id)
    transaction.commit()


def clear(household_id: str) -> None:
    """Delete the shared data of a deleted household. Safe to repeat and to interrupt."""
    if repositories.read_household(household_id) is not None:
        return
    for item in repositories.belongings(household_id):
        item.delete(add_version_condition=False)


@retry_conflicts
def change_member(user_id: str, *, actor: Actor, changes: dict[str, Any], check: Check = any_version) -> View:
    """Change the actor's own settings, or, as an owner, a member's role; `OwnerNeeded` for the last owner."""
    row = own_household(actor)
    _require_may_change(row, user_id, actor=actor, changes=changes)
    if row.with_change(user_id, **changes) == row.members:
        return build_view(row, actor)
    check(int(row.version or 0))
    row.members = row.with_change(user_id, **changes)
    if not any(member.is_owner for member in row.members):
        raise OwnerNeeded
    transaction = Transaction()
    transaction.save(row)
    transaction.commit()
    return build_view(row, actor)


def _require_may_change(row: HouseholdRow, user_id: str, *, actor: Actor, changes: dict[str, Any]) -> None:
    member, me = row.find_member(user_id), row.find_member(actor.id)
    if member is None or me is None:
        raise MemberNotFound
    if "role" in changes and not me.is_owner:
        raise OwnersOnly
    if changes.keys() - {"role"} and user_id != actor.id:
        # Members decide themselves how their allergies count for the household.
        raise OwnersOnly


@retry_conflicts
def remove_member(user_id: str, *, actor: Actor, check: Check = any_version) -> None:
    """Leave, or, as an owner, remove a member. When the last member leaves, the household is deleted. Idempotent."""
    deleted = f"member.{user_id}"
    with own_deletions.repeatable(actor.id, deleted, HouseholdNotFound, MemberNotFound):
        row = own_household(actor) if user_id == actor.id else owned_household(actor)
        if row.find_member(user_id) is None:
            raise MemberNotFound
        check(int(row.version or 0))
        transaction = Transaction()
        own_deletions.record_deletion(transaction, user_id=actor.id, deleted=deleted)
        _remove(transaction, row, user_id)


def _remove(transaction: Transaction, row: HouseholdRow, user_id: str) -> None:
    """Remove a member, with what would let them back in: links, which they may know, and invitations by or to them."""
    rest = row.without(user_id)
    if not rest:
        _dissolve(transaction, row)
        return
    row.members = rest
    transaction.save(row)
    repositories.drop_membership(transaction, user_id)
    for invitation in repositories.invitations(row.id):
        if invitation.to_id in {None, user_id} or invitation.by_id == user_id:
            repositories.remove_invitation(transaction, invitation)
    transaction.publish(MemberLeft(row.id, user_id, clock.sortable(clock.now())))
    transaction.commit()


@retry_conflicts
def forget_person(user_id: str) -> None:
    """Remove a person whose account is being erased from their household. Safe to repeat."""
    membership = repositories.read_membership(user_id)
    row = repositories.read_household(membership.household_id) if membership else None
    if row is not None and row.find_member(user_id) is not None:
        _remove(Transaction(), row, user_id)
