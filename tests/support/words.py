"""Meaningless words that no other test uses."""

import secrets

# No vowels, digits or keys of Vietnamese input methods, so that no word resembles a food, amount or unit.
_LETTERS = "bcghklmnpqtv"


def fresh_word(length: int = 11) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
