"""Expressions are read once: the emulator reads a condition again for each row that a query looks at."""

# ruff: noqa: SLF001 (the emulator has no public way to do this, hence its pinned version)

from functools import lru_cache

from ministack.services import dynamodb

# Clients name their placeholders by position, so that there are some hundred different ones.
_MOST = 4096


def apply() -> None:
    """Keep what depends on the text alone; whoever is given tokens walks over them and leaves them as they are."""
    dynamodb._tokenize = lru_cache(_MOST)(dynamodb._tokenize)
    dynamodb._condition_syntax_error = lru_cache(_MOST)(dynamodb._condition_syntax_error)
