"""Background work on uploads."""

from celery import shared_task

from apps.media import inspection, removal, services
from smartcooking.contract import queues


@shared_task(name=services.CHECK.name, time_limit=queues.MEDIA.time_limit)
def check(user_id: str, upload_id: str) -> None:
    inspection.inspect_upload(user_id, upload_id)


@shared_task(name=services.REMOVE.name, time_limit=queues.MEDIA.time_limit)
def remove(user_id: str, upload_id: str) -> None:
    removal.remove_upload(user_id, upload_id)
