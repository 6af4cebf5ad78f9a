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
from apps.users.mailboxes import mailbox_of

LOGIN = "login"
CONFIRMATION = "confirmation"
RESET = "reset"
CODE = "code"
PASSWORD = "password"  # noqa: S105  the name of a counter
# Of codes, to a mailbox; and changes of the e-mail address that somebody asks for.
MAIL = "mail"
EMAIL_CHANGE = "email-change"
EMAIL_CODE = "email-code"
CAUSED_MAIL = "caused-mail"
# Of names, in the audit log of refused sign-ins.
REFUSED_NAMES = "refused-names"
_HOUR = 3600


@contextmanager
def limit_logins(*, person: str, address: str, is_known: bool) -> Iterator[None]:
    """Allow the block to try a password; `TooManyAttempts` if this person failed too often from this address.

    Attempts are counted per person and address, so that an attacker elsewhere cannot lock the owner out. An address
    from which this person never signed in (`is_known`) is also counted over all people, and all such addresses together
    are counted for this person: guessing from many addresses or at many accounts is limited too.
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
    """Allow the block to try a code; `TooManyAttempts` if this person or address failed too often."""
    limits = [(_digest(person), settings.THROTTLE_PER_USER)]
    if address:
        limits.append((_digest("address", address), settings.THROTTLE_PER_ADDRESS))
    with _limit(scope, limits):
        yield


@contextmanager
def _limit(scope: str, limits: list[tuple[str, int]]) -> Iterator[None]:
    """Count an attempt against each limit: a subject, and how often it may fail.

    The attempt is counted before it is made and refunded if it succeeds or could not be judged (an outage), so that
    concurrent guesses cannot exceed the limit. Accounts that do not exist are counted too. Windows start at multiples
    of their length, so up to twice the limit fits around a boundary.
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
    """Say whether the attempt was refused, as opposed to failing in an outage."""
    return isinstance(error, DomainError) and error.status < HTTPStatus.INTERNAL_SERVER_ERROR


def count_code_mail(email: str) -> None:
    """Count a code that is to be mailed; `TooManyAttempts` where the mailbox got too many, for whatever purpose.

    Names of nobody are counted alike.
    """
    count_attempt(MAIL, person=mailbox_of(email))


def count_attempt(scope: str, *, person: str, most: int | None = None) -> None:
    """Count an action that is limited whether it succeeds or not; `TooManyAttempts` if the limit is reached."""
    _count(scope, person=person, most=most or settings.THROTTLE_PER_USER, seconds=settings.THROTTLE_SECONDS)


def may_cause_mail(user_id: str) -> bool:
    """Count a mail that a person causes to somebody else, and say whether to send it. 1 write unit."""
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
    """Delay the response of a failing block to a multiple of `LOGIN_SECONDS`; with `always`, every response.

    Prevents timing attacks: Cognito answers faster for an unknown name than for a wrong password. Every path that can
    fail must pass through here. The success of a login need not be hidden; that of sending a mail must be. No thread
    waits: the server sends the response when it is due.
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
    """Return a digest of a network address or mailbox, so that it is not stored."""
    return _digest("address", address)


def _digest(*parts: str) -> str:
    """Return a digest of a person or address, so that it is not stored: e-mail addresses are personal data."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
