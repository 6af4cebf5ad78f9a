"""Circuit breakers: all workers skip a provider for a while after it keeps failing."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

import structlog
from django.conf import settings

from apps.core import clock, problems
from apps.suggestions.models import BreakerRow
from apps.suggestions.providers.port import Failure
from apps.suggestions.repositories import breakers as repository

T = TypeVar("T")
log = structlog.get_logger()

# Failures that mean that the provider is down or overloaded; refusals and malformed answers don't.
_COUNTED = {Failure.TIMEOUT, Failure.UNAVAILABLE, Failure.THROTTLED, Failure.MODEL_UNAVAILABLE}


class Breakers:
    """The breakers as one task read them, updated by its own calls.

    Three failures in a row open one for a minute. What comes first after that minute decides: one more failure opens
    it again, an answer closes it. Each failure costs a write; looking costs half a read unit for each provider.
    """

    def __init__(self, providers: Sequence[str]) -> None:
        self._lock = threading.Lock()
        self._failures: dict[str, int] = {}
        self._open_until: dict[str, int] = {}
        nothing: dict[str, BreakerRow] = {}
        for name, row in _quietly(lambda: repository.read(providers), nothing).items():
            self._failures[name], self._open_until[name] = int(row.failures), int(row.open_until)

    def lets_through(self, provider: str) -> bool:
        return self._open_until.get(provider, 0) <= clock.epoch(clock.now())

    def failed(self, provider: str, failure: Failure) -> None:
        if failure not in _COUNTED:
            return
        most = settings.AI_BREAKER_FAILURES
        failures = _quietly(lambda: repository.count_failure(provider), 0)
        with self._lock:
            self._failures[provider] = failures
            if failures < most:
                return
            self._open_until[provider] = clock.epoch(clock.now()) + settings.AI_BREAKER_SECONDS
        opened = _quietly(
            lambda: repository.open_for(provider, seconds=settings.AI_BREAKER_SECONDS, failures=most - 1), False
        )
        if opened:
            log.error("breaker_opened", provider=provider, failure=failure.value, seconds=settings.AI_BREAKER_SECONDS)

    def succeeded(self, provider: str) -> None:
        with self._lock:
            had_failed = self._failures.pop(provider, 0)
        if had_failed:
            _quietly(lambda: repository.reset(provider), None)
            log.info("breaker_closed", provider=provider)


def _quietly(action: Callable[[], T], otherwise: T) -> T:
    """Treat a breaker that can't be read or written as closed: it must not block a working provider."""
    try:
        return action()
    except Exception as error:
        if not problems.is_outage(error):
            raise
        log.warning("breaker_not_reached", error=type(error).__name__)
        return otherwise
