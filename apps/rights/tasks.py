"""Background work on people's rights."""

from apps.core.tasks import task
from apps.rights import archives, erasing, recipe_archives
from smartcooking.contract import queues


@task(queues.MEDIA, name=archives.EXPORT.name)
def export(user_id: str, job_id: str) -> None:
    archives.export(user_id, job_id)


@task(queues.MEDIA, name=recipe_archives.EXPORT.name)
def export_recipes(user_id: str, job_id: str) -> None:
    recipe_archives.export(user_id, job_id)


@task(queues.DEFAULT, name="rights.erase")
def erase(user_id: str) -> None:
    """Erase an account at once. If this task fails permanently, `erase_due` finds the account within the hour."""
    erasing.erase(user_id)
