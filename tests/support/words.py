"""Words that mean nothing and that no other test uses."""

import secrets

# Without vowels, digits and the keys of Vietnamese input methods: no food, no amount, no unit, no typo of one.
_LETTERS = "bcghklmnpqtv"


def fresh_word(length: int = 11) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
