"""Limits on attempts with passwords and codes, per person and per address, in fixed windows."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from django.conf import settings

from apps.core import context, keys
from apps.core.errors import DomainError
from apps.users import repositories
from apps.users.errors import TooManyAttempts

LOGIN = "login"
CONFIRMATION = "confirmation"
RESET = "reset"
CODE = "code"
PASSWORD = "password"  # noqa: S105  the name of a counter
MAIL = "mail"
EMAIL_CODE = "email-code"
CAUSED_MAIL = "caused-mail"
_HOUR = 3600


@contextmanager
def limit_logins(*, person: str, address: str, is_known: bool) -> Iterator[None]:
    """Let the block try a password, unless this person failed too often from this address; `TooManyAttempts` then.

    Person and address are counted together: what somebody does elsewhere does not lock the owner out. An address from
    which this person never signed in (`is_known`) is counted by itself as well, whomever it tries, and so are all such
    addresses that try this person: guessing from many addresses, or for many people, is no way around.
    """
    limits = [(_digest(person, address), settings.THROTTLE_PER_USER)]
    if not is_known:
        limits += [
            (_digest("address", address), settings.THROTTLE_PER_ADDRESS),
            (_digest("strangers", person), settings.THROTTLE_PER_ADDRESS),
        ]
    with _limit(LOGIN, limits):
        yield


@contextmanager
def limit_attempts(scope: str, *, person: str, address: str = "") -> Iterator[None]:
    """Let the block try a code, unless this person or address has failed too often; `TooManyAttempts` then."""
    limits = [(_digest(person), settings.THROTTLE_PER_USER)]
    if address:
        limits.append((_digest("address", address), settings.THROTTLE_PER_ADDRESS))
    with _limit(scope, limits):
        yield


@contextmanager
def _limit(scope: str, limits: list[tuple[str, int]]) -> Iterator[None]:
    """Count an attempt against each limit, which is a subject and how often it may fail.

    The attempt is counted before it is made and given back when it succeeds or nobody could judge it (an outage):
    a thousand guesses sent at once are no more guesses than ten sent one by one. People who do not exist are counted
    alike. Windows begin at multiples of their length, so two full ones may meet at their border.
    """
    now = int(time.time())
    window = now // settings.THROTTLE_SECONDS
    ends_at = (window + 1) * settings.THROTTLE_SECONDS
    counted: list[keys.Key] = []
    try:
        for subject, most in limits:
            key = keys.throttle(scope, subject, window)
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
    _count(scope, person=person, most=settings.THROTTLE_PER_USER, seconds=settings.THROTTLE_SECONDS)


def may_cause_mail(user_id: str) -> bool:
    """Count a mail to somebody else that a person causes, and say whether it is to be sent. 1 write unit."""
    try:
        _count(CAUSED_MAIL, person=user_id, most=settings.MAILS_CAUSED_PER_HOUR, seconds=_HOUR)
    except TooManyAttempts:
        return False
    return True


def _count(scope: str, *, person: str, most: int, seconds: int) -> None:
    window = int(time.time()) // seconds
    key = keys.throttle(scope, _digest(person), window)
    repositories.take_attempt(key, most=most, ends_at=(window + 1) * seconds)


@contextmanager
def equalize_duration(*, always: bool = False) -> Iterator[None]:
    """Make a failing block take `LOGIN_SECONDS`, or the next multiple of it; with `always` a succeeding one too.

    Cognito answers an unknown name sooner than a wrong password, and both sooner or later by chance. Who measures the
    time of our answer learns nothing as long as every way to fail passes through here. The success of a login needs
    no hiding; that of sending a mail does. No thread waits: the server sends the answer when it is due.
    """
    started = time.monotonic()
    try:
        yield
    except DomainError:
        _fill_up(started)
        raise
    if always:
        _fill_up(started)


def _fill_up(started: float) -> None:
    now = time.monotonic()
    context.answer_at.set(now + -(now - started) % settings.LOGIN_SECONDS)


def _give_back(counted: list[keys.Key]) -> None:
    for key in counted:
        repositories.give_attempt_back(key)


def hash_address(address: str) -> str:
    """Name an address of the network or a mailbox without writing it down."""
    return _digest("address", address)


def _digest(*parts: str) -> str:
    """Name a person or address without writing it down: e-mail addresses are personal data."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
