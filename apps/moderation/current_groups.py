"""A moderator's current groups, read from Cognito: the groups in a token can be an hour old."""

import time
from dataclasses import replace

from apps.core.authentication import Actor
from apps.users import cognito_accounts

# Groups are believed for so long; acts on the rights of others ask for them at once.
BELIEVED_SECONDS = 5 * 60

# When the groups of somebody were read, and what they were. Only those are asked for whose token names a group.
_known: dict[str, tuple[float, frozenset[str]]] = {}


def read_current(actor: Actor, *, at_once: bool = False) -> Actor:
    """Return the actor with the groups that Cognito has for them, at most five minutes old. Costs no read unit.

    Groups are only ever taken away here: one that the token does not name is not there before the next token.
    """
    if not actor.groups:
        return actor
    known = _known.get(actor.id)
    if at_once or known is None or time.monotonic() - known[0] > BELIEVED_SECONDS:
        known = _known[actor.id] = (time.monotonic(), cognito_accounts.groups_of(actor.account))
    return replace(actor, groups=actor.groups & known[1])
