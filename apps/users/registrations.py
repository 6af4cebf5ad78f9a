"""Unconfirmed accounts: found by their e-mail address, and deleted within a day with all their data.

Cognito finds an account by a confirmed address only, and reports an unconfirmed one before it checks the password. So a
verifier of the password is kept until the account is confirmed (docs/decisions/0160).
"""

import hmac
from datetime import timedelta

from apps.core import clock
from apps.users import cognito_admin, erasures
from apps.users.errors import InvalidCode
from apps.users.repositories import stored_people, stored_registrations
from apps.users.throttling import hash_address
from apps.users.verifiers import verifier

# Leaves two hours for the hourly command, so that no account is older than a day.
_CONFIRMED_WITHIN = timedelta(hours=22)
# By then a confirmation that started in time has ended.
_MARGIN = timedelta(minutes=5)
# The verifier is deleted with the account, and within a day.
_VERIFIER_LIVES = timedelta(hours=24)
_UNCONFIRMED = "UNCONFIRMED"
# Separates a username from the id that distinguishes its account from one that still has that username in Cognito.
SUFFIX = "-"


def begin(account: str) -> None:
    """Record an account before it is created, so that an interrupted registration is found: 4 write units."""
    stored_registrations.begin_registration(account, clock.now() + _CONFIRMED_WITHIN)


def describe(account: str, *, email: str, password: str) -> None:
    """Record the address and password by which a new account is found until it is confirmed: 4 write units."""
    address, until = hash_address(email), clock.now() + _VERIFIER_LIVES
    stored_registrations.describe_registration(
        account, address=address, verifier=_verifier(address, password), until=until
    )


def find_account(email: str, password: str) -> str | None:
    """Return the latest unconfirmed account with this address and password."""
    address = hash_address(email)
    rows = stored_registrations.query_registrations_by_email(address)
    if not rows:
        return None
    wanted = _verifier(address, password)
    return next((str(row.account) for row in rows if hmac.compare_digest(row.verifier, wanted)), None)


def has_password(account: str, password: str) -> bool:
    """Return whether this is the password of an unconfirmed account; False if no password is recorded."""
    registration = stored_registrations.find_registration(account)
    if registration is None or registration.address is None:
        return False
    address = str(registration.address)
    row = stored_registrations.find_registration_by_email(address, account)
    return row is not None and hmac.compare_digest(row.verifier, _verifier(address, password))


def list_accounts(email: str) -> list[str]:
    """Return the unconfirmed accounts with this address, the latest first."""
    return [str(row.account) for row in stored_registrations.query_registrations_by_email(hash_address(email))]


def username_of(account: str) -> str:
    """Return the username under which an account was registered."""
    return account.partition(SUFFIX)[0]


def _verifier(address: str, password: str) -> str:
    """Salt with the address, so that one computation serves all accounts with this address."""
    return verifier(password, salt=address)


def require_open(account: str) -> None:
    """Raise `InvalidCode` if the account has expired and can no longer be confirmed. 1 read unit."""
    row = stored_registrations.find_registration(account)
    if row is not None and row.due <= clock.now():
        raise InvalidCode


def end(account: str) -> None:
    """Record that an account was confirmed."""
    stored_registrations.end_registration(account)


def list_expired() -> list[str]:
    """Return the accounts that were not confirmed in time."""
    return list(stored_registrations.query_due_registrations(clock.now() - _MARGIN))


def begin_erasure(account: str) -> str | None:
    """Have an expired account erased if Cognito says that it is unconfirmed, and return its user id.

    None if there is nothing to erase. Safe to repeat: the record stays until the erasure is scheduled, which then
    continues by itself (`erase_due`).
    """
    found = cognito_admin.find_status(account)
    row = stored_registrations.find_registration(account)
    if row is None or row.due > clock.now():
        return None
    if found is None or found[1] != _UNCONFIRMED:
        end(account)
        return None
    user_id = found[0]
    user = stored_people.find_profile(user_id)
    erasures.order_unconfirmed(user_id, user.username if user else account, account)
    end(account)
    return user_id
