"""Ask a service whether it would carry out an act: all that it checks is checked, and nothing is written.

A dry run ends at the first write to the table; an act whose first effect is elsewhere (a queue, the user pool) must
not be tried. It does not know what only the condition of a write tells, such as that somebody else was faster.
"""

from collections.abc import Callable
from contextvars import ContextVar

from apps.core.errors import DomainError

_is_on: ContextVar[bool] = ContextVar("dry_run", default=False)


class _WouldWrite(BaseException):
    """Ends a dry run. Not an `Exception`: nothing that handles failures on the way may take it for one."""


def would_succeed(act: Callable[[], object]) -> bool:
    """Say whether `act` would get as far as its first write, or end without one; False where it is refused."""
    token = _is_on.set(True)
    try:
        act()
    except _WouldWrite:
        return True
    except DomainError:
        return False
    finally:
        _is_on.reset(token)
    return True


def is_on() -> bool:
    return _is_on.get()


def end_before_write() -> None:
    """Called before each write: end the dry run, if this is one."""
    if _is_on.get():
        raise _WouldWrite
