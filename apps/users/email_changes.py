"""Change an e-mail address: a mailed code proves the new one, and the old one gets a warning."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.conf import settings

from apps.core import clock, ids
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.users import account_events, cognito_admin, reauthentication, sign_outs, throttling
from apps.users.errors import InvalidCode, UserNotFound
from apps.users.events import AccountChanged, EmailChanged, EmailChangeRequested
from apps.users.models import EmailChange, User
from apps.users.reauthentication import Proof
from apps.users.repositories import stored_accounts, stored_people

# How long a code is valid, and until when the mail to the old address may be sent.
_CODE_LIVES = timedelta(hours=1)
_KEPT_WHEN_DONE = timedelta(days=5)


def request_change(*, actor: Actor, email: str, proof: Proof) -> None:
    """Have a code mailed to the address that the actor wants; nothing changes until the code is confirmed.

    Whether the address belongs to somebody else is revealed only later, to whoever proves that they own the mailbox. A
    later request replaces an earlier one. Mails are counted per person and per mailbox.
    """
    reauthentication.require_proof(actor=actor, proof=proof)
    throttling.count_attempt(throttling.EMAIL_CHANGE, person=actor.id)
    throttling.count_code_mail(email)
    _save_request(actor.id, email)


@retry_conflicts
def _save_request(user_id: str, email: str) -> None:
    row = stored_accounts.find_email_change(user_id) or stored_accounts.fresh_email_change(user_id)
    row.email, row.nonce, row.replaced, row.done_at = email, secrets.token_urlsafe(16), None, None
    row.ttl = clock.epoch(clock.now() + _CODE_LIVES)
    transaction = Transaction()
    transaction.save(row)
    transaction.publish(EmailChangeRequested(user_id, row.nonce))
    transaction.commit()


def confirm_change(*, actor: Actor, code: str, address: str) -> None:
    """Replace the e-mail address with the proven one, and end all other sessions.

    Repeating the code succeeds. `InvalidCode` for a wrong code or if no change was requested, `EmailTaken` if the
    address meanwhile belongs to somebody else.
    """
    origin = throttling.find_origin(actor.id, address)
    with throttling.limit_attempts(throttling.EMAIL_CODE, person=actor.id, origin=origin):
        user = _exchange(actor.id, code)
    if user is not None:
        # The event's task does this too; doing it here saves waiting for the worker.
        cognito_admin.set_email(user.account_name, user.email)
        sign_outs.end_sessions(actor.id, keep=actor)


@retry_conflicts
def _exchange(user_id: str, code: str) -> User | None:
    """Set the new address in the table; return None if it was already set. 18 write units, plus those of the events."""
    row = stored_accounts.find_email_change(user_id)
    if row is None or not hmac.compare_digest(code_of(row), code):
        raise InvalidCode
    if row.done_at is not None:
        return None
    user = stored_people.find_profile(user_id)
    if user is None:
        raise UserNotFound
    transaction = Transaction()
    address, before = throttling.hash_address(row.email), throttling.hash_address(user.email.casefold())
    stored_accounts.give_email(transaction, address, user_id=user_id, account=user.account_name)
    if before != address:
        stored_accounts.take_email(transaction, before, user_id=user_id)
    row.replaced, row.done_at = user.email, clock.now()
    row.ttl = clock.epoch(clock.now() + _KEPT_WHEN_DONE)
    user.email = row.email
    transaction.save(row)
    transaction.save(user)
    transaction.publish(EmailChanged(user_id, row.nonce))
    transaction.publish(AccountChanged(user_id, account_events.EMAIL_CHANGED, ids.new_id()))
    transaction.commit()
    return user


def write_to_cognito(user_id: str) -> None:
    """Copy the profile's e-mail address to the account in Cognito. Idempotent."""
    user = stored_people.find_profile(user_id)
    if user is not None:
        cognito_admin.set_email(user.account_name, user.email)


def find_change(user_id: str, nonce: str) -> EmailChange | None:
    """Return the change that an event refers to; None if a later one has replaced it: 1 read unit."""
    row = stored_accounts.find_email_change(user_id)
    return row if row is not None and row.nonce == nonce else None


def code_of(row: EmailChange) -> str:
    """Return the six-digit code that proves the new address."""
    text = f"email-change\n{row.pk}\n{row.nonce}\n{row.email}"
    digest = hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"
