"""Synthetic people: a profile and a username, without an account to log in with."""

import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from devtools.society import words

# Their ids, like those of Cognito, are UUIDs.
_NAMESPACE = uuid.UUID("6f2a1c52-5f0b-4a51-9f57-0d3f4b0e9d11")
JOINED_AT = datetime(2024, 10, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    id: str
    username: str
    full_name: str


# Every post, comment and reaction names somebody; without the cache, that took 5 s for 5,000 posts.
@lru_cache(maxsize=20_000)
def person(seed: int, number: int) -> DemoPerson:
    chance = random.Random(f"{seed}:person:{number}")  # noqa: S311  synthetic, not secret
    given = chance.choice(words.GIVEN_NAMES)
    return DemoPerson(
        id=str(uuid.uuid5(_NAMESPACE, f"{seed}:{number}")),
        username=f"demo{seed}_{given}_{number}",
        full_name=f"{chance.choice(words.FAMILY_NAMES)} {given.capitalize()}",
    )
