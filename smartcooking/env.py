"""Typed readers of environment variables that fail loudly and name the variable."""

import os
from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

# Every variable that was read, for the test that compares them with `.env.example` and `deploy/`.
READ: set[str] = set()


def _read(name: str, default: T | None, convert: Callable[[str], T], wanted: str) -> T:
    READ.add(name)
    raw = os.environ.get(name)
    if raw is None:
        if default is None:
            message = f"Set the environment variable {name} ({wanted}); `make run` writes those of the local stack."
            raise ImproperlyConfigured(message)
        return default
    try:
        return convert(raw)
    except ValueError as error:
        message = f"The environment variable {name} must be {wanted}, not {raw!r}."
        raise ImproperlyConfigured(message) from error


def string(name: str, default: str | None = None) -> str:
    return _read(name, default, str, "text")


def choice(name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
    def known(raw: str) -> str:
        if raw not in allowed:
            raise ValueError(raw)
        return raw

    return _read(name, default, known, f"one of {', '.join(map(repr, allowed))}")


def integer(name: str, default: int | None = None) -> int:
    return _read(name, default, int, "a whole number")


def number(name: str, default: float | None = None) -> float:
    return _read(name, default, float, "a number")


def strings(name: str, default: str | None = None) -> list[str]:
    """Read a comma-separated list."""
    raw = string(name, default)
    return [part.strip() for part in raw.split(",") if part.strip()]
