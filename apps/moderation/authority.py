"""Who may moderate: the groups of the Cognito pool and their rights."""

from apps.core.audit import Who
from apps.core.authentication import Actor
from apps.moderation.errors import NotAdmin, NotModerator

MODERATORS = "moderators"
ADMINS = "admins"
# The actor of `manage.py moderate` in the audit log: anybody with a shell of the service.
OPERATOR = Actor("operator", "manage.py", frozenset({ADMINS}))


def is_moderator(actor: Actor) -> bool:
    return not actor.groups.isdisjoint({MODERATORS, ADMINS})


def require_moderator(actor: Actor) -> Who:
    """Return the actor's name for the audit log; `NotModerator` unless they are a moderator or an admin."""
    if not is_moderator(actor):
        raise NotModerator
    return Who(actor.id, actor.username)


def require_admin(actor: Actor) -> Who:
    if ADMINS not in actor.groups:
        raise NotAdmin
    return Who(actor.id, actor.username)
