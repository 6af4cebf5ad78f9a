"""Preconditions: services call a check with the current version before they change or delete anything."""

from collections.abc import Callable
from typing import Any

# Raises `PreconditionFailed` if the caller has read another version (`core/http.py`, `require_current_version`).
# A version is a number, or the tag of a recipe.
Check = Callable[[Any], None]


def any_version(version: int | str) -> None:
    """Accept any version: the check for callers who don't send `If-Match`."""
