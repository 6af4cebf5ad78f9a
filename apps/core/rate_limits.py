"""Rate limits per person or address: a token bucket for each kind of request, and a limit on concurrent requests.

Processes share the buckets in Valkey where `VALKEY_URL` names one. Else each has its own, and a service of n processes
allows up to n times as much to whoever is spread over them all (docs/decisions/0105).
"""

import math
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from apps.core import context
from apps.core.errors import TooManyRequests
from apps.core.language import Text

WINDOW_SECONDS = 60
REFUSED_AFTER_SECONDS = 1.0
# The most buckets in memory. The least recently used one is dropped, and is full when it is used again.
_MAX_BUCKETS = 20_000
AT_ONCE = Text("Quá nhiều yêu cầu cùng lúc", "Too many requests at once")


class RateLimited(TooManyRequests):
    code = "rate_limited"


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a bucket after a request; `reset` is the number of seconds until the next token."""

    budget: str
    quota: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """Render the headers of draft-ietf-httpapi-ratelimit-headers-10."""
        return {
            "RateLimit-Policy": f'"{self.budget}";q={self.quota};w={WINDOW_SECONDS}',
            "RateLimit": f'"{self.budget}";r={self.remaining};t={self.reset}',
        }


@dataclass(frozen=True, slots=True)
class Level:
    """Whether a bucket had a token, and how many it holds now that it was taken."""

    allowed: bool
    tokens: float


# Takes a token out of the bucket of a budget and a subject, which holds `quota` of them and fills in a minute.
Draw = Callable[[str, str, int], Level]


class LocalLevels:
    """The levels of the buckets that this process knows. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # Tokens, and the `time.monotonic()` of that number; in the order of the last use.
        self._levels: dict[tuple[str, str], tuple[float, float]] = {}

    def draw(self, budget: str, subject: str, quota: int) -> Level:
        now = time.monotonic()
        with self._lock:
            tokens, since = self._levels.pop((budget, subject), (float(quota), now))
            tokens = min(float(quota), tokens + (now - since) * quota / WINDOW_SECONDS)
            allowed = tokens >= 1
            tokens -= allowed
            self._levels[(budget, subject)] = (tokens, now)
            if len(self._levels) > _MAX_BUCKETS:
                del self._levels[next(iter(self._levels))]
        return Level(allowed, tokens)


class Buckets:
    """Token buckets by budget and subject: each holds a minute's quota and fills at its rate."""

    def __init__(self, draw: Draw | None = None) -> None:
        self._draw = draw or LocalLevels().draw

    def take(self, budget: str, subject: str) -> Standing | None:
        """Take one token; `RateLimited` if there is none. Returns None if the budget has no limit."""
        quota = int(settings.RATE_LIMITS[budget] * settings.RATE_LIMIT_SCALE)
        if quota <= 0:
            return None
        level = self._draw(budget, subject, quota)
        reset = max(0, math.ceil((1 - level.tokens % 1) * WINDOW_SECONDS / quota))
        standing = Standing(budget, quota, int(level.tokens), reset)
        if not level.allowed:
            refusal = RateLimited(retry_after=max(1, standing.reset))
            refusal.headers = standing.headers()
            _slow_down()
            raise refusal
        return standing


class InFlight:
    """How many requests of each subject are being answered right now. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()

    def enter(self, subject: str) -> None:
        """Count a request; `RateLimited` if there are more than `IN_FLIGHT_PER_PERSON`."""
        with self._lock:
            if self._running[subject] >= settings.IN_FLIGHT_PER_PERSON:
                _slow_down()
                raise RateLimited(AT_ONCE, retry_after=1)
            self._running[subject] += 1

    def leave(self, subject: str) -> None:
        with self._lock:
            self._running[subject] -= 1
            if not self._running[subject]:
                del self._running[subject]


def _slow_down() -> None:
    """Send the refusal a second later, where no thread has to wait for it: who asks on at once gets little refused.

    Refusing takes about as much processor time as a small answer, and a flood of refusals slowed everybody.
    """
    if context.can_hold.get():
        context.answer_at.set(time.monotonic() + REFUSED_AFTER_SECONDS)


def _shared() -> Draw | None:
    if not settings.VALKEY_URL:
        return None
    # Import the library only if it is used.
    from apps.core.shared_levels import SharedLevels  # noqa: PLC0415

    return SharedLevels(settings.VALKEY_URL, fallback=LocalLevels().draw).draw


buckets = Buckets(_shared())
in_flight = InFlight()
