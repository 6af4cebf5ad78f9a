"""Claims of usernames: in use, reserved for a former owner, or blocked for good."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from pynamodb.expressions.condition import Condition

from apps.core import clock, keys, queries, tallies
from apps.core.models import Item
from apps.core.transactions import Transaction, WriteConflict
from apps.users import name_words
from apps.users.errors import UsernameTaken
from apps.users.models import Consent, CurrentName, ReservedUsername, User, UsernameClaim

# How long a username stays reserved for a former owner.
RESERVED_FOR = timedelta(days=90)


def find_claim(username: str) -> UsernameClaim | None:
    """Return the claim of a username's current owner: 1 read unit."""
    claim = UsernameClaim.read(keys.username(username))
    return None if claim is None or claim.is_former else claim


def find_claimant(username: str) -> str | None:
    """Return the id of a username's current owner: 1 read unit."""
    claim = find_claim(username)
    return str(claim.user_id) if claim else None


def is_taken(username: str) -> bool:
    """Return whether a username is in use, reserved for its former owner, or of an erased account: 2 read units."""
    claim, reserved = keys.username(username), keys.reserved_username(username_digest(username))
    return bool(queries.read_many(Item, [claim, reserved]))


def username_digest(username: str) -> str:
    """Return the digest that reserves a username without storing it."""
    return hmac.new(settings.SECRET_KEY.encode(), f"username\n{username}".encode(), hashlib.sha256).hexdigest()


def claim(transaction: Transaction, username: str, *, user_id: str, account: str | None) -> None:
    """Add to `transaction` the claim of a username; `UsernameTaken` if it is, or recently was, somebody else's.

    The condition lets one of two concurrent claims win. 2 write units, and 1 of the index.
    """
    place, feed = keys.username(username), keys.usernames_feed(username)
    actions = [
        UsernameClaim.user_id.set(user_id),
        UsernameClaim.account.set(account) if account else UsernameClaim.account.remove(),
        UsernameClaim.gsi1pk.set(feed.pk),
        UsernameClaim.gsi1sk.set(feed.sk),
        UsernameClaim.ttl.remove(),
    ]
    transaction.update(UsernameClaim(pk=place.pk, sk=place.sk), actions, _free_for(user_id), UsernameTaken())


def _free_for(user_id: str) -> Condition:
    """Condition: the name is free, or this person gave it up."""
    lapsed = UsernameClaim.ttl <= clock.epoch(clock.now())
    own = UsernameClaim.ttl.exists() & (UsernameClaim.user_id == user_id)
    free: Condition = UsernameClaim.pk.does_not_exist() | lapsed | own
    return free


def give_up(transaction: Transaction, username: str, *, user_id: str, until: datetime) -> None:
    """Add to `transaction` that a person gives a username up; it stays reserved for them."""
    place = keys.username(username)
    actions = [UsernameClaim.ttl.set(clock.epoch(until)), UsernameClaim.gsi1pk.remove(), UsernameClaim.gsi1sk.remove()]
    transaction.update(UsernameClaim(pk=place.pk, sk=place.sk), actions, UsernameClaim.user_id == user_id)


def reserve(transaction: Transaction, username: str, *, until: datetime | None = None) -> None:
    """Replace the claim of a username with a digest, permanently or until the claim would have expired."""
    free(transaction, username)
    place = keys.reserved_username(username_digest(username))
    actions = [ReservedUsername.ttl.set(clock.epoch(until))] if until else []
    transaction.update(ReservedUsername(pk=place.pk, sk=place.sk), actions)


def free(transaction: Transaction, username: str) -> None:
    """Add to `transaction` that a username becomes free."""
    place = keys.username(username)
    transaction.discard(UsernameClaim(pk=place.pk, sk=place.sk))


def find_current_name(user_id: str) -> CurrentName | None:
    return CurrentName.read(keys.current_name(user_id))


def fresh_current_name(user_id: str, username: str) -> CurrentName:
    key = keys.current_name(user_id)
    return CurrentName(pk=key.pk, sk=key.sk, username=username)


def create_profile(user: User, *, consent: Consent | None = None) -> None:
    """Store a profile and the claim of its username; `UsernameTaken` if somebody else has claimed it.

    Both are written in one transaction: there is no profile without its name, and no name for two people. Writing the
    same profile again, as a concurrent repair does, changes nothing.
    """
    transaction = Transaction()
    claim(transaction, user.username, user_id=user.user_id, account=user.account)
    transaction.save(user)
    name_words.save(transaction, user.user_id, user.full_name)
    if consent is not None:
        # If the profile is written again, the time of the first consent stays.
        moment = Consent.accepted_at | consent.accepted_at
        transaction.update(consent, [Consent.terms_version.set(consent.terms_version), Consent.accepted_at.set(moment)])
    if user.account:
        transaction.save(fresh_current_name(user.user_id, user.username))
    tallies.add(transaction, tallies.SIGN_UPS)
    try:
        transaction.commit()
    except (UsernameTaken, WriteConflict):
        if find_claimant(user.username) != user.user_id:
            raise


def query_claims(start: str, *, limit: int, after: dict[str, str] | None) -> queries.Slice[UsernameClaim]:
    """Page through claims of usernames that begin with `start` (two letters at least), by name."""
    feed = keys.usernames_feed(start)
    return queries.query_page(
        UsernameClaim.feeds, feed.pk, within=UsernameClaim.gsi1sk.startswith(feed.sk), limit=limit, after=after
    )
