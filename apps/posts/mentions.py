"""Who is named in a text: `@username`."""

import re

from apps.core import outbox
from apps.users.models import USERNAME
from smartcooking import queues

TELL_POST = outbox.Task("posts.mention_in_post", queues.NOTIFICATIONS)
TELL_COMMENT = outbox.Task("posts.mention_in_comment", queues.NOTIFICATIONS)

# Whoever names more people than this in one text is not talking to them.
MOST = 20
# Not inside a word, so that an e-mail address names nobody.
_MENTION = re.compile(rf"(?<![\w@.])@({USERNAME.pattern})(?![a-z0-9_])", re.IGNORECASE)


def named(text: str) -> list[str]:
    """Return the usernames in a text, each once, in order; a dot behind a name may be the end of a sentence."""
    found: dict[str, None] = {}
    for match in _MENTION.finditer(text):
        found.setdefault(match[1].lower())
    return list(found)[:MOST]


def spellings(name: str) -> list[str]:
    """Return the names that somebody may have meant: as it is written, and without dots at its end."""
    bare = name.rstrip(".")
    return [name] if bare == name or not USERNAME.fullmatch(bare) else [name, bare]


def added(*, before: str, after: str) -> bool:
    """Say whether a text names somebody whom it did not name before."""
    return not set(named(after)) <= set(named(before))
