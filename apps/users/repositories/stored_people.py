"""Access to the rows of a person: profile, relations, privacy, preferences."""

from collections.abc import Iterable
from typing import TypeVar

from pynamodb.expressions.condition import And, Condition, Or, size
from pynamodb.expressions.update import Action

from apps.core import hidden_content, keys, queries, transactions
from apps.core.errors import DomainError
from apps.core.hidden_content import HiddenContent
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.users.errors import UserNotFound
from apps.users.models import (
    PreferencesRow,
    PrivacyRow,
    RecentlyCooked,
    RecentlyRejected,
    RelationsRow,
    TasteRow,
    User,
)

R = TypeVar("R", User, PrivacyRow, PreferencesRow, RecentlyCooked, RecentlyRejected)


def find_profile(user_id: str, *, consistent: bool = True) -> User | None:
    return User.read(keys.user(user_id), consistent=consistent)


def find_profiles(user_ids: Iterable[str]) -> dict[str, User]:
    """Read profiles only, 100 people per request: half a read unit each."""
    wanted = list(dict.fromkeys(user_ids))
    found = queries.read_many(User, [keys.user(id_) for id_ in wanted], consistent=False)
    return {id_: found[keys.user(id_)] for id_ in wanted if keys.user(id_) in found}


def expect_profile(transaction: Transaction, user_id: str) -> None:
    transaction.check(User, keys.user(user_id), User.pk.exists(), otherwise=UserNotFound())


def expect_author(transaction: Transaction, user_id: str, user: User | None) -> None:
    """Let `transaction` commit only if the person's name and picture are still those of `user`."""
    expected: Condition = User.pk.does_not_exist()
    if user is not None:
        picture = User.avatar == user.avatar if user.avatar else User.avatar.does_not_exist()
        expected = And(User.username == user.username, picture)
    transaction.check(User, keys.user(user_id), expected)


def expect_name(transaction: Transaction, user_id: str, username: str, *, otherwise: Exception) -> None:
    """Let `transaction` commit only if this is still the person's name, or they have no profile."""
    expected = Or(User.username == username, User.pk.does_not_exist())
    transaction.check(User, keys.user(user_id), expected, otherwise=otherwise)


def find_relations(user_id: str, *, consistent: bool = True) -> RelationsRow | None:
    return RelationsRow.read(keys.relations(user_id), consistent=consistent)


def find_relations_and_hidden(user_id: str) -> tuple[RelationsRow | None, HiddenContent | None]:
    """Read a person's relations and the hidden content, consistently, in one request: 2 read units or more."""
    of_person, of_all = keys.relations(user_id), hidden_content.any_copy()
    found = queries.read_many(Item, [of_person, of_all])
    row, hidden = found.get(of_person), found.get(of_all)
    return row if isinstance(row, RelationsRow) else None, hidden if isinstance(hidden, HiddenContent) else None


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
    """Block a person, and remove them from the friends."""
    transaction.update(
        _empty_relations(user_id), [RelationsRow.friends.delete({other}), RelationsRow.blocked.add({other})]
    )


def expect_unblocked(transaction: Transaction, user_id: str, other: bytes, *, otherwise: DomainError) -> None:
    """Fail the transaction if the other is blocked. A missing row blocks nobody."""
    transaction.check(RelationsRow, keys.relations(user_id), ~RelationsRow.blocked.contains(other), otherwise)


def _empty_relations(user_id: str) -> RelationsRow:
    key = keys.relations(user_id)
    return RelationsRow(pk=key.pk, sk=key.sk)


def load_privacies(user_ids: Iterable[str]) -> dict[str, PrivacyRow]:
    """Read the privacy settings of several people, consistently: 1 read unit each."""
    wanted = {id_: keys.privacy(id_) for id_ in user_ids}
    found = queries.read_many(PrivacyRow, list(wanted.values()))
    return {id_: found.get(key) or _fresh(PrivacyRow, key) for id_, key in wanted.items()}


def load_privacy(user_id: str) -> PrivacyRow:
    """Read a person's privacy settings: 1 read unit; the defaults if they were never changed."""
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
    """Read preferences and the recently cooked and rejected recipes with one consistent query: 1 read unit."""
    key = keys.preferences(user_id)
    rows = list(TasteRow.query(key.pk, TasteRow.sk.startswith(key.sk), consistent_read=True))
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
    """Save a row that was read or is the first of its kind; `WriteConflict` if it changed in between."""
    transactions.save(row)


def _fresh(model: type[R], key: keys.Key) -> R:
    return model(pk=key.pk, sk=key.sk)
