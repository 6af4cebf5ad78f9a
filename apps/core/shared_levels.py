"""Token buckets in Valkey, shared by all processes. Without Valkey each process counts on its own."""

import threading
import time
from typing import Any

import structlog
from django.utils.crypto import salted_hmac
from valkey import Valkey
from valkey.backoff import NoBackoff
from valkey.exceptions import ConnectionError, NoScriptError, ValkeyError  # noqa: A004  as the library calls it
from valkey.retry import Retry

from apps.core.rate_limits import WINDOW_SECONDS, Draw, Level

log = structlog.get_logger()

# The longest wait for Valkey, which usually answers in less than a millisecond.
TIMEOUT_SECONDS = 0.1
# Seconds without calls to Valkey after a failure, so that not every request waits for the timeout.
PAUSE_SECONDS = 5.0

# Atomic: Valkey runs one script at a time. The clock is Valkey's, since those of the processes differ. A bucket that
# has not been used for a window is full, which is what no bucket means.
_DRAW = """
local quota, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local found = redis.call('HMGET', KEYS[1], 'tokens', 'since')
local tokens, since = tonumber(found[1]) or quota, tonumber(found[2]) or now
tokens = math.min(quota, tokens + math.max(0, now - since) * quota / window)
local allowed = tokens >= 1
if allowed then tokens = tokens - 1 end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'since', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], window * 1000)
return {allowed and 1 or 0, string.format('%.6f', tokens)}
"""


class SharedLevels:
    """The levels of the buckets that all processes share. Safe for threads.

    Where Valkey does not answer, `fallback` decides for `PAUSE_SECONDS`, and Valkey is asked again: no request fails
    for it. That it went away, and that it came back, is logged once by each process.
    """

    def __init__(self, url: str, *, fallback: Draw) -> None:
        self._valkey = Valkey.from_url(
            url,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            # At once: the server may have closed a connection that was idle.
            retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
        )
        self._fallback = fallback
        self._sha = self._valkey.register_script(_DRAW).sha
        self._lock = threading.Lock()
        self._away_until: float | None = None

    def draw(self, budget: str, subject: str, quota: int) -> Level:
        away_until = self._away_until
        if away_until is not None and time.monotonic() < away_until:
            return self._fallback(budget, subject, quota)
        try:
            allowed, tokens = self._run(_key(budget, subject), quota)
        except (ValkeyError, OSError) as error:
            self._went_away(error)
            return self._fallback(budget, subject, quota)
        if away_until is not None:
            self._came_back()
        return Level(bool(allowed), float(tokens))

    def _run(self, key: str, quota: int) -> tuple[int, bytes]:
        arguments = (1, key, str(quota), str(WINDOW_SECONDS))
        try:
            answer: Any = self._valkey.evalsha(self._sha, *arguments)
        except NoScriptError:
            # Valkey has restarted, or another of its nodes holds this key. EVAL remembers the script where it runs.
            answer = self._valkey.eval(_DRAW, *arguments)
        allowed, tokens = answer
        return allowed, tokens

    def _went_away(self, error: Exception) -> None:
        with self._lock:
            known, self._away_until = self._away_until, time.monotonic() + PAUSE_SECONDS
        if known is None:
            log.warning("valkey_away", error=type(error).__name__)

    def _came_back(self) -> None:
        with self._lock:
            known, self._away_until = self._away_until, None
        if known is not None:
            log.warning("valkey_back")


def _key(budget: str, subject: str) -> str:
    """Return a bucket's key, in which the subject is hashed."""
    return f"rate-limit:{budget}:{salted_hmac('rate-limit', subject, algorithm='sha256').hexdigest()[:32]}"
