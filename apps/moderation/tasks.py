"""Background work of moderation."""

from apps.core.tasks import task
from apps.moderation import abuse
from smartcooking.contract import queues


@task(queues.DEFAULT, name="moderation.reject_import")
def reject_import(user_id: str, import_id: str) -> None:
    abuse.reject_input(user_id=user_id, cause=f"import:{import_id}")
