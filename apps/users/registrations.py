"""Unconfirmed accounts: deleted within a day, with their usernames and all their data."""

from datetime import timedelta

from apps.core import clock
from apps.users import cognito_admin, erasures, repositories
from apps.users.errors import InvalidCode

# Leaves two hours for the hourly command, so that no account is older than a day.
_CONFIRMED_WITHIN = timedelta(hours=22)
# A confirmation that started in time has ended by then.
_MARGIN = timedelta(minutes=5)
_UNCONFIRMED = "UNCONFIRMED"


def begin(account: str) -> None:
    """Record an account before it is created, so that an interrupted registration is found: 4 write units."""
    repositories.begin_registration(account, clock.now() + _CONFIRMED_WITHIN)


def require_open(account: str) -> None:
    """Allow the confirmation of an account that has not expired; `InvalidCode` otherwise. 1 read unit."""
    row = repositories.find_registration(account)
    if row is not None and row.due <= clock.now():
        raise InvalidCode


def end(account: str) -> None:
    """Record that an account was confirmed."""
    repositories.end_registration(account)


def list_expired() -> list[str]:
    """Return the accounts that were not confirmed in time."""
    return list(repositories.query_due_registrations(clock.now() - _MARGIN))


def begin_erasure(account: str) -> str | None:
    """Have an expired account erased, if Cognito says that it is not confirmed, and return whose it is.

    None where there is nothing to erase. Safe to repeat: the note stays until the erasure is on its way, which then
    goes on by itself (`erase_due`).
    """
    found = cognito_admin.find_status(account)
    row = repositories.find_registration(account)
    if row is None or row.due > clock.now():
        return None
    if found is None or found[1] != _UNCONFIRMED:
        end(account)
        return None
    user_id = found[0]
    user = repositories.find_profile(user_id)
    erasures.order_unconfirmed(user_id, user.username if user else account, account)
    end(account)
    return user_id
