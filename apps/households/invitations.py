"""Invitations to a household: invite by username or link, accept, and withdraw."""

from dataclasses import dataclass

from django.conf import settings

from apps.core import ids, own_deletions
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.households import repositories
from apps.households.errors import AlreadyMember, HouseholdFull, InvitationNotFound, TooManyInvitations
from apps.households.models import MAX_INVITATIONS, MAX_MEMBERS, HouseholdRow, InvitationRow, Member, Role, joined_now
from apps.households.services import BRING_PANTRY, View, build_view, owned_household
from apps.users import services as users
from apps.users import visibility
from apps.users.errors import UserNotFound
from apps.users.people import Person


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as its recipient sees it."""

    row: InvitationRow
    household_name: str
    by: Person | None


@retry_conflicts
def invite(*, username: str | None, actor: Actor) -> InvitationRow:
    """Invite somebody by username, or create a link for anybody. Valid for 7 days."""
    row = owned_household(actor)
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
    """Return the id of the invited person; `UserNotFound` if there is none, or either has blocked the other."""
    user_id = users.find_user_id(username.removeprefix("@").lower())
    if user_id is None or not visibility.load_viewer(actor.id).can_see(user_id):
        raise UserNotFound
    users.require_person(user_id)
    if row.find_member(user_id):
        raise AlreadyMember
    return user_id


def link_of(row: InvitationRow) -> str:
    """Return the URL of the client's page for accepting."""
    return f"{settings.FRONTEND_URL}/household/join/{row.code}"


def list_received(*, actor: Actor) -> list[Invited]:
    """Return the actor's open invitations, without those from blocked people."""
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
        return build_view(row, actor)
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
    return build_view(row, actor)


def _joinable(code: str, *, actor: Actor) -> tuple[InvitationRow, HouseholdRow]:
    """Return the invitation and its household; `InvitationNotFound` unless it is for the actor, without any block."""
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
    """Decline an invitation, or, as an owner, withdraw it. Idempotent."""
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
