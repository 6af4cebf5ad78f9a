"""Background work on accounts."""

from apps.core.tasks import task
from apps.users import email_changes
from smartcooking.contract import queues


@task(queues.DEFAULT, name="users.write_email")
def write_email(user_id: str, _change_id: str) -> None:
    email_changes.write_to_cognito(user_id)
