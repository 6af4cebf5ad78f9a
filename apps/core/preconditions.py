"""Preconditions: services call a check with the current version before they change or delete anything."""

from collections.abc import Callable

# Raises `PreconditionFailed` if the caller has read another version (`core/http.py`, `require_current_version`).
Check = Callable[[int], None]


def any_version(version: int) -> None:
    """Accept any version: the check for callers who don't send `If-Match`."""
