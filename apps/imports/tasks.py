"""Background work on imports."""

from apps.core.tasks import task
from apps.imports import bringing_pictures, services, working
from smartcooking.contract import queues


@task(queues.IMPORTS, name=services.READ.name)
def read(user_id: str, job_id: str) -> None:
    working.read(user_id, job_id)


@task(queues.IMPORTS, name=services.BRING_PICTURE.name)
def bring_picture(user_id: str, import_id: str, draft_id: str) -> None:
    bringing_pictures.bring(user_id, import_id, draft_id)


@task(queues.DEFAULT, name="imports.attach_picture")
def attach_picture(user_id: str, upload_id: str) -> None:
    bringing_pictures.attach(user_id, upload_id)


@task(queues.DEFAULT, name="imports.close_abandoned")
def close_abandoned(user_id: str, job_id: str) -> None:
    working.close_abandoned(user_id, job_id)
