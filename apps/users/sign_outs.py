"""Ended sessions: every server refuses tokens from logins before a person's last sign-out, except one that it names.

An access token, which nobody is asked about, would be good for another hour. A request that writes reads the row with
the suspension, which it reads anyway: it is refused at once. A request that reads asks the memory of the process, which
follows a feed: it is refused within two seconds, for no read unit. A refresh token is refused by the row.

A login of the very second of a sign-out, which tokens cannot tell from one before, is named in the row: it read the
sign-out before its password was checked (docs/decisions/0100).
"""

from collections.abc import Sequence
from functools import cache

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from apps.core import clock, keys
from apps.core.authentication import Actor
from apps.core.change_feed import ChangeFeedFollower
from apps.core.errors import NotAuthenticated
from apps.core.transactions import retry_conflicts
from apps.users.models import SignedOut
from apps.users.repositories import stored_accounts

log = structlog.get_logger()

# How far the clock that dates a login may lag behind the one that dates a sign-out.
_UNCERTAIN_SECONDS = 60


class RecentSignOuts:
    """Who signed out when, as of two seconds ago: user id → (second, id of the login that stays good)."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, str | None]] = {}
        feed = keys.sign_outs_feed("-", "-", "-").pk
        self._follower = ChangeFeedFollower("sign-outs", feed, self.apply, model=SignedOut)
        self._followed = False

    def apply(self, rows: Sequence[SignedOut]) -> None:
        """Apply sign-outs from the feed; the index holds only their keys."""
        for row in rows:
            at, user_id, kept = str(row.gsi1sk).split(keys.SEPARATOR)
            self.learn(user_id, clock.epoch(clock.parse(at)), kept)

    def learn(self, user_id: str, at: int, kept: str | None) -> None:
        known = self._known.get(user_id)
        if known is None or known[0] <= at:
            self._known[user_id] = (at, kept)

    def find(self, user_id: str) -> tuple[int, str | None] | None:
        self._follow()
        return self._known.get(user_id)

    def _follow(self) -> None:
        """Start following the feed. If it cannot be read, no token is refused; writes are still checked by key."""
        if self._followed:
            return
        try:
            self._follower.catch_up()
        except (PynamoDBException, BotoCoreError, ClientError) as error:
            log.warning("sign_outs_not_read", error=type(error).__name__)
            return
        self._followed = True
        self._follower.start()


@cache
def recent() -> RecentSignOuts:
    return RecentSignOuts()


def end_sessions(user_id: str, *, keep: Actor | None = None) -> None:
    """Invalidate all tokens that a person has so far, except those of the login of `keep`.

    Cognito can revoke all refresh tokens, but not all but one: `accounts.refresh` refuses those that were ended.
    """
    at, kept = clock.now(), keep.login_id if keep else None
    stored_accounts.save_sign_out(user_id, at, kept)
    recent().learn(user_id, clock.epoch(at), kept)


def last_event(user_id: str) -> str | None:
    """Return the id of somebody's last sign-out, for `admit_login`: 1 read unit."""
    row = stored_accounts.find_sign_out(user_id)
    return str(row.event_id) if row else None


@retry_conflicts
def admit_login(actor: Actor, before: str | None) -> None:
    """Let the tokens of a login pass that began after the sessions were ended, whatever second they tell.

    `before` is what `last_event` said before the password was checked: who proved it since then is not who was signed
    out. 1 write unit where the login took place in the very second of it, none otherwise; `NotAuthenticated`
    where sessions were ended once more meanwhile.
    """
    row = stored_accounts.find_sign_out(actor.id)
    if row is not None and must_be_named(actor, before, row):
        stored_accounts.keep_login(row, actor.login_id)


def must_be_named(actor: Actor, before: str | None, row: SignedOut | None) -> bool:
    """Say whether the sign-out that was read has to name a login that began after it (`admit_login`)."""
    if row is None:
        return False
    if before != row.event_id:
        raise NotAuthenticated
    return actor.authenticated_at <= int(row.at) and actor.login_id not in (row.logins or ())


def require_signed_in(actor: Actor) -> None:
    """Let pass tokens of logins since the last sign-out; `NotAuthenticated` for others.

    From memory, for 0 read units; for a minute's tokens before a sign-out the row says which of them stay good: 1.
    """
    known = recent().find(actor.id)
    if known is None or actor.authenticated_at > known[0]:
        return
    if actor.authenticated_at > known[0] - _UNCERTAIN_SECONDS:
        require_signed_in_by(actor, stored_accounts.find_sign_out(actor.id))
    elif actor.login_id != (known[1] or None):
        raise NotAuthenticated


def require_signed_in_by(actor: Actor, row: SignedOut | None) -> None:
    """Let pass tokens of logins since the sign-out that was read, and those that it names.

    Tokens tell whole seconds: one of the very second of the sign-out may come from before it or after.
    """
    if row is None or actor.authenticated_at > int(row.at):
        return
    if actor.login_id != (row.kept or None) and actor.login_id not in (row.logins or ()):
        raise NotAuthenticated
