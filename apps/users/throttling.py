"""How often a password or a code may be tried: by person and by address, in windows of fixed length."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from threading import BoundedSemaphore

from django.conf import settings

from apps.core import keys
from apps.core.errors import DomainError, Unavailable
from apps.users import repositories
from apps.users.errors import TooManyAttempts

LOGIN = "login"
CODE = "code"
_sleepers = BoundedSemaphore(settings.MAX_SIGN_INS)
PASSWORD = "password"  # noqa: S105  the name of a counter
MAIL = "mail"


@contextmanager
def limit_attempts(scope: str, *, person: str, address: str = "") -> Iterator[None]:
    """Let the block try something, unless this person or address has failed too often; `TooManyAttempts` then.

    The attempt is counted before it is made and given back when it succeeds or nobody could judge it (an outage):
    a thousand guesses sent at once are no more guesses than ten sent one by one. People who do not exist are counted
    alike. Windows begin at multiples of their length, so two full ones may meet at their border.
    """
    now = int(time.time())
    window = now // settings.THROTTLE_SECONDS
    ends_at = (window + 1) * settings.THROTTLE_SECONDS
    counted: list[keys.Key] = []
    try:
        for key, most in _counters(scope, person, address, window):
            repositories.take_attempt(key, most=most, ends_at=ends_at)
            counted.append(key)
    except TooManyAttempts as refusal:
        _give_back(counted)
        raise TooManyAttempts(retry_after=max(1, ends_at - now)) from refusal
    try:
        yield
    except Exception as error:
        if not _was_judged(error):
            _give_back(counted)
        raise
    _give_back(counted)


def _was_judged(error: Exception) -> bool:
    """Say whether the attempt was refused, as opposed to lost in an outage."""
    return isinstance(error, DomainError) and error.status < HTTPStatus.INTERNAL_SERVER_ERROR


def count_attempt(scope: str, *, person: str) -> None:
    """Count what is limited whether it succeeds or not; `TooManyAttempts` where it was done too often."""
    now = int(time.time())
    window = now // settings.THROTTLE_SECONDS
    ends_at = (window + 1) * settings.THROTTLE_SECONDS
    key = keys.throttle(scope, _digest(person), window)
    repositories.take_attempt(key, most=settings.THROTTLE_PER_USER, ends_at=ends_at)


@contextmanager
def equalize_duration(*, always: bool = False) -> Iterator[None]:
    """Make a failing block take `LOGIN_SECONDS`, or the next multiple of it; with `always` a succeeding one too.

    Cognito answers an unknown name sooner than a wrong password, and both sooner or later by chance. Who measures the
    time of our answer learns nothing as long as every way to fail passes through here. The success of a login needs
    no hiding; that of sending a mail does.
    """
    with _sleeper():
        started = time.monotonic()
        try:
            yield
        except DomainError:
            _fill_up(started)
            raise
        if always:
            _fill_up(started)


@contextmanager
def _sleeper() -> Iterator[None]:
    """Be one of the threads that may sleep; `Unavailable` where there are enough, whatever is asked."""
    if not _sleepers.acquire(blocking=False):
        raise Unavailable(retry_after=1)
    try:
        yield
    finally:
        _sleepers.release()


def _fill_up(started: float) -> None:
    time.sleep(-(time.monotonic() - started) % settings.LOGIN_SECONDS)


def _counters(scope: str, person: str, address: str, window: int) -> Iterator[tuple[keys.Key, int]]:
    yield keys.throttle(scope, _digest(person), window), settings.THROTTLE_PER_USER
    if address:
        yield keys.throttle(scope, _digest("address", address), window), settings.THROTTLE_PER_ADDRESS


def _give_back(counted: list[keys.Key]) -> None:
    for key in counted:
        repositories.give_attempt_back(key)


def _digest(*parts: str) -> str:
    """Name a person or address without writing it down: e-mail addresses are personal data."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
