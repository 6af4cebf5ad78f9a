"""Who is whose friend and who must not meet whom: one small row per person, read by every decision on visibility."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from apps.users import repositories


@dataclass(frozen=True, slots=True)
class Circle:
    """The people around one person, as packed ids."""

    friends: frozenset[bytes] = frozenset()
    blocked: frozenset[bytes] = frozenset()

    def is_friend(self, user_id: str) -> bool:
        return pack(user_id) in self.friends

    def is_blocked(self, user_id: str) -> bool:
        """Say whether either of the two has blocked the other."""
        return pack(user_id) in self.blocked


def pack(user_id: str) -> bytes:
    """Return the 16 bytes of a user id; ValueError where it is none."""
    return UUID(user_id).bytes


def unpack(packed: bytes) -> str:
    return str(UUID(bytes=packed))


def of(user_id: str, *, consistent: bool = True) -> Circle:
    """Read somebody's circle: 1 read unit, 5 with 1,000 friends; half of it where it may be a second old."""
    row = repositories.circle(user_id, consistent=consistent)
    return Circle(_frozen(row.friends), _frozen(row.blocked)) if row else Circle()


def _frozen(packed: Iterable[bytes] | None) -> frozenset[bytes]:
    return frozenset(packed or ())
