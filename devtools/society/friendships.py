"""Friendships of the synthetic society: communities, and a few people with very many friends."""

import random
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate

from django.conf import settings

# One newcomer in so many starts a community; the others join one, with a preference for large ones.
_FOUNDING_SHARE = 1 / 25
# The share of friends within one's own community.
_NEAR_SHARE = 0.6
# The number of friends that a newcomer makes: three, rarely many more (a power law with this exponent).
_FEWEST = 3
_MOST = 40
_EXPONENT = 1.3


@dataclass(frozen=True, slots=True)
class Society:
    """Everybody's friends and community, by the numbers of the people."""

    friends: tuple[frozenset[int], ...]
    communities: tuple[int, ...]

    def pairs(self, number: int) -> list[int]:
        """Return the friends of somebody who joined before them, so that every pair occurs once."""
        return sorted(friend for friend in self.friends[number] if friend < number)


def build(seed: int, size: int) -> Society:
    """Let people join one after another and befriend earlier ones, the n-th about 1/n as often as the first.

    So the numbers of friends follow a power law, as in real societies. A larger society contains the smaller one of
    the same seed, since newcomers only add friendships.
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
