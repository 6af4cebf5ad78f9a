"""Asking for one's account to be erased, and calling it off by signing in again; apps/rights does the erasing."""

from datetime import datetime, timedelta

import structlog

from apps.core import clock
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.users import cognito, repositories, throttling
from apps.users.errors import ErasureBegun, InvalidCredentials, WrongPassword

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
