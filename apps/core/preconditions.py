"""Preconditions: services call a check with the current version before they change or delete anything."""

from collections.abc import Callable
from typing import Any

# An ETag of the service: a number, of a recipe with an edition two (`apps/recipes/recipe.py`, `version_tag`).
TAG = r'"[0-9]{1,9}(\.[0-9]{1,9})?"'

# Raises `PreconditionFailed` if the caller has read another version (`core/http.py`, `version_check`).
# A version is a number, or the tag of a recipe.
Check = Callable[[Any], None]


def any_version(version: int | str) -> None:
    """Accept any version: the check for callers who don't send `If-Match`."""
