"""A moderator's current groups, read from Cognito: the groups in a token can be an hour old."""

import time
from dataclasses import replace

from apps.core.authentication import Actor
from apps.users import cognito_accounts

# Seconds for which groups are cached. Actions on other people's rights always read them.
BELIEVED_SECONDS = 5 * 60

# When somebody's groups were read, and what they were. They are read only for people whose token names a group.
_known: dict[str, tuple[float, frozenset[str]]] = {}


def read_current(actor: Actor, *, at_once: bool = False) -> Actor:
    """Return the actor with their groups in Cognito, at most five minutes old. Costs no read units.

    This can only remove groups: a group that the token doesn't name takes effect with the next token.
    """
    if not actor.groups:
        return actor
    known = _known.get(actor.id)
    if at_once or known is None or time.monotonic() - known[0] > BELIEVED_SECONDS:
        known = _known[actor.id] = (time.monotonic(), cognito_accounts.groups_of(actor.account))
    return replace(actor, groups=actor.groups & known[1])
