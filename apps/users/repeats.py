"""Recent acts with codes and passwords, so that repeating one gets the response of the first.

A code works once, and a changed password is wrong afterwards: whoever sends the same request again because the response
got lost would be refused for having succeeded. What is kept of an act is a digest of all that was given
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

    `given` holds the codes and passwords, and the id of the sign-out that followed where one does: once sessions have
    been ended for another reason, the act is no longer the last word.
    """
    processed_events.lease(_SCOPE, _event(act, account, given), seconds=_KEPT_SECONDS)


def was_done(act: str, account: str, *given: str | None) -> bool:
    """Say whether an account did just this within a day: 1 read unit. Call it where attempts are limited."""
    return processed_events.was_processed(scope=_SCOPE, event=_event(act, account, given))


def _event(act: str, account: str, given: tuple[str | None, ...]) -> str:
    return verifier("\n".join(one or "" for one in given), salt=f"{act}\n{account}")
