"""Every access of the friends app to the table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.core import clock, keys, queries, transactions
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.friends.errors import AlreadyRequested
from apps.friends.models import BlockRow, FriendRow, State, ToldRequest


@dataclass(frozen=True, slots=True)
class Pair:
    """The two rows of a pair as read; None if they don't exist. There are always both or neither."""

    one: str
    other: str
    mine: FriendRow | None
    theirs: FriendRow | None

    @property
    def state(self) -> State | None:
        return State(self.mine.state) if self.mine else None


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry in a list of friends or requests, from the index."""

    user_id: str
    since: datetime


def load_pair(one: str, other: str) -> Pair:
    """Read the relation of two people: 2 read units."""
    mine, theirs = keys.friend(one, other), keys.friend(other, one)
    found = queries.read_many(FriendRow, [mine, theirs])
    return Pair(one, other, found.get(mine), found.get(theirs))


def save_pair(
    transaction: Transaction,
    tie: Pair,
    *,
    mine: State,
    theirs: State,
    message: str | None = None,
    attempt: str | None = None,
    asked: bool = False,
) -> FriendRow:
    """Write both rows of a pair and return the first person's.

    If either row has changed since it was read, the transaction fails with `WriteConflict`. 4 write units, 1 for each
    new entry in a list, and 2 for each that moves to another list.
    """
    now = clock.now()
    own, others = tie.mine or _fresh(tie.one, tie.other), tie.theirs or _fresh(tie.other, tie.one)
    own.message = others.message = message
    own.attempt = attempt
    own.asked = asked or own.asked
    for row, owner, state in ((own, tie.one, mine), (others, tie.other, theirs)):
        _place(row, owner, state, now)
        transaction.save(row)
    return own


def delete_pair(transaction: Transaction, tie: Pair) -> None:
    """Remove both rows of a pair, or require that there are none until the transaction commits."""
    for user_id, other_id, row in ((tie.one, tie.other, tie.mine), (tie.other, tie.one, tie.theirs)):
        if row is not None:
            transaction.delete(row)
        else:
            transaction.check(FriendRow, keys.friend(user_id, other_id), FriendRow.pk.does_not_exist())


def query_friends(
    user_id: str, *, limit: int, after: dict[str, str] | None
) -> tuple[list[Listed], dict[str, str] | None]:
    """Page through somebody's friends, latest first. The index may lag briefly. Half a read unit for 25."""
    return _listed(keys.friends_list(user_id, "-", "-").pk, limit, after)


def query_requests(
    user_id: str, direction: State, *, limit: int, after: dict[str, str] | None
) -> tuple[list[FriendRow], dict[str, str] | None]:
    """Page through sent or received requests, latest first: 1 read unit for each row, and half of one for 25."""
    partition = keys.friend_requests_list(user_id, direction.value, "-", "-").pk
    found, following = _listed(partition, limit, after)
    wanted = [keys.friend(user_id, one.user_id) for one in found]
    rows = queries.read_many(FriendRow, wanted)
    return [rows[key] for key in wanted if key in rows and rows[key].state == direction], following


def _listed(
    partition: str, limit: int, after: dict[str, str] | None
) -> tuple[list[Listed], dict[str, str] | None]:  # fmt: skip
    found: queries.Slice[Item] = queries.query_page(Item.lists, partition, limit=limit, after=after, newest_first=True)
    return [_entry(item) for item in found.items], found.next


def _entry(item: Item) -> Listed:
    return Listed(keys.last_part(item.sk), clock.parse(keys.first_part(str(item.gsi2sk))))


def query_friend_rows(user_id: str) -> Iterator[FriendRow]:
    """Return all of somebody's relations."""
    yield from FriendRow.query(
        keys.user(user_id).pk, FriendRow.sk.startswith(keys.prefix("FRIEND")), consistent_read=True
    )


def claim_telling(one: str, other: str, event_id: str, *, silent_for: timedelta) -> bool:
    """Return whether an event may notify of a request: no other one did recently. True again on redelivery."""
    key = keys.told_request(one, other)
    row = ToldRequest(pk=key.pk, sk=key.sk, event_id=event_id, ttl=clock.epoch(clock.now() + silent_for))
    try:
        transactions.claim(row, otherwise=AlreadyRequested())
    except AlreadyRequested:
        told = ToldRequest.read(key)
        return told is not None and told.event_id == event_id
    return True


def silence_requests(transaction: Transaction, one: str, other: str, *, silent_for: timedelta) -> None:
    """Suppress notifications of requests between two people for a while."""
    key = keys.told_request(one, other)
    actions = [
        ToldRequest.event_id.set("-"),
        ToldRequest.ttl.set(clock.epoch(clock.now() + silent_for)),
    ]
    transaction.update(ToldRequest(pk=key.pk, sk=key.sk), actions)


def find_blocks_between(one: str, other: str) -> tuple[BlockRow | None, BlockRow | None]:
    """Read which of two people blocked the other: 2 read units."""
    mine, theirs = keys.block(one, other), keys.block(other, one)
    found = queries.read_many(BlockRow, [mine, theirs])
    return found.get(mine), found.get(theirs)


def find_block(user_id: str, other_id: str) -> BlockRow | None:
    return BlockRow.read(keys.block(user_id, other_id))


def add_block(transaction: Transaction, user_id: str, other_id: str) -> None:
    """Record that one person blocked the other; a concurrent second block fails with `WriteConflict`."""
    key = keys.block(user_id, other_id)
    transaction.save(BlockRow(pk=key.pk, sk=key.sk, user_id=other_id, since=clock.now()))


def expect_block(transaction: Transaction, user_id: str, other_id: str, *, there: bool) -> None:
    """Let `transaction` commit only if this block has not changed since it was read."""
    condition = BlockRow.pk.exists() if there else BlockRow.pk.does_not_exist()
    transaction.check(BlockRow, keys.block(user_id, other_id), condition)


def query_blocks(user_id: str, *, limit: int, after: dict[str, str] | None) -> queries.Slice[BlockRow]:
    """Page through whom somebody blocked, by id: 1 read unit for about 20."""
    return queries.query_page(
        BlockRow,
        keys.user(user_id).pk,
        within=BlockRow.sk.startswith(keys.prefix("BLOCK")),
        limit=limit,
        after=after,
        consistent=True,
    )


def _fresh(user_id: str, other_id: str) -> FriendRow:
    key = keys.friend(user_id, other_id)
    return FriendRow(pk=key.pk, sk=key.sk, user_id=other_id)


def _place(row: FriendRow, owner: str, state: State, now: datetime) -> None:
    """Set the state of a row and add it to the list of that state."""
    row.state, row.since = state.value, now
    since = clock.sortable(now)
    if state == State.FRIENDS:
        listed = keys.friends_list(owner, since, row.user_id)
    else:
        listed = keys.friend_requests_list(owner, state.value, since, row.user_id)
    row.gsi2pk, row.gsi2sk = listed
