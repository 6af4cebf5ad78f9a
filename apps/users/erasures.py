"""Asking for one's account to be erased, and calling it off by signing in again; apps/rights does the erasing."""

from datetime import datetime, timedelta

import structlog

from apps.core import clock
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.users import cognito, repositories, throttling, visibility
from apps.users.errors import ErasureBegun, InvalidCredentials, UserNotFound, WrongPassword
from apps.users.models import Erasure

log = structlog.get_logger()

# In which somebody can think again.
GRACE = timedelta(days=7)


def request_erasure(*, actor: Actor, access_token: str, password: str, at_once: bool) -> datetime:
    """Have one's account erased in seven days, or at once, and end every login; return when.

    `WrongPassword` where the password is not theirs.
    """
    with throttling.limit_attempts(throttling.PASSWORD, person=actor.id):
        try:
            cognito.log_in(username=actor.username, password=password)
        except InvalidCredentials as error:
            raise WrongPassword from error
    due = _plan(actor, timedelta(0) if at_once else GRACE)
    cognito.sign_out_everywhere(access_token)
    log.info("erasure_requested", user_id=actor.id, due=clock.iso(due))
    return due


@retry_conflicts
def _plan(actor: Actor, after: timedelta) -> datetime:
    row = repositories.find_erasure(actor.id)
    due = clock.now() + after
    if row is None:
        row = repositories.build_erasure(actor.id, actor.username, due)
    row.due = min(row.due, due)
    transaction = Transaction()
    repositories.save_erasure(transaction, row)
    transaction.commit()
    moment: datetime = row.due
    return moment


@retry_conflicts
def call_off(user_id: str) -> bool:
    """Keep an account whose owner signs in within the seven days; `ErasureBegun` where it is too late. 1 read unit."""
    row = repositories.find_erasure(user_id)
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
    """Mark an erasure that is due as begun, so that nobody calls it off; None where there is none, or not yet."""
    row = repositories.find_erasure(user_id)
    if row is None or (not row.begun and row.due > clock.now()):
        return None
    if not row.begun:
        row.begun = True
        transaction = Transaction()
        repositories.save_erasure(transaction, row)
        transaction.commit()
    return row


@retry_conflicts
def order(user_id: str) -> None:
    """Have an account erased at once, for operators; `UserNotFound` where there is none."""
    user = repositories.find_profile(user_id)
    row = repositories.find_erasure(user_id)
    if row is None and user is None:
        raise UserNotFound
    if row is None and user is not None:
        row = repositories.build_erasure(user_id, user.username, clock.now())
    assert row is not None
    row.due = min(row.due, clock.now())
    transaction = Transaction()
    repositories.save_erasure(transaction, row)
    transaction.commit()


def list_due() -> list[str]:
    """Return whose accounts are to be erased by now."""
    return list(repositories.query_due_erasures(clock.now()))


@retry_conflicts
def remove_profile(row: Erasure) -> None:
    """Delete the profile, and keep its name from being given again without keeping the name."""
    transaction = Transaction()
    user = repositories.find_profile(row.user_id)
    if user is not None:
        transaction.delete(user)
        if user.hidden:
            visibility.set_hidden(transaction, row.user_id, hidden=False)
    repositories.reserve_username(transaction, row.username)
    transaction.commit()


def forget(transaction: Transaction, row: Erasure) -> None:
    """Forget that an erasure was asked for, with the end of it."""
    transaction.discard(Erasure(pk=row.pk, sk=row.sk))


__all__ = ["GRACE", "Erasure", "begin", "call_off", "forget", "list_due", "order", "remove_profile", "request_erasure"]
