"""Limits on attempts with passwords and codes, per person and per address, in fixed windows."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple

from django.conf import settings

from apps.core import context, keys
from apps.core.errors import DomainError
from apps.users.errors import TooManyAttempts
from apps.users.mailboxes import mailbox_of
from apps.users.repositories import stored_accounts

LOGIN = "login"
CONFIRMATION = "confirmation"
RESET = "reset"
CODE = "code"
PASSWORD = "password"  # noqa: S105  the name of a counter
# Codes sent to a mailbox, and requested changes of the e-mail address.
MAIL = "mail"
EMAIL_CHANGE = "email-change"
EMAIL_CODE = "email-code"
ENROLMENT = "enrolment"
# For signed-in people: what others do at their address is no reason to refuse them.
_SIGNED_IN = frozenset({PASSWORD, EMAIL_CODE, ENROLMENT})
CAUSED_MAIL = "caused-mail"
# Names in the audit log of refused sign-ins.
REFUSED_NAMES = "refused-names"
_HOUR = 3600
_DAY = 24 * _HOUR


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an attempt comes from: an address, and whether this person signed in from there before."""

    address: str
    is_known: bool = False


def find_origin(user_id: str | None, address: str) -> Origin:
    """Return whether this person registered or signed in from the address before, with the address: 1 read unit."""
    is_known = user_id is not None and stored_accounts.is_known_address(user_id, hash_address(address))
    return Origin(address, is_known)


def remember_origin(user_id: str | None, origin: Origin) -> None:
    """Record that somebody registered or signed in from an address: 2 write units, the first time only."""
    if user_id is not None and not origin.is_known:
        stored_accounts.save_known_address(user_id, hash_address(origin.address))


class Window(NamedTuple):
    """The current window: its number since 1970, when it ends, and in how many seconds."""

    number: int
    ends_at: int
    seconds_left: int


def current_window(seconds: int) -> Window:
    """Return the current window of `seconds`. Windows start at multiples of their length."""
    now = _now()
    number = now // seconds
    ends_at = (number + 1) * seconds
    return Window(number, ends_at, ends_at - now)


def _now() -> int:
    """Return whole seconds since 1970. Tests of limits hold this still: a window can end between any two attempts."""
    return int(time.time())


@dataclass(frozen=True, slots=True)
class _Limit:
    """How often `subject` may fail in a window of `seconds`."""

    subject: str
    most: int
    seconds: int


@contextmanager
def limit_logins(*, person: str, origin: Origin) -> Iterator[None]:
    """Allow the block to try a password; `TooManyAttempts` if this person failed too often from this address.

    Attempts are counted per person and address, so that an attacker elsewhere cannot lock the owner out. An address
    from which this person never signed in is also counted over all people, and all such addresses together are counted
    for this person: guessing from many addresses or at many accounts is limited too.
    """
    limits = [_in_window(settings.THROTTLE_PER_USER, person, origin.address)]
    if not origin.is_known:
        limits += [
            _in_window(settings.THROTTLE_PER_ADDRESS, "address", origin.address),
            _in_window(settings.THROTTLE_PER_ADDRESS, "strangers", person),
        ]
    with _limit(LOGIN, limits):
        yield


@contextmanager
def limit_attempts(scope: str, *, person: str, origin: Origin) -> Iterator[None]:
    """Allow the block to try a code, or the password once more; `TooManyAttempts` if there were too many failures.

    Each address from which this person signed in is counted separately, all others together: an attacker elsewhere
    cannot lock the owner out. Six digits are a million codes, so both are also limited per day.
    """
    subject = (person, origin.address) if origin.is_known else ("strangers", person)
    limits = [
        _in_window(settings.THROTTLE_PER_USER, *subject),
        _Limit(_digest("day", *subject), settings.THROTTLE_CODES_PER_DAY, _DAY),
    ]
    if not origin.is_known and scope not in _SIGNED_IN:
        limits.append(_in_window(settings.THROTTLE_PER_ADDRESS, "address", origin.address))
    with _limit(scope, limits):
        yield


def _in_window(most: int, *subject: str) -> _Limit:
    return _Limit(_digest(*subject), most, settings.THROTTLE_SECONDS)


@contextmanager
def _limit(scope: str, limits: list[_Limit]) -> Iterator[None]:
    """Count an attempt against each limit.

    The attempt is counted before it is made and refunded if it succeeds or could not be judged (an outage), so that
    concurrent guesses cannot exceed the limit. Accounts that do not exist are counted too. Up to twice the limit fits
    around the end of a window.
    """
    counted: list[keys.Key] = []
    try:
        for limit in limits:
            counted.append(_take(scope, limit))  # noqa: PERF401  what was taken is given back where the next is refused
    except TooManyAttempts:
        _give_back(counted)
        raise
    try:
        yield
    except Exception as error:
        if not _was_judged(error):
            _give_back(counted)
        raise
    _give_back(counted)


def _take(scope: str, limit: _Limit) -> keys.Key:
    """Count an attempt against one limit; return the counter's key."""
    window = current_window(limit.seconds)
    key = keys.throttle(scope, limit.subject, window.number)
    stored_accounts.take_attempt(key, most=limit.most, ends_at=window.ends_at, retry_after=window.seconds_left)
    return key


def _was_judged(error: Exception) -> bool:
    """Return whether the attempt was refused, as opposed to failing in an outage."""
    return isinstance(error, DomainError) and error.status < HTTPStatus.INTERNAL_SERVER_ERROR


def count_code_mail(email: str) -> None:
    """Count a code that is to be mailed; `TooManyAttempts` if the mailbox got too many, for whatever purpose.

    Names that match no account are counted too.
    """
    count_attempt(MAIL, person=mailbox_of(email))


def count_attempt(scope: str, *, person: str, most: int | None = None) -> None:
    """Count an action that is limited whether it succeeds or not; `TooManyAttempts` if the limit is reached."""
    _count(scope, person=person, most=most or settings.THROTTLE_PER_USER, seconds=settings.THROTTLE_SECONDS)


def may_cause_mail(user_id: str) -> bool:
    """Count a mail that a person causes to somebody else, and return whether to send it. 1 write unit."""
    try:
        _count(CAUSED_MAIL, person=user_id, most=settings.MAILS_CAUSED_PER_HOUR, seconds=_HOUR)
    except TooManyAttempts:
        return False
    return True


def _count(scope: str, *, person: str, most: int, seconds: int) -> None:
    _take(scope, _Limit(_digest(person), most, seconds))


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
        stored_accounts.give_attempt_back(key)


def hash_address(address: str) -> str:
    """Return a digest of a network address or mailbox, so that it is not stored."""
    return _digest("address", address)


def _digest(*parts: str) -> str:
    """Return a digest of a person or address, so that it is not stored: e-mail addresses are personal data."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
