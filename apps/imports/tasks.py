"""Background work on imports.

The API imports this module to send its tasks, so `working` is imported only where they run: the libraries that read
pages take 16 MB. Workers import it before they fork (`smartcooking/celery.py`).
"""

# ruff: noqa: PLC0415  see above

from apps.core.tasks import task
from apps.imports import bringing_pictures, services
from smartcooking.contract import queues


@task(queues.IMPORTS, name=services.READ.name)
def read(user_id: str, job_id: str) -> None:
    from apps.imports import working

    working.read(user_id, job_id)


@task(queues.IMPORTS, name=services.BRING_PICTURE.name)
def bring_picture(user_id: str, import_id: str, draft_id: str) -> None:
    bringing_pictures.bring(user_id, import_id, draft_id)


@task(queues.DEFAULT, name="imports.attach_picture")
def attach_picture(user_id: str, upload_id: str) -> None:
    bringing_pictures.attach(user_id, upload_id)


@task(queues.DEFAULT, name="imports.close_abandoned")
def close_abandoned(user_id: str, job_id: str) -> None:
    from apps.imports import working

    working.close_abandoned(user_id, job_id)
