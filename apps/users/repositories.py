"""Every access of the users app to the table."""

from collections.abc import Iterable
from typing import TypeVar

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from apps.core import keys, queries, transactions
from apps.core.models import Item, derived_keys
from apps.core.transactions import Transaction, WriteConflict
from apps.users.errors import TooManyAttempts, UsernameTaken, UserNotFound
from apps.users.models import CircleRow, PreferencesRow, PrivacyRow, RecentlyCooked, Throttle, User, UsernameClaim

R = TypeVar("R", User, PrivacyRow, PreferencesRow, RecentlyCooked)


def profile(user_id: str, *, consistent: bool = True) -> User | None:
    return User.read(keys.user(user_id), consistent=consistent)


def circle(user_id: str, *, consistent: bool = True) -> CircleRow | None:
    return CircleRow.read(keys.circle(user_id), consistent=consistent)


def claimant(username: str) -> str | None:
    """Return the id of who has or had this username: 1 read unit."""
    claim = UsernameClaim.read(keys.username(username))
    return claim.user_id if claim else None


def create(user: User) -> None:
    """Store a profile and the claim of its username; `UsernameTaken` where somebody else has claimed it.

    Claim and profile are one transaction: no profile without its name, no name for two people. The same profile
    again, from another request that heals it, changes nothing.
    """
    place = keys.username(user.username)
    feed = keys.usernames_feed(user.username)
    transaction = Transaction()
    transaction.save(
        UsernameClaim(pk=place.pk, sk=place.sk, user_id=user.user_id, **derived_keys(gsi1=feed)),
        otherwise=UsernameTaken(),
    )
    transaction.save(user)
    try:
        transaction.commit()
    except (UsernameTaken, WriteConflict):
        if claimant(user.username) != user.user_id:
            raise


def claims(start: str, *, limit: int, after: dict[str, str] | None) -> queries.Slice[UsernameClaim]:
    """Page through claims of usernames that begin with `start` (two letters at least), by name."""
    feed = keys.usernames_feed(start)
    return queries.page(
        UsernameClaim.feeds, feed.pk, within=UsernameClaim.gsi1sk.startswith(feed.sk), limit=limit, after=after
    )


def profiles(user_ids: Iterable[str]) -> dict[str, tuple[User, PrivacyRow]]:
    """Read profiles and their privacy, 50 people in a request; those without a profile are left out."""
    ids = list(dict.fromkeys(user_ids))
    wanted = [key for id_ in ids for key in (keys.user(id_), keys.privacy(id_))]
    found = queries.read_many(Item, wanted, consistent=False)
    people: dict[str, tuple[User, PrivacyRow]] = {}
    for id_ in ids:
        user, settings = found.get(keys.user(id_)), found.get(keys.privacy(id_))
        if isinstance(user, User):
            people[id_] = user, settings if isinstance(settings, PrivacyRow) else _fresh(PrivacyRow, keys.privacy(id_))
    return people


def people(user_ids: Iterable[str]) -> dict[str, User]:
    """Read profiles alone, 100 people in a request: half a read unit each."""
    ids = list(dict.fromkeys(user_ids))
    found = queries.read_many(User, [keys.user(id_) for id_ in ids], consistent=False)
    return {id_: found[keys.user(id_)] for id_ in ids if keys.user(id_) in found}


def expect_profile(transaction: Transaction, user_id: str) -> None:
    transaction.check(User, keys.user(user_id), User.pk.exists(), otherwise=UserNotFound())


def privacy(user_id: str) -> PrivacyRow:
    """Read who sees what of somebody: 1 read unit; the defaults where nothing was ever changed."""
    key = keys.privacy(user_id)
    return PrivacyRow.read(key) or _fresh(PrivacyRow, key)


def preferences(user_id: str) -> PreferencesRow:
    key = keys.preferences(user_id)
    return PreferencesRow.read(key) or _fresh(PreferencesRow, key)


def tastes(user_id: str) -> tuple[PreferencesRow | None, RecentlyCooked | None]:
    """Read preferences and what was cooked last with one consistent query: 1 read unit up to 4 KB."""
    key = keys.preferences(user_id)
    rows = list(Item.query(key.pk, Item.sk.startswith(key.sk), consistent_read=True))
    said = next((row for row in rows if isinstance(row, PreferencesRow)), None)
    cooked = next((row for row in rows if isinstance(row, RecentlyCooked)), None)
    return said, cooked


def recently_cooked(user_id: str) -> RecentlyCooked:
    key = keys.recently_cooked(user_id)
    return RecentlyCooked.read(key) or _fresh(RecentlyCooked, key)


def save(row: Item) -> None:
    """Put a row that was read, or is the first of its kind; `WriteConflict` where somebody was faster."""
    transactions.save(row)


def _fresh(model: type[R], key: keys.Key) -> R:
    return model(pk=key.pk, sk=key.sk)


def take_attempt(key: keys.Key, *, most: int, ends_at: int) -> None:
    """Count one attempt; `TooManyAttempts` from the one on that would exceed `most`.

    Counting and comparing are one conditional ADD, so that attempts made at the same moment cannot all find the last
    one free. 1 write unit, also when refused.
    """
    free = Throttle.attempts.does_not_exist() | (Throttle.attempts < most)
    try:
        _add(key, 1, [Throttle.ttl.set(ends_at)], free)
    except UpdateError as error:
        raise transactions.explain_single(error, TooManyAttempts()) from error


def give_attempt_back(key: keys.Key) -> None:
    try:
        _add(key, -1, [], Throttle.attempts > 0)
    except UpdateError as error:
        problem = transactions.explain_single(error, TooManyAttempts())
        if not isinstance(problem, TooManyAttempts):
            raise problem from error


def _add(key: keys.Key, count: int, actions: list[Action], condition: Condition) -> None:
    row = Throttle(pk=key.pk, sk=key.sk, version=0)
    whole = [Throttle.attempts.add(count), Throttle.kind.set(Throttle), Throttle.schema.set(Throttle.SCHEMA), *actions]
    row.update(whole, condition=condition, add_version_condition=False)
