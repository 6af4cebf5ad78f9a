"""Friendships: request, answer, end. Both sides of a pair always change together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apps.core import keys, own_deletions, queries
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.friends import effects, repositories
from apps.friends.errors import (
    AlreadyFriends,
    AlreadyRequested,
    FriendNotFound,
    Oneself,
    RequestNotFound,
    TooManyFriends,
)
from apps.friends.events import FriendshipEnded
from apps.friends.models import FriendRow, State
from apps.friends.repositories import Listed, Pair
from apps.users import relations, visibility
from apps.users import services as users
from apps.users.errors import UserNotFound
from apps.users.people import Person, is_user_id
from apps.users.visibility import Viewer


@dataclass(frozen=True, slots=True)
class FriendEntry:
    """A person in a list of friends or requests, with the relation and its start."""

    user: Person
    state: State
    since: Any
    message: str | None = None


@retry_conflicts
def send_request(*, user_id: str, message: str | None, attempt: str, actor: Actor) -> FriendEntry:
    """Send a friend request. If the other person has sent one already, accept that.

    Two people who send requests at the same time write the same two rows: one of them gets a conflict, reads again,
    finds the other's request and accepts it. `attempt` is the id of this call, so that a repetition recognizes its own
    work. Repeating a request under another id returns its current state; `AlreadyRequested` for another message,
    `AlreadyFriends` if the actor did not ask. 3 read units and 10 write units, and 3 for the message.
    """
    if user_id == actor.id:
        raise Oneself
    tie = _tie(actor.id, user_id, otherwise=UserNotFound())
    if tie.mine is not None and tie.mine.attempt == attempt:
        return _shown(tie.mine)
    _require_shown(user_id, otherwise=UserNotFound())
    if tie.mine is not None and tie.state in {State.SENT, State.FRIENDS}:
        return _shown(_asked_before(tie, tie.mine, message))
    if tie.state == State.RECEIVED:
        return _shown(_accept(tie, attempt=attempt, asked=True))
    return _shown(_request(tie, message=message, attempt=attempt))


@retry_conflicts
def accept_request(user_id: str, *, attempt: str, actor: Actor) -> FriendEntry:
    """Accept a received request; `RequestNotFound` if there is none, or the actor sent it.

    If the two are already friends, changes nothing: the first response may have been lost.
    """
    tie = _tie(actor.id, user_id, otherwise=RequestNotFound())
    if tie.mine is not None and tie.mine.attempt == attempt:
        return _shown(tie.mine)
    _require_shown(user_id, otherwise=RequestNotFound())
    if tie.mine is not None and tie.state == State.FRIENDS:
        return _shown(tie.mine)
    if tie.state != State.RECEIVED:
        raise RequestNotFound
    return _shown(_accept(tie, attempt=attempt))


@retry_conflicts
def reject_request(user_id: str, *, actor: Actor) -> None:
    """Reject a received request. Its sender is not notified; new ones are silent for 30 days."""
    _drop_request(user_id, State.RECEIVED, actor=actor)


@retry_conflicts
def withdraw_request(user_id: str, *, actor: Actor) -> None:
    """Withdraw a sent request."""
    _drop_request(user_id, State.SENT, actor=actor)


@retry_conflicts
def unfriend(user_id: str, *, actor: Actor) -> None:
    """End a friendship on both sides, without a notification.

    Idempotent. Notifications about posts that the two no longer see are removed.
    """
    tie = _tie(actor.id, user_id, otherwise=FriendNotFound())
    if tie.state != State.FRIENDS:
        if own_deletions.was_deleted_by(actor.id, f"friend.{user_id}"):
            return
        raise FriendNotFound
    transaction = Transaction()
    repositories.delete_pair(transaction, tie)
    relations.end_friendship(transaction, tie.one, tie.other)
    own_deletions.record_deletion(transaction, user_id=actor.id, deleted=f"friend.{user_id}")
    transaction.publish(FriendshipEnded(tie.one, tie.other))
    transaction.commit()


def list_friends(*, actor: Actor, limit: int, after: Any) -> tuple[list[FriendEntry], Any]:
    """Page through the actor's friends, latest first: 2 to 6 read units, and half of one for each friend.

    The list may lag briefly, but the relations don't, so former friends are left out at once.
    """
    who = visibility.load_viewer(actor.id)

    def read(missing: int, position: Any) -> tuple[list[FriendEntry], Any]:
        found, following = repositories.query_friends(actor.id, limit=missing, after=position)
        kept = [one for one in found if who.is_friend(one.user_id)]
        return _with_profiles([(one, State.FRIENDS, None) for one in kept], who=who), following

    return queries.fill_page(read, limit=limit, after=after)


def list_requests(direction: State, *, actor: Actor, limit: int, after: Any) -> tuple[list[FriendEntry], Any]:
    """Page through the actor's sent or received requests, latest first: 1 read unit, and 1.5 each.

    Leaves out requests if either person is hidden by reports.
    """
    who = visibility.load_viewer(actor.id)

    def read(missing: int, position: Any) -> tuple[list[FriendEntry], Any]:
        found, following = repositories.query_requests(actor.id, direction, limit=missing, after=position)
        shown = [(row, direction, row.message) for row in found if who.can_see(row.user_id)]
        return _with_profiles(shown, who=who), following

    return queries.fill_page(read, limit=limit, after=after)


def _tie(one: str, other: str, *, otherwise: Exception) -> Pair:
    if not is_user_id(other) or one == other:
        raise otherwise
    return repositories.load_pair(one, other)


def _require_shown(user_id: str, *, otherwise: Exception) -> None:
    if not visibility.exclude_hidden([user_id]):
        raise otherwise


def _asked_before(tie: Pair, mine: FriendRow, message: str | None) -> FriendRow:
    """Return the row of whoever asked before; of rows from before `asked` nobody knows who did, so both may have."""
    if mine.state == State.FRIENDS and not mine.asked and tie.theirs is not None and tie.theirs.asked:
        raise AlreadyFriends
    if mine.state == State.SENT and mine.message != message:
        raise AlreadyRequested
    return mine


def _request(tie: Pair, *, message: str | None, attempt: str) -> FriendRow:
    """Write a request; `UserNotFound` if there is no such person, or either has blocked the other."""
    transaction = Transaction()
    relations.require_unblocked(transaction, tie.one, tie.other, otherwise=UserNotFound())
    users.expect_present(transaction, user_id=tie.other)
    row = repositories.save_pair(
        transaction, tie, mine=State.SENT, theirs=State.RECEIVED, message=message, attempt=attempt, asked=True
    )
    effects.notify_request(transaction, by=tie.one, to=tie.other)
    transaction.commit()
    return row


def _accept(tie: Pair, *, attempt: str, asked: bool = False) -> FriendRow:
    """Make two people friends, of whom the second sent the request; `TooManyFriends` if either is at the limit.

    A block removes the request in its own transaction, so a concurrent one fails the check of the rows' versions.
    """
    transaction = Transaction()
    if tie.theirs is not None:
        # Requests from before `asked` do not have it yet.
        tie.theirs.asked = True
    row = repositories.save_pair(
        transaction, tie, mine=State.FRIENDS, theirs=State.FRIENDS, attempt=attempt, asked=asked
    )
    relations.add_friendship(transaction, tie.one, tie.other, otherwise=TooManyFriends())
    effects.publish_acceptance(transaction, by=tie.one, to=tie.other)
    transaction.commit()
    return row


def _drop_request(user_id: str, state: State, *, actor: Actor) -> None:
    """Remove a request with the notification of its recipient. Idempotent."""
    tie = _tie(actor.id, user_id, otherwise=RequestNotFound())
    dropped = f"request.{state.value}.{user_id}"
    if tie.state != state:
        if tie.state is None and own_deletions.was_deleted_by(actor.id, dropped):
            return
        raise RequestNotFound
    transaction = Transaction()
    repositories.delete_pair(transaction, tie)
    own_deletions.record_deletion(transaction, user_id=actor.id, deleted=dropped)
    sender, addressee = (actor.id, user_id) if state is State.SENT else (user_id, actor.id)
    effects.withdraw_request_notification(transaction, by=sender, to=addressee)
    if state is State.RECEIVED:
        effects.silence_after_rejection(transaction, sender, addressee)
    transaction.commit()


def _shown(row: FriendRow) -> FriendEntry:
    who = visibility.load_viewer(keys.last_part(row.pk))
    found = _with_profiles([(row, State(row.state), row.message)], who=who)
    if not found:
        raise UserNotFound
    return found[0]


def _with_profiles(rows: Sequence[tuple[FriendRow | Listed, State, str | None]], *, who: Viewer) -> list[FriendEntry]:
    """Look up people by id, without those whose profile was deleted. 1.5 read units each."""
    known = users.find_people_for([row.user_id for row, _, _ in rows], who=who)
    return [
        FriendEntry(known[row.user_id], state, row.since, message)
        for row, state, message in rows
        if row.user_id in known
    ]
