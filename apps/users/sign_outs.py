"""Ended sessions: every server refuses tokens from logins before a person's last sign-out, except one named login.

An access token is verified without asking anybody, so it would stay valid for up to an hour. A write request reads the
row together with the suspension, which it reads anyway, and is refused at once. A read request asks the process's
memory, which follows a feed: it is refused within two seconds and costs no read unit. The row also makes refresh tokens
invalid.

Tokens don't tell whether a login in the same second as a sign-out came before or after it. So the row names the logins
that came after: they had read the sign-out before their password was checked (docs/decisions/0100).
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
    """Who signed out when, as of two seconds ago: user id → (second, id of the login that stays valid)."""

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

    Cognito can revoke all refresh tokens, but not all except one: `accounts.refresh` refuses the ended ones.
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
    """Admit the tokens of a login that began after the sessions were ended, even if they carry the same second.

    `before` is what `last_event` returned before the password was checked: a password proven after the sign-out is not
    what was signed out. 1 write unit if the login took place in the same second, none otherwise; `NotAuthenticated` if
    sessions were ended again meanwhile.
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
    """Raise `NotAuthenticated` for tokens of logins before the last sign-out.

    Decided from memory, for 0 read units; for tokens issued within a minute before a sign-out the row says which of
    them stay valid: 1.
    """
    known = recent().find(actor.id)
    if known is None or actor.authenticated_at > known[0]:
        return
    if actor.authenticated_at > known[0] - _UNCERTAIN_SECONDS:
        require_signed_in_by(actor, stored_accounts.find_sign_out(actor.id))
    elif actor.login_id != (known[1] or None):
        raise NotAuthenticated


def require_signed_in_by(actor: Actor, row: SignedOut | None) -> None:
    """Raise `NotAuthenticated` for tokens of logins before the sign-out in `row`, except those that it names.

    Tokens carry whole seconds: one from the same second as the sign-out may come from before it or after.
    """
    if row is None or actor.authenticated_at > int(row.at):
        return
    if actor.login_id != (row.kept or None) and actor.login_id not in (row.logins or ()):
        raise NotAuthenticated
