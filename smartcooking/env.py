"""Environment variables, each declared once in `settings` with type, default and meaning.

A variable that is missing or malformed stops the process with a message that names it. `python -m
smartcooking.configuration` writes `.env.example` and `docs/configuration.md` from these declarations.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Variable:
    """A declaration. `default` is the value if unset, as text; None if required."""

    name: str
    expected: str
    default: str | None
    meaning: str
    example: str
    section: str


# Every variable that was read, in the order of the settings.
VARIABLES: dict[str, Variable] = {}
_section = ""
# Set while docs are generated: required variables take their examples.
use_examples = False


def section(title: str) -> None:
    """Begin a section: the variables that follow are documented under this title."""
    global _section  # noqa: PLW0603  declarations are read from top to bottom, like the settings
    _section = title


def string(
    name: str, default: str | None = None, meaning: str = "", *, example: str = "", default_text: str | None = None
) -> str:
    """Read a text. `default_text` documents a default that depends on another variable."""
    return _read(name, default, str, "text", meaning, example, default_text)


def secret(name: str, *, at_least: int, meaning: str, example: str) -> str:
    """Read a secret of at least `at_least` bytes; no error message repeats it."""
    value = _read(name, None, str, "text", meaning, example)
    if len(value.encode()) < at_least:
        message = f"The environment variable {name} must have at least {at_least} bytes, not {len(value.encode())}."
        raise ImproperlyConfigured(message)
    return value


def choice(name: str, allowed: tuple[str, ...], default: str | None = None, meaning: str = "") -> str:
    def known(raw: str) -> str:
        if raw not in allowed:
            raise ValueError(raw)
        return raw

    return _read(name, default, known, f"one of {', '.join(map(repr, allowed))}", meaning)


def integer(name: str, default: int | None = None, meaning: str = "") -> int:
    return _read(name, default, int, "a whole number", meaning)


def number(name: str, default: float | None = None, meaning: str = "") -> float:
    return _read(name, default, float, "a number", meaning)


def strings(name: str, default: str | None = None, meaning: str = "") -> list[str]:
    """Read a comma-separated list."""
    raw = _read(name, default, str, "a comma-separated list", meaning)
    return [part.strip() for part in raw.split(",") if part.strip()]


def _read(
    name: str,
    default: T | None,
    convert: Callable[[str], T],
    expected: str,
    meaning: str,
    example: str = "",
    default_text: str | None = None,
) -> T:
    shown = default_text if default_text is not None else None if default is None else str(default)
    VARIABLES[name] = Variable(name, expected, shown, meaning, example, _section)
    raw = os.environ.get(name)
    if raw is None and use_examples:
        return convert(example) if default is None else default
    if raw is None:
        if default is None:
            message = f"Set the environment variable {name} ({expected}); `make run` writes those of the local stack."
            raise ImproperlyConfigured(message)
        return default
    try:
        return convert(raw)
    except ValueError as error:
        message = f"The environment variable {name} must be {expected}, not {raw!r}."
        raise ImproperlyConfigured(message) from error
