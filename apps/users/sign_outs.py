"""Ended sessions: access tokens of logins before a person's last sign-out are refused, on every server.

Cognito revokes refresh tokens; an access token, which nobody is asked about, would be good for another hour. A request
that writes reads the row with the suspension, which it reads anyway: it is refused at once. A request that reads asks
the memory of the process, which follows a feed: it is refused within two seconds, for no read unit.
"""

import time
from collections.abc import Sequence
from functools import cache

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from apps.core import clock, keys
from apps.core.authentication import Actor
from apps.core.change_feed import ChangeFeedFollower
from apps.core.errors import NotAuthenticated
from apps.users import repositories
from apps.users.models import SignedOut

log = structlog.get_logger()


class RecentSignOuts:
    """Who signed out when, as of two seconds ago: user id → (second, id of the token that stays good)."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, str | None]] = {}
        self._follower = ChangeFeedFollower("sign-outs", keys.sign_outs_feed("-", "-", "-").pk, self.apply)
        self._followed = False

    def apply(self, rows: Sequence[SignedOut]) -> None:
        """Take up sign-outs, of which the index holds the key alone."""
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
        """Begin to follow the feed. Where it cannot be read nobody is refused: writes are still checked by key."""
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
    """Refuse all access tokens that somebody has got until now; that of `keep` stays good until it expires.

    Returns in the next second, a second at most: whoever logs in after that has a token that says so.
    """
    at, kept = clock.now(), keep.token_id if keep else None
    repositories.save_sign_out(user_id, at, kept)
    recent().learn(user_id, clock.epoch(at), kept)
    time.sleep(1 - time.time() % 1)


def require_signed_in(actor: Actor) -> None:
    """Let pass tokens of logins since the last sign-out, from memory: 0 read units. `NotAuthenticated` for others."""
    _require(actor, recent().find(actor.id))


def require_signed_in_by(actor: Actor, row: SignedOut | None) -> None:
    """Let pass tokens of logins since the sign-out that was read."""
    _require(actor, (int(row.at), row.kept) if row else None)


def _require(actor: Actor, known: tuple[int, str | None] | None) -> None:
    """Compare whole seconds, which are all that tokens say: one of the very second of the sign-out is refused."""
    if known is None:
        return
    at, kept = known
    if actor.authenticated_at <= at and (not kept or actor.token_id != kept):
        raise NotAuthenticated
