"""Telling people what happened to their account."""

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from apps.core import ids, outbox
from apps.core.errors import DomainError
from apps.core.transactions import Transaction, WriteConflict
from smartcooking.contract import queues

log = structlog.get_logger()

# Of apps/notifications, which stands on this app: named here, not imported.
DELIVER = outbox.Task("notifications.deliver", queues.NOTIFICATIONS)

PASSWORD_CHANGED = "password_changed"  # noqa: S105  the name of an event
PASSWORD_RESET = "password_reset"  # noqa: S105
MFA_ENABLED = "mfa_enabled"
MFA_DISABLED = "mfa_disabled"


def publish_account_change(user_id: str, what: str) -> None:
    """Have somebody notified of what Cognito has just changed.

    It is changed already, and no transaction spans both: where the message cannot be written, the request must not
    fail as if nothing had happened.
    """
    transaction = Transaction()
    transaction.after(DELIVER, "account", user_id, "", "account", what, ids.new_id())
    try:
        transaction.commit()
    except (DomainError, WriteConflict, PynamoDBException, BotoCoreError, ClientError) as error:
        log.warning("account_change_not_told", user_id=user_id, what=what, error=type(error).__name__)
