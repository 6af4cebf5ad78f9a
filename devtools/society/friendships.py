"""Friendships of the synthetic society: communities, and a few people whom nearly everybody knows."""

import random
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate

from django.conf import settings

# One newcomer in so many founds a community; the others join one, larger ones more often.
_FOUNDING_SHARE = 1 / 25
# Friends that are found within one's own community; the others are known everywhere.
_NEAR_SHARE = 0.6
# How many friends a newcomer makes: three, rarely many more (a power law of this exponent).
_FEWEST = 3
_MOST = 40
_EXPONENT = 1.3


@dataclass(frozen=True, slots=True)
class Society:
    """Everybody's friends and community, by the numbers of the people."""

    friends: tuple[frozenset[int], ...]
    communities: tuple[int, ...]

    def pairs(self, number: int) -> list[int]:
        """Return those friends of somebody that came before them: so every pair comes once."""
        return sorted(friend for friend in self.friends[number] if friend < number)


def build(seed: int, size: int) -> Society:
    """Let people join one after the other and befriend those who are there, the n-th about 1/n as often as the first.

    That makes the numbers of friends a power law, as those of real societies are. A larger society holds the smaller
    one of its seed: newcomers add friendships and take none away.
    """
    sums = list(accumulate(1 / rank for rank in range(1, size + 1)))
    friends: list[set[int]] = []
    communities: list[int] = []
    members: list[list[int]] = []
    for number in range(size):
        chance = random.Random(f"{seed}:friends:{number}")  # noqa: S311  synthetic, not secret
        community = _join(chance, communities, members)
        friends.append(set())
        for _ in range(min(number, _wanted(chance))):
            near = members[community] if chance.random() < _NEAR_SHARE else None
            known = len(near) if near is not None else number
            if known == 0:
                continue
            drawn = bisect(sums, chance.random() * sums[known - 1], 0, known - 1)
            _befriend(friends, number, near[drawn] if near is not None else drawn)
        communities.append(community)
        members[community].append(number)
    return Society(tuple(map(frozenset, friends)), tuple(communities))


def _join(chance: random.Random, communities: list[int], members: list[list[int]]) -> int:
    if not communities or chance.random() < _FOUNDING_SHARE:
        members.append([])
        return len(members) - 1
    return chance.choice(communities)


def _wanted(chance: random.Random) -> int:
    return min(_MOST, int(_FEWEST * chance.paretovariate(_EXPONENT)))


def _befriend(friends: list[set[int]], one: int, other: int) -> None:
    if max(len(friends[one]), len(friends[other])) < settings.MAX_FRIENDS:
        friends[one].add(other)
        friends[other].add(one)
