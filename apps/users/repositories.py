"""Every access of the users app to the table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import And, Condition, Or, size
from pynamodb.expressions.update import Action

from apps.core import clock, hidden_content, ids, keys, queries, transactions
from apps.core.errors import DomainError
from apps.core.hidden_content import HiddenContent
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.users.errors import EmailTaken, TooManyAttempts, UserNotFound
from apps.users.models import (
    ActiveDay,
    Consent,
    CurrentName,
    EmailChange,
    EmailClaim,
    Erasure,
    KnownAddress,
    PreferencesRow,
    PrivacyRow,
    RecentlyCooked,
    RecentlyRejected,
    Registration,
    RegistrationByEmail,
    RelationsRow,
    SignedOut,
    Suspension,
    Throttle,
    User,
)

R = TypeVar("R", User, PrivacyRow, PreferencesRow, RecentlyCooked, RecentlyRejected)


# As long as a refresh token gives access tokens (RefreshTokenValidity of the client).
_SESSIONS_LIVE = timedelta(days=30)
_ACTIVE_DAY_KEPT = timedelta(days=2)
_ADDRESSES_KEPT = timedelta(days=90)
# Unconfirmed accounts of one e-mail address that are looked at. A mailbox gets ten codes in 15 minutes.
_MOST_REGISTRATIONS = 200


def find_profile(user_id: str, *, consistent: bool = True) -> User | None:
    return User.read(keys.user(user_id), consistent=consistent)


def find_relations(user_id: str, *, consistent: bool = True) -> RelationsRow | None:
    return RelationsRow.read(keys.relations(user_id), consistent=consistent)


def find_relations_and_hidden(user_id: str) -> tuple[RelationsRow | None, HiddenContent | None]:
    """Read a person's relations and the hidden content, consistently, in one request: 2 read units or more."""
    around, copy = keys.relations(user_id), hidden_content.any_copy()
    found = queries.read_many(Item, [around, copy])
    circle, held = found.get(around), found.get(copy)
    return circle if isinstance(circle, RelationsRow) else None, held if isinstance(held, HiddenContent) else None


def add_friend(transaction: Transaction, user_id: str, friend: bytes, *, most: int, otherwise: DomainError) -> None:
    """Add a friend; concurrent calls never exceed `most` friends."""
    count = size(RelationsRow.friends)  # type: ignore[no-untyped-call]
    free = RelationsRow.friends.does_not_exist() | (count < most)
    transaction.update(_empty_relations(user_id), [RelationsRow.friends.add({friend})], free, otherwise)


def remove_from_relations(
    transaction: Transaction, user_id: str, *, friend: bytes | None = None, blocked: bytes | None = None
) -> None:
    actions: list[Action] = []
    if friend:
        actions.append(RelationsRow.friends.delete({friend}))
    if blocked:
        actions.append(RelationsRow.blocked.delete({blocked}))
    transaction.update(_empty_relations(user_id), actions)


def add_block(transaction: Transaction, user_id: str, other: bytes) -> None:
    """Move somebody from the friends, if they are one, to the blocked."""
    transaction.update(
        _empty_relations(user_id), [RelationsRow.friends.delete({other}), RelationsRow.blocked.add({other})]
    )


def expect_unblocked(transaction: Transaction, user_id: str, other: bytes, *, otherwise: DomainError) -> None:
    """Fail the transaction if the other is blocked. A missing row blocks nobody."""
    transaction.check(RelationsRow, keys.relations(user_id), ~RelationsRow.blocked.contains(other), otherwise)


def _empty_relations(user_id: str) -> RelationsRow:
    key = keys.relations(user_id)
    return RelationsRow(pk=key.pk, sk=key.sk)


def find_erasure(user_id: str) -> Erasure | None:
    return Erasure.read(keys.erasure(user_id))


def save_erasure(transaction: Transaction, row: Erasure) -> None:
    queue = keys.erasures_queue(clock.sortable(row.due), row.user_id)
    row.gsi4pk, row.gsi4sk = queue.pk, queue.sk
    transaction.save(row)


def build_erasure(user_id: str, username: str, account: str, due: datetime) -> Erasure:
    key = keys.erasure(user_id)
    return Erasure(
        pk=key.pk, sk=key.sk, user_id=user_id, username=username, account=account, asked_at=clock.now(), due=due
    )


def query_due_erasures(until: datetime) -> Iterator[str]:
    """Yield whose accounts are to be erased by now, as the index says."""
    queue = keys.erasures_queue(clock.sortable(until), "-")
    for item in Item.queues.query(queue.pk, Item.gsi4sk < queue.sk):
        yield keys.last_part(str(item.gsi4sk))


def find_profiles(user_ids: Iterable[str]) -> dict[str, User]:
    """Read profiles alone, 100 people in a request: half a read unit each."""
    wanted = list(dict.fromkeys(user_ids))
    found = queries.read_many(User, [keys.user(id_) for id_ in wanted], consistent=False)
    return {id_: found[keys.user(id_)] for id_ in wanted if keys.user(id_) in found}


def expect_profile(transaction: Transaction, user_id: str) -> None:
    transaction.check(User, keys.user(user_id), User.pk.exists(), otherwise=UserNotFound())


def expect_author(transaction: Transaction, user_id: str, user: User | None) -> None:
    """Let `transaction` commit only while somebody's name and picture are those of `user`."""
    expected: Condition = User.pk.does_not_exist()
    if user is not None:
        picture = User.avatar == user.avatar if user.avatar else User.avatar.does_not_exist()
        expected = And(User.username == user.username, picture)
    transaction.check(User, keys.user(user_id), expected)


def expect_name(transaction: Transaction, user_id: str, username: str, *, otherwise: Exception) -> None:
    """Let `transaction` commit only while this is somebody's name, or they have no profile."""
    expected = Or(User.username == username, User.pk.does_not_exist())
    transaction.check(User, keys.user(user_id), expected, otherwise=otherwise)


def find_suspension(user_id: str) -> Suspension | None:
    return Suspension.read(keys.suspension(user_id))


@dataclass(frozen=True, slots=True)
class AccountState:
    """What every request that writes needs to know of whoever makes it; None where there is no such row."""

    suspension: Suspension | None = None
    signed_out: SignedOut | None = None
    name: CurrentName | None = None


def find_account_state(user_id: str) -> AccountState:
    """Read suspension, last sign-out and current name with one consistent query: 1 read unit."""
    key = keys.suspension(user_id)
    rows = [row for row in Item.query(key.pk, Item.sk.startswith(key.sk), consistent_read=True) if not row.is_expired]
    return AccountState(
        next((row for row in rows if isinstance(row, Suspension)), None),
        next((row for row in rows if isinstance(row, SignedOut)), None),
        next((row for row in rows if isinstance(row, CurrentName)), None),
    )


def find_sign_out(user_id: str) -> SignedOut | None:
    return SignedOut.read(keys.signed_out(user_id))


def keep_login(row: SignedOut, login_id: str) -> None:
    """Let the tokens of a login pass; `WriteConflict` where sessions were ended once more since `row` was read."""
    fresh = SignedOut(pk=row.pk, sk=row.sk)
    transaction = Transaction()
    transaction.update(fresh, [SignedOut.logins.add({login_id})], SignedOut.event_id == row.event_id)
    transaction.commit()


def save_sign_out(user_id: str, at: datetime, kept: str | None) -> None:
    """Note that sessions ended; of two at once the later stays. Kept as long as a refresh token can live."""
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
    """Write it unless it is that day already: whoever signs in twice at once is counted once."""
    key, ttl = keys.active_day(user_id), clock.epoch(clock.now() + _ACTIVE_DAY_KEPT)
    is_another = ActiveDay.day.does_not_exist() | (ActiveDay.day != day.isoformat())
    changes = [ActiveDay.day.set(day.isoformat()), ActiveDay.ttl.set(ttl)]
    transaction.update(ActiveDay(pk=key.pk, sk=key.sk), changes, condition=is_another)


def find_email_claim(address: str) -> EmailClaim | None:
    """Read whose an address is: 1 read unit. `address` is a hash."""
    return EmailClaim.read(keys.email(address))


def claim_email(address: str, *, user_id: str, username: str) -> None:
    """Give an address to somebody; `EmailTaken` where it is another person's. 1 read unit, the first time 1 write."""
    holder = find_email_claim(address)
    if holder is None:
        key = keys.email(address)
        row = EmailClaim(pk=key.pk, sk=key.sk, user_id=user_id, username=username)
        transactions.claim(row, otherwise=EmailTaken())
    elif holder.user_id != user_id:
        raise EmailTaken


def give_email(transaction: Transaction, address: str, *, user_id: str, account: str) -> None:
    """Add to `transaction` that an address is somebody's; `EmailTaken` where it is another person's."""
    key = keys.email(address)
    actions = [EmailClaim.user_id.set(user_id), EmailClaim.username.set(account)]
    free = EmailClaim.pk.does_not_exist() | (EmailClaim.user_id == user_id)
    transaction.update(EmailClaim(pk=key.pk, sk=key.sk), actions, free, EmailTaken())


def take_email(transaction: Transaction, address: str, *, user_id: str) -> None:
    """Add to `transaction` that an address is nobody's, if it is this person's. 1 read unit."""
    claim = find_email_claim(address)
    if claim is not None and claim.user_id == user_id:
        transaction.delete(claim)


def find_email_change(user_id: str) -> EmailChange | None:
    return EmailChange.read(keys.email_change(user_id))


def fresh_email_change(user_id: str) -> EmailChange:
    key = keys.email_change(user_id)
    return EmailChange(pk=key.pk, sk=key.sk)


def find_registration(account: str) -> Registration | None:
    return Registration.read(keys.registration(account))


def begin_registration(account: str, due: datetime) -> None:
    """Note that an account is about to be made and has to be confirmed by then, whatever was noted before."""
    key, queue = keys.registration(account), keys.registrations_queue(clock.sortable(due), account)
    actions = [
        Registration.account.set(account),
        Registration.due.set(due),
        Registration.gsi4pk.set(queue.pk),
        Registration.gsi4sk.set(queue.sk),
    ]
    transaction = Transaction()
    transaction.update(Registration(pk=key.pk, sk=key.sk), actions)
    transaction.commit()


def describe_registration(account: str, *, address: str, verifier: str, until: datetime) -> None:
    """Let an account that waits for its confirmation be found by its e-mail address: 4 write units."""
    key, found_by = keys.registration(account), keys.registration_by_email(address, account)
    found = [
        RegistrationByEmail.account.set(account),
        RegistrationByEmail.verifier.set(verifier),
        RegistrationByEmail.ttl.set(clock.epoch(until)),
    ]
    transaction = Transaction()
    transaction.update(Registration(pk=key.pk, sk=key.sk), [Registration.address.set(address)])
    transaction.update(RegistrationByEmail(pk=found_by.pk, sk=found_by.sk), found)
    transaction.commit()


def query_registrations_by_email(address: str) -> list[RegistrationByEmail]:
    """Read the unconfirmed accounts of an e-mail address (hashed), the latest first: 1 read unit for about ten."""
    place = keys.registration_by_email(address, "-")
    start = keys.prefix("REGISTRATION")
    rows = RegistrationByEmail.query(
        place.pk, RegistrationByEmail.sk.startswith(start), consistent_read=True, limit=_MOST_REGISTRATIONS
    )
    return sorted((row for row in rows if not row.is_expired), key=lambda row: int(row.ttl or 0), reverse=True)


def find_registration_by_email(address: str, account: str) -> RegistrationByEmail | None:
    return RegistrationByEmail.read(keys.registration_by_email(address, account))


def end_registration(account: str) -> None:
    """Forget that an account waits for its confirmation: 1 read unit, 2 write units for each row."""
    found = find_registration(account)
    key = keys.registration(account)
    transaction = Transaction()
    transaction.discard(Registration(pk=key.pk, sk=key.sk))
    if found is not None and found.address:
        found_by = keys.registration_by_email(found.address, account)
        transaction.discard(RegistrationByEmail(pk=found_by.pk, sk=found_by.sk))
    transaction.commit()


def query_due_registrations(until: datetime) -> Iterator[str]:
    """Yield the accounts that nobody has confirmed in time, as the index says."""
    queue = keys.registrations_queue(clock.sortable(until), "-")
    for item in Item.queues.query(queue.pk, Item.gsi4sk < queue.sk):
        yield keys.last_part(str(item.gsi4sk))


def query_consents(user_id: str) -> list[Consent]:
    """Read which versions of the terms somebody accepted: 1 read unit."""
    key = keys.consent(user_id, "-")
    return list(Consent.query(key.pk, Consent.sk.startswith(keys.prefix("CONSENT")), consistent_read=True))


def query_ended_suspensions(before: datetime) -> Iterator[str]:
    """Yield who is in the queue of the suspended though their time is over, as the index says."""
    queue = keys.suspended_queue(clock.sortable(before), "-")
    for item in Item.queues.query(queue.pk, Item.gsi4sk < queue.sk):
        yield keys.last_part(str(item.gsi4sk))


def load_suspensions(user_ids: Iterable[str]) -> dict[str, Suspension]:
    """Read suspensions, consistently: 1 read unit each."""
    found = queries.read_many(Suspension, [keys.suspension(id_) for id_ in user_ids])
    return {row.user_id: row for row in found.values()}


def save_suspension(transaction: Transaction, row: Suspension) -> None:
    """Write a suspension and its place in the queue; somebody who changed it in between fails the transaction."""
    queue = keys.suspended_queue(clock.sortable(row.until), row.user_id) if row.is_active else None
    row.gsi4pk, row.gsi4sk = queue or (None, None)
    transaction.save(row)


def fresh_suspension(user_id: str) -> Suspension:
    key = keys.suspension(user_id)
    return Suspension(pk=key.pk, sk=key.sk, user_id=user_id)


def load_privacies(user_ids: Iterable[str]) -> dict[str, PrivacyRow]:
    """Read who sees what of several people, consistently: 1 read unit each."""
    wanted = {id_: keys.privacy(id_) for id_ in user_ids}
    found = queries.read_many(PrivacyRow, list(wanted.values()))
    return {id_: found.get(key) or _fresh(PrivacyRow, key) for id_, key in wanted.items()}


def load_privacy(user_id: str) -> PrivacyRow:
    """Read who sees what of somebody: 1 read unit; the defaults where nothing was ever changed."""
    key = keys.privacy(user_id)
    return PrivacyRow.read(key) or _fresh(PrivacyRow, key)


def load_preferences(user_id: str) -> PreferencesRow:
    key = keys.preferences(user_id)
    return PreferencesRow.read(key) or _fresh(PreferencesRow, key)


def find_preferences(user_ids: Iterable[str]) -> dict[str, PreferencesRow]:
    """Read the preferences of several people, consistently: 1 read unit each."""
    wanted = {id_: keys.preferences(id_) for id_ in user_ids}
    found = queries.read_many(PreferencesRow, list(wanted.values()))
    return {id_: found.get(key) or _fresh(PreferencesRow, key) for id_, key in wanted.items()}


def find_tastes(user_id: str) -> tuple[PreferencesRow | None, RecentlyCooked | None, RecentlyRejected | None]:
    """Read preferences, what was cooked and what was rejected last with one consistent query: 1 read unit."""
    key = keys.preferences(user_id)
    rows = list(Item.query(key.pk, Item.sk.startswith(key.sk), consistent_read=True))
    said = next((row for row in rows if isinstance(row, PreferencesRow)), None)
    cooked = next((row for row in rows if isinstance(row, RecentlyCooked)), None)
    rejected = next((row for row in rows if isinstance(row, RecentlyRejected)), None)
    return said, cooked, rejected


def load_recently_cooked(user_id: str) -> RecentlyCooked:
    key = keys.recently_cooked(user_id)
    return RecentlyCooked.read(key) or _fresh(RecentlyCooked, key)


def load_recently_rejected(user_id: str) -> RecentlyRejected:
    key = keys.recently_rejected(user_id)
    return RecentlyRejected.read(key) or _fresh(RecentlyRejected, key)


def save_row(row: Item) -> None:
    """Put a row that was read, or is the first of its kind; `WriteConflict` where somebody was faster."""
    transactions.save(row)


def _fresh(model: type[R], key: keys.Key) -> R:
    return model(pk=key.pk, sk=key.sk)


def take_attempt(key: keys.Key, *, most: int, ends_at: int) -> None:
    """Count one attempt in a window that ends at `ends_at`; `TooManyAttempts` if it would exceed `most`.

    Counting and comparing are one conditional ADD, so that attempts made at the same moment cannot all find the last
    one free. 1 write unit, also when refused.
    """
    free = Throttle.attempts.does_not_exist() | (Throttle.attempts < most)
    try:
        _add(key, 1, [Throttle.ttl.set(ends_at)], free)
    except UpdateError as error:
        wait = max(1, ends_at - clock.epoch(clock.now()))
        raise transactions.explain_single(error, TooManyAttempts(retry_after=wait)) from error


def give_attempt_back(key: keys.Key) -> None:
    try:
        _add(key, -1, [], Throttle.attempts > 0)
    except UpdateError as error:
        # There is nothing to give back where the window is over and its row expired.
        nothing_left = TooManyAttempts(retry_after=1)
        problem = transactions.explain_single(error, nothing_left)
        if problem is not nothing_left:
            raise problem from error


def _add(key: keys.Key, count: int, actions: list[Action], condition: Condition) -> None:
    row = Throttle(pk=key.pk, sk=key.sk, version=0)
    whole = [Throttle.attempts.add(count), Throttle.kind.set(Throttle), Throttle.schema.set(Throttle.SCHEMA), *actions]
    row.update(whole, condition=condition, add_version_condition=False)
