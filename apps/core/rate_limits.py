"""What one person or address may ask of a process: a token bucket for each kind of request, and requests at once.

Buckets lie in the memory of the process: a service of n processes allows up to n times as much to whoever is spread
over them all (docs/decisions/0088).
"""

import math
import threading
import time
from collections import Counter
from dataclasses import dataclass

from django.conf import settings

from apps.core.errors import TooManyRequests
from apps.core.language import Text

WINDOW_SECONDS = 60
# Subjects that are remembered; whoever was heard of longest ago gives way, and has a full bucket again.
_MAX_BUCKETS = 20_000
_AT_ONCE = Text("Quá nhiều yêu cầu cùng lúc", "Too many requests at once")


class RateLimited(TooManyRequests):
    code = "rate_limited"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a bucket holds after a request; `reset` is in seconds, until it holds the next token."""

    budget: str
    quota: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """Spell it as draft-ietf-httpapi-ratelimit-headers-10 does."""
        return {
            "RateLimit-Policy": f'"{self.budget}";q={self.quota};w={WINDOW_SECONDS}',
            "RateLimit": f'"{self.budget}";r={self.remaining};t={self.reset}',
        }


class Buckets:
    """Token buckets by budget and subject: each holds a minute's quota and fills at its rate. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Tokens, and the `time.monotonic()` of that number; in the order of the last use.
        self._levels: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, budget: str, subject: str) -> Standing | None:
        """Take one token. `RateLimited` where there is none; None where the budget has no limit."""
        quota = int(settings.RATE_LIMITS[budget] * settings.RATE_LIMIT_SCALE)
        if quota <= 0:
            return None
        per_second, now = quota / WINDOW_SECONDS, time.monotonic()
        with self._lock:
            tokens, since = self._levels.pop((budget, subject), (float(quota), now))
            tokens = min(float(quota), tokens + (now - since) * per_second)
            allowed = tokens >= 1
            tokens -= allowed
            self._levels[(budget, subject)] = (tokens, now)
            if len(self._levels) > _MAX_BUCKETS:
                del self._levels[next(iter(self._levels))]
        standing = Standing(budget, quota, int(tokens), max(0, math.ceil((1 - tokens % 1) / per_second)))
        if not allowed:
            refusal = RateLimited(retry_after=max(1, standing.reset))
            refusal.headers = standing.headers()
            raise refusal
        return standing


class InFlight:
    """How many requests of each subject are being answered right now. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()

    def enter(self, subject: str) -> None:
        """Count one more; `RateLimited` where that is more than `IN_FLIGHT_PER_PERSON`."""
        with self._lock:
            if self._running[subject] >= settings.IN_FLIGHT_PER_PERSON:
                raise RateLimited(_AT_ONCE, retry_after=1)
            self._running[subject] += 1

    def leave(self, subject: str) -> None:
        with self._lock:
            self._running[subject] -= 1
            if not self._running[subject]:
                del self._running[subject]


buckets = Buckets()
in_flight = InFlight()
