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
    """A person in one's lists, with the relation and its start."""

    user: Person
    state: State
    since: Any
    message: str | None = None


@retry_conflicts
def send_request(*, user_id: str, message: str | None, attempt: str, actor: Actor) -> FriendEntry:
    """Ask somebody to be friends; whoever has asked already is accepted by that.

    Two who ask each other at once write the same two rows: one of them is told of the conflict, reads again, finds the
    other's request and accepts it. `attempt` names this request, so that the same one again finds what it did.
    3 read units and 10 write units, and 3 for the message.
    """
    if user_id == actor.id:
        raise Oneself
    tie = _tie(actor.id, user_id, otherwise=UserNotFound())
    if tie.mine is not None and tie.mine.attempt == attempt:
        return _shown(tie.mine)
    _require_shown(user_id, otherwise=UserNotFound())
    if tie.state == State.FRIENDS:
        raise AlreadyFriends
    if tie.state == State.SENT:
        raise AlreadyRequested
    if tie.state == State.RECEIVED:
        return _shown(_accept(tie, attempt=attempt))
    return _shown(_request(tie, message=message, attempt=attempt))


@retry_conflicts
def accept_request(user_id: str, *, attempt: str, actor: Actor) -> FriendEntry:
    """Accept a request that one received; `RequestNotFound` where there is none, as there is for its sender.

    Accepting whom one is friends with by now changes nothing: the answer to the first time may have got lost.
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
    """Refuse a request that one received; its sender is not told and may ask again, silently for 30 days."""
    _drop_request(user_id, State.RECEIVED, actor=actor)


@retry_conflicts
def withdraw_request(user_id: str, *, actor: Actor) -> None:
    """Withdraw a request that one sent."""
    _drop_request(user_id, State.SENT, actor=actor)


@retry_conflicts
def unfriend(user_id: str, *, actor: Actor) -> None:
    """End a friendship on both sides without notifying the other.

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
    """Page through one's friends, latest first: 2 to 6 read units for oneself and half of one for each friend.

    The list may be a moment behind, the circle never is: whoever is a friend no longer is left out at once.
    """
    who = visibility.load_viewer(actor.id)

    def read(missing: int, position: Any) -> tuple[list[FriendEntry], Any]:
        found, following = repositories.query_friends(actor.id, limit=missing, after=position)
        kept = [one for one in found if who.is_friend(one.user_id)]
        return _with_profiles([(one, State.FRIENDS, None) for one in kept], who=who), following

    return queries.fill_page(read, limit=limit, after=after)


def list_requests(direction: State, *, actor: Actor, limit: int, after: Any) -> tuple[list[FriendEntry], Any]:
    """Page through requests that one sent or received, latest first: one and a half read units each, and 1.

    Those between people of whom reports have hidden one are left out: nobody is asked by somebody who is not there.
    """
    who = visibility.load_viewer(actor.id)

    def read(missing: int, position: Any) -> tuple[list[FriendEntry], Any]:
        found, following = repositories.query_requests(actor.id, direction, limit=missing, after=position)
        shown = [(row, direction, row.message) for row in found if who.can_see(row.user_id)]
        return _with_profiles(shown, who=who), following

    return queries.fill_page(read, limit=limit, after=after)


def list_friend_ids(user_id: str, *, after: str | None = None, limit: int = 100) -> list[str]:
    """Return the next of somebody's friends in the order of their ids, for work that goes through all of them.

    Each call reads the circle as it is then (1 to 5 read units): nobody is handed out twice, and whoever was a friend
    all the time is handed out. Fewer than `limit` are the last ones.
    """
    ids = relations.load_relations(user_id).friend_ids()
    return [id_ for id_ in ids if after is None or id_ > after][:limit]


def _tie(one: str, other: str, *, otherwise: Exception) -> Pair:
    if not is_user_id(other) or one == other:
        raise otherwise
    return repositories.load_pair(one, other)


def _require_shown(user_id: str, *, otherwise: Exception) -> None:
    if not visibility.exclude_hidden([user_id]):
        raise otherwise


def _request(tie: Pair, *, message: str | None, attempt: str) -> FriendRow:
    """Write a request; `UserNotFound` where there is no such person, or one of the two has blocked the other."""
    transaction = Transaction()
    relations.require_unblocked(transaction, tie.one, tie.other, otherwise=UserNotFound())
    users.expect_present(transaction, user_id=tie.other)
    row = repositories.save_pair(
        transaction, tie, mine=State.SENT, theirs=State.RECEIVED, message=message, attempt=attempt
    )
    effects.notify_request(transaction, by=tie.one, to=tie.other)
    transaction.commit()
    return row


def _accept(tie: Pair, *, attempt: str) -> FriendRow:
    """Make friends of two people, of whom the second asked the first; `TooManyFriends` where either has no room.

    A block takes the request away in its own transaction, so that one that comes in between fails the rows' versions.
    """
    transaction = Transaction()
    row = repositories.save_pair(transaction, tie, mine=State.FRIENDS, theirs=State.FRIENDS, attempt=attempt)
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
    """Look up the people of ids, without those who have no profile any more. 1.5 read units each."""
    known = users.find_people_for([row.user_id for row, _, _ in rows], who=who)
    return [
        FriendEntry(known[row.user_id], state, row.since, message)
        for row, state, message in rows
        if row.user_id in known
    ]
