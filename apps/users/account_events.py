"""Publish changes of an account in Cognito, so that its owner is notified."""

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from apps.core import ids
from apps.core.errors import DomainError
from apps.core.transactions import Transaction, WriteConflict
from apps.users.events import AccountChanged

log = structlog.get_logger()

PASSWORD_CHANGED = "password_changed"  # noqa: S105  the name of an event
PASSWORD_RESET = "password_reset"  # noqa: S105
MFA_ENABLED = "mfa_enabled"
MFA_DISABLED = "mfa_disabled"
EMAIL_CHANGED = "email_changed"
USERNAME_CHANGED = "username_changed"


def publish_account_change(user_id: str, what: str) -> None:
    """Have a person notified of a change that Cognito has just made.

    No transaction spans Cognito and the table. If the event cannot be stored, the request still succeeds, since the
    change itself has been made; the failure is logged.
    """
    transaction = Transaction()
    transaction.publish(AccountChanged(user_id, what, ids.new_id()))
    try:
        transaction.commit()
    except (DomainError, WriteConflict, PynamoDBException, BotoCoreError, ClientError) as error:
        log.warning("account_change_not_published", user_id=user_id, what=what, error=type(error).__name__)
