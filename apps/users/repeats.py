"""Recent acts with codes and passwords, so that a repeated request gets the response of the first.

A code works once, and the old password is wrong after a change: a client that repeats a request because the response
got lost would be refused because the request succeeded. So a digest of everything that an act was given is kept
(docs/decisions/0163).
"""

from apps.core import processed_events
from apps.users.verifiers import verifier

_SCOPE = "repeat"
# As long as an Idempotency-Key.
_KEPT_SECONDS = 24 * 3600
CONFIRMATION = "confirmation"
RESET = "reset"
PASSWORD_CHANGE = "password-change"  # noqa: S105  the name of an act
ENROLMENT = "enrolment"


def record(act: str, account: str, *given: str | None) -> None:
    """Record that an act succeeded: 1 write unit.

    `given` holds the codes and passwords, and the id of the sign-out that followed, if any: once something else ends
    the person's sessions, the act no longer counts as repeated.
    """
    processed_events.lease(_SCOPE, _event(act, account, given), seconds=_KEPT_SECONDS)


def was_done(act: str, account: str, *given: str | None) -> bool:
    """Return whether an account did exactly this within a day: 1 read unit. Call it only where attempts are limited."""
    return processed_events.was_processed(scope=_SCOPE, event=_event(act, account, given))


def _event(act: str, account: str, given: tuple[str | None, ...]) -> str:
    return verifier("\n".join(one or "" for one in given), salt=f"{act}\n{account}")
