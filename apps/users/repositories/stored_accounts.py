"""Access to the rows of an account: suspension, sign-outs, e-mail addresses, consents, erasure, attempts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from apps.core import clock, ids, keys, queries, transactions
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.users.errors import EmailTaken, TooManyAttempts
from apps.users.models import (
    AccountRow,
    ActiveDay,
    Consent,
    CurrentName,
    EmailChange,
    EmailClaim,
    Erasure,
    KnownAddress,
    SignedOut,
    Suspension,
    Throttle,
    User,
)

R = TypeVar("R", bound=Item)

# As long as a refresh token is valid (RefreshTokenValidity of the client).
_SESSIONS_LIVE = timedelta(days=30)
_ACTIVE_DAY_KEPT = timedelta(days=2)
_ADDRESSES_KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class AccountState:
    """What every write request needs to know about its caller; None for rows that do not exist."""

    suspension: Suspension | None = None
    signed_out: SignedOut | None = None
    name: CurrentName | None = None


def find_account_state(user_id: str) -> AccountState:
    """Read suspension, last sign-out and current name with one consistent query: 1 read unit."""
    key = keys.suspension(user_id)
    found = AccountRow.query(key.pk, AccountRow.sk.startswith(key.sk), consistent_read=True)
    rows = [row for row in found if not row.is_expired]
    return AccountState(
        next((row for row in rows if isinstance(row, Suspension)), None),
        next((row for row in rows if isinstance(row, SignedOut)), None),
        next((row for row in rows if isinstance(row, CurrentName)), None),
    )


def find_suspension(user_id: str) -> Suspension | None:
    return Suspension.read(keys.suspension(user_id))


def load_suspensions(user_ids: Iterable[str]) -> dict[str, Suspension]:
    """Read suspensions, consistently: 1 read unit each."""
    found = queries.read_many(Suspension, [keys.suspension(id_) for id_ in user_ids])
    return {row.user_id: row for row in found.values()}


def save_suspension(transaction: Transaction, row: Suspension) -> None:
    """Write a suspension and its place in the queue; a concurrent change fails the transaction."""
    queue = keys.suspended_queue(clock.sortable(row.until), row.user_id) if row.is_active else None
    row.gsi4pk, row.gsi4sk = queue or (None, None)
    transaction.save(row)


def fresh_suspension(user_id: str) -> Suspension:
    key = keys.suspension(user_id)
    return Suspension(pk=key.pk, sk=key.sk, user_id=user_id)


def query_ended_suspensions(before: datetime) -> Iterator[str]:
    """Yield the ids of people whose suspension is over but still in the queue, according to the index."""
    queue = keys.suspended_queue(clock.sortable(before), "-")
    for item in Item.queues.query(queue.pk, Item.gsi4sk < queue.sk):
        yield keys.last_part(str(item.gsi4sk))


def find_sign_out(user_id: str) -> SignedOut | None:
    return SignedOut.read(keys.signed_out(user_id))


def keep_login(row: SignedOut, login_id: str) -> None:
    """Admit the tokens of a login; `WriteConflict` if sessions were ended again after `row` was read."""
    fresh = SignedOut(pk=row.pk, sk=row.sk)
    transaction = Transaction()
    transaction.update(fresh, [SignedOut.logins.add({login_id})], SignedOut.event_id == row.event_id)
    transaction.commit()


def save_sign_out(user_id: str, at: datetime, kept: str | None) -> None:
    """Record that sessions ended; of concurrent calls the later time stays. Kept as long as a refresh token lives."""
    key, feed = keys.signed_out(user_id), keys.sign_outs_feed(clock.sortable(at), user_id, kept or "-")
    row = SignedOut(pk=key.pk, sk=key.sk)
    actions = [
        SignedOut.at.set(clock.epoch(at)),
        SignedOut.ttl.set(clock.epoch(at + _SESSIONS_LIVE)),
        SignedOut.gsi1pk.set(feed.pk),
        SignedOut.gsi1sk.set(feed.sk),
        SignedOut.kept.set(kept) if kept else SignedOut.kept.remove(),
        SignedOut.event_id.set(ids.new_id()),
        SignedOut.logins.remove(),
    ]
    transaction = Transaction()
    transaction.update(row, actions)
    transaction.commit()


def find_login_history(user_id: str, address: str) -> tuple[bool, SignedOut | None]:
    """Say whether an address is known of somebody, and return their last sign-out: 2 read units in one request."""
    known, sign_out = keys.known_address(user_id, address), keys.signed_out(user_id)
    found = queries.read_many(Item, [known, sign_out])
    return known in found, _as(SignedOut, found.get(sign_out))


def find_sign_out_and_erasure(user_id: str) -> tuple[SignedOut | None, Erasure | None]:
    """Read both, consistently, in one request: 2 read units."""
    sign_out, erasure = keys.signed_out(user_id), keys.erasure(user_id)
    found = queries.read_many(Item, [sign_out, erasure])
    return _as(SignedOut, found.get(sign_out)), _as(Erasure, found.get(erasure))


def find_profile_and_active_day(user_id: str) -> tuple[User | None, str | None]:
    """Read somebody's profile and the day on which they were last counted as active: 1 read unit in one request."""
    profile, active = keys.user(user_id), keys.active_day(user_id)
    found = queries.read_many(Item, [profile, active], consistent=False)
    day = _as(ActiveDay, found.get(active))
    return _as(User, found.get(profile)), day.day if day is not None else None


def _as(model: type[R], row: Item | None) -> R | None:
    return row if isinstance(row, model) else None


def is_known_address(user_id: str, address: str) -> bool:
    return KnownAddress.read(keys.known_address(user_id, address)) is not None


def save_known_address(user_id: str, address: str) -> None:
    key = keys.known_address(user_id, address)
    transaction = Transaction()
    ttl = clock.epoch(clock.now() + _ADDRESSES_KEPT)
    transaction.update(KnownAddress(pk=key.pk, sk=key.sk), [KnownAddress.ttl.set(ttl)])
    transaction.commit()


def find_active_day(user_id: str) -> str | None:
    """Return the day on which somebody was last counted as active: half a read unit."""
    row = ActiveDay.read(keys.active_day(user_id), consistent=False)
    return row.day if row is not None else None


def save_active_day(transaction: Transaction, user_id: str, day: date) -> None:
    """Write the day unless it is already stored, so that a person who signs in twice at once is counted once."""
    key, ttl = keys.active_day(user_id), clock.epoch(clock.now() + _ACTIVE_DAY_KEPT)
    is_another = ActiveDay.day.does_not_exist() | (ActiveDay.day != day.isoformat())
    changes = [ActiveDay.day.set(day.isoformat()), ActiveDay.ttl.set(ttl)]
    transaction.update(ActiveDay(pk=key.pk, sk=key.sk), changes, condition=is_another)


def find_email_claim(address: str) -> EmailClaim | None:
    """Return the claim of an address: 1 read unit. `address` is a hash."""
    return EmailClaim.read(keys.email(address))


def claim_email(address: str, *, user_id: str, username: str) -> None:
    """Claim an address; `EmailTaken` if it is somebody else's. 1 read unit, the first time 1 write unit."""
    holder = find_email_claim(address)
    if holder is None:
        key = keys.email(address)
        row = EmailClaim(pk=key.pk, sk=key.sk, user_id=user_id, username=username)
        transactions.claim(row, otherwise=EmailTaken())
    elif holder.user_id != user_id:
        raise EmailTaken


def give_email(transaction: Transaction, address: str, *, user_id: str, account: str) -> None:
    """Add to `transaction` the claim of an address; `EmailTaken` if it is somebody else's."""
    key = keys.email(address)
    actions = [EmailClaim.user_id.set(user_id), EmailClaim.username.set(account)]
    free = EmailClaim.pk.does_not_exist() | (EmailClaim.user_id == user_id)
    transaction.update(EmailClaim(pk=key.pk, sk=key.sk), actions, free, EmailTaken())


def take_email(transaction: Transaction, address: str, *, user_id: str) -> None:
    """Add to `transaction` the deletion of an address's claim, if it is this person's. 1 read unit."""
    claim = find_email_claim(address)
    if claim is not None and claim.user_id == user_id:
        transaction.delete(claim)


def find_email_change(user_id: str) -> EmailChange | None:
    return EmailChange.read(keys.email_change(user_id))


def fresh_email_change(user_id: str) -> EmailChange:
    key = keys.email_change(user_id)
    return EmailChange(pk=key.pk, sk=key.sk)


def query_consents(user_id: str) -> list[Consent]:
    """Return the versions of the terms that a person accepted: 1 read unit."""
    key = keys.consent(user_id, "-")
    return list(Consent.query(key.pk, Consent.sk.startswith(keys.prefix("CONSENT")), consistent_read=True))


def find_erasure(user_id: str) -> Erasure | None:
    return Erasure.read(keys.erasure(user_id))


def build_erasure(user_id: str, username: str, account: str, due: datetime) -> Erasure:
    key = keys.erasure(user_id)
    return Erasure(
        pk=key.pk, sk=key.sk, user_id=user_id, username=username, account=account, asked_at=clock.now(), due=due
    )


def save_erasure(transaction: Transaction, row: Erasure) -> None:
    queue = keys.erasures_queue(clock.sortable(row.due), row.user_id)
    row.gsi4pk, row.gsi4sk = queue.pk, queue.sk
    transaction.save(row)


def query_due_erasures(until: datetime) -> Iterator[str]:
    """Yield the ids of people whose account is due to be erased, according to the index."""
    queue = keys.erasures_queue(clock.sortable(until), "-")
    for item in Item.queues.query(queue.pk, Item.gsi4sk < queue.sk):
        yield keys.last_part(str(item.gsi4sk))


def take_attempt(key: keys.Key, *, most: int, ends_at: int, retry_after: int) -> None:
    """Count one attempt in a window that ends at `ends_at`; `TooManyAttempts` if it would exceed `most`.

    `retry_after` is the number of seconds until the window ends.

    Counting and comparing are one conditional ADD: concurrent attempts cannot all take the last free place. 1 write
    unit, also when refused.
    """
    free = Throttle.attempts.does_not_exist() | (Throttle.attempts < most)
    try:
        _add(key, 1, [Throttle.ttl.set(ends_at)], free)
    except UpdateError as error:
        raise transactions.explain_single(error, TooManyAttempts(retry_after=retry_after)) from error


def give_attempt_back(key: keys.Key) -> None:
    try:
        _add(key, -1, [], Throttle.attempts > 0)
    except UpdateError as error:
        # If the window is over and its row has expired, there is nothing to give back.
        nothing_left = TooManyAttempts(retry_after=1)
        problem = transactions.explain_single(error, nothing_left)
        if problem is not nothing_left:
            raise problem from error


def _add(key: keys.Key, count: int, actions: list[Action], condition: Condition) -> None:
    row = Throttle(pk=key.pk, sk=key.sk, version=0)
    whole = [Throttle.attempts.add(count), Throttle.kind.set(Throttle), Throttle.schema.set(Throttle.SCHEMA), *actions]
    row.update(whole, condition=condition, add_version_condition=False)
