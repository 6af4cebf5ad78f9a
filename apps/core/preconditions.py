"""Preconditions: services call a check with the current version before they change or delete anything."""

from collections.abc import Callable
from typing import Any

# An entity tag of anybody's, and lists of them (RFC 9110 §8.8.3, §5.6.1). The service's own are numbers.
TAG = r'(W/)?"[!#-~\x80-\xff]*"'
TAG_LIST = rf"({TAG})?([ \t]*,([ \t]*{TAG})?)*"

# Raises `PreconditionFailed` if the caller has read another version (`core/http.py`, `version_check`).
# A version is a number, or the tag of a recipe.
Check = Callable[[Any], None]


def any_version(version: int | str) -> None:
    """Accept any version: the check for callers who don't send `If-Match`."""
