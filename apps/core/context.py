"""Context variables of the current request or task."""

import re
from contextvars import ContextVar

from apps.core import ids

request_id: ContextVar[str] = ContextVar("request_id", default="-")
# The `time.monotonic()` after which this request retries nothing; None outside of requests.
retry_deadline: ContextVar[float | None] = ContextVar("retry_deadline", default=None)
# The `time.monotonic()` before which the response must not be sent; None: at once.
answer_at: ContextVar[float | None] = ContextVar("answer_at", default=None)
# Whether the server can delay the response without blocking a thread.
can_hold: ContextVar[bool] = ContextVar("can_hold", default=False)

_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")


def accept_request_id(offered: str | None) -> str:
    """Return the caller's request id if it is well-formed, else a new one: it goes to logs and headers."""
    if offered and _SANE.fullmatch(offered):
        return offered
    return ids.new_id()
