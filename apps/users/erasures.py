"""Request the erasure of one's account, or cancel it by signing in again; apps/rights erases."""

from datetime import datetime, timedelta

import structlog

from apps.core import clock
from apps.core.authentication import Actor
from apps.core.preconditions import Check, any_version
from apps.core.transactions import Transaction, retry_conflicts
from apps.users import cognito_accounts, name_claims, reauthentication, sign_outs, visibility
from apps.users.errors import ErasureBegun, ErasureDone, UserNotFound
from apps.users.events import ErasureDue
from apps.users.models import Erasure
from apps.users.reauthentication import Proof
from apps.users.repositories import stored_accounts, stored_people
from apps.users.throttling import hash_address

log = structlog.get_logger()

# The time in which a person can cancel.
GRACE = timedelta(days=7)


def request_erasure(*, actor: Actor, proof: Proof, at_once: bool, check: Check = any_version) -> datetime:
    """Schedule the erasure of the actor's account in seven days, or start it at once, and end every login.

    Return the time. `WrongPassword`, `CodeRequired` or `InvalidCode` if the caller may not be the owner. Logins end
    first: a worker may begin to erase the account as soon as the request is stored.
    """
    profile = stored_people.find_profile(actor.id)
    check(int(profile.version or 0) if profile else 0)
    reauthentication.require_proof(actor=actor, proof=proof)
    cognito_accounts.sign_out_everywhere(actor.account)
    sign_outs.end_sessions(actor.id)
    due = _plan(actor, timedelta(0) if at_once else GRACE)
    log.info("erasure_requested", user_id=actor.id, due=clock.iso(due))
    return due


@retry_conflicts
def _plan(actor: Actor, after: timedelta) -> datetime:
    """Store the request and, in the same transaction, the message to the worker if the erasure is due now."""
    row = stored_accounts.find_erasure(actor.id)
    due = clock.now() + after
    if row is None:
        row = stored_accounts.build_erasure(actor.id, actor.username, actor.account, due)
    row.due = min(row.due, due)
    transaction = Transaction()
    stored_accounts.save_erasure(transaction, row)
    if not after:
        transaction.publish(ErasureDue(actor.id))
    transaction.commit()
    moment: datetime = row.due
    return moment


@retry_conflicts
def call_off(user_id: str) -> bool:
    """Cancel an erasure because the owner signed in within seven days.

    `ErasureBegun` if it is too late. 1 read unit.
    """
    row = stored_accounts.find_erasure(user_id)
    if row is None:
        return False
    if row.begun or row.due <= clock.now():
        raise ErasureBegun
    transaction = Transaction()
    transaction.delete(row)
    transaction.commit()
    log.info("erasure_called_off", user_id=user_id)
    return True


@retry_conflicts
def begin(user_id: str) -> Erasure | None:
    """Mark a due erasure as started, so that it can no longer be cancelled, and end every session.

    Return None if there is none, or it is not due yet.
    """
    row = stored_accounts.find_erasure(user_id)
    if row is None or (not row.begun and row.due > clock.now()):
        return None
    if not row.begun:
        # First: an access token that is still valid could add rows that nobody erases.
        sign_outs.end_sessions(user_id)
        row.begun = True
        transaction = Transaction()
        stored_accounts.save_erasure(transaction, row)
        transaction.commit()
    return row


@retry_conflicts
def order(user_id: str) -> None:
    """Start the erasure of an account at once, for operators; `UserNotFound` if there is none."""
    user = stored_people.find_profile(user_id)
    row = stored_accounts.find_erasure(user_id)
    if row is None and user is None:
        raise UserNotFound
    if row is None and user is not None:
        row = stored_accounts.build_erasure(user_id, user.username, user.account_name, clock.now())
    assert row is not None
    row.due = min(row.due, clock.now())
    transaction = Transaction()
    stored_accounts.save_erasure(transaction, row)
    transaction.commit()


@retry_conflicts
def order_unconfirmed(user_id: str, username: str, account: str) -> None:
    """Start the erasure of an unconfirmed account, which frees its username."""
    found = stored_accounts.find_erasure(user_id)
    row = found or stored_accounts.build_erasure(user_id, username, account, clock.now())
    row.begun = row.frees_username = True
    transaction = Transaction()
    stored_accounts.save_erasure(transaction, row)
    transaction.commit()


def list_due() -> list[str]:
    """Return the ids of accounts whose erasure is due."""
    return list(stored_accounts.query_due_erasures(clock.now()))


@retry_conflicts
def remove_profile(row: Erasure) -> None:
    """Delete the profile, and block its usernames from reuse without storing them.

    Usernames that were given up stay reserved only as long as they would have been. The username of an account that was
    never confirmed becomes free, and so does the e-mail address.
    """
    transaction = Transaction()
    user = stored_people.find_profile(row.user_id)
    if user is not None:
        transaction.delete(user)
        stored_accounts.take_email(transaction, hash_address(user.email), user_id=row.user_id)
        if user.hidden:
            visibility.set_hidden(transaction, row.user_id, hidden=False)
    _give_names_back(transaction, row, user.username if user else row.username)
    if len(transaction):
        transaction.commit()


def _give_names_back(transaction: Transaction, row: Erasure, username: str) -> None:
    if row.frees_username:
        if name_claims.find_claimant(username) == row.user_id:
            name_claims.free(transaction, username)
        return
    name_claims.reserve(transaction, username)
    current = name_claims.find_current_name(row.user_id)
    for name, until in (current.former if current else {}).items():
        name_claims.reserve(transaction, name, until=clock.parse(until))


def forget(transaction: Transaction, row: Erasure) -> None:
    """Remove the record of a completed erasure; `ErasureDone` if it is already gone."""
    transaction.delete(row, otherwise=ErasureDone())


__all__ = [
    "GRACE", "Erasure", "begin", "call_off", "forget", "list_due", "order", "order_unconfirmed", "remove_profile",
    "request_erasure",
]  # fmt: skip
