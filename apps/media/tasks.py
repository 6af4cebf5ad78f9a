"""Background work on uploads."""

from apps.core.tasks import task
from apps.media import inspection, removal, services
from smartcooking.contract import queues


@task(queues.MEDIA, name=services.CHECK.name)
def check(user_id: str, upload_id: str) -> None:
    inspection.inspect_upload(user_id, upload_id)


@task(queues.MEDIA, name=services.REMOVE.name)
def remove(user_id: str, upload_id: str) -> None:
    removal.remove_upload(user_id, upload_id)
