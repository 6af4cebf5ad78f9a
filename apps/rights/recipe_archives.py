"""A person's own recipes as an archive: JSON-LD for other programs, lossless when imported here."""

import io
import zipfile
from datetime import timedelta

import orjson

from apps.core import clock, ids, outbox
from apps.core.authentication import Actor
from apps.core.transactions import Transaction
from apps.imports import own_archive
from apps.jobs import services as jobs
from apps.jobs.errors import JobExists
from apps.jobs.services import JobRow, Kind, Result, Work
from apps.media import services as media
from apps.recipes import services as recipes
from apps.recipes.recipe import Recipe
from apps.rights import archives
from apps.users import services as users
from smartcooking.contract import queues

EXPORT = outbox.Task("rights.export_recipes", queues.MEDIA)
RESULT = "recipe_archive"
# A request that is repeated within this time gets the same archive and starts nothing.
_WINDOW = timedelta(minutes=1)
_PAGE = 50
# An import takes 50 MB; beyond this, older recipes are archived without their pictures.
_MOST_OF_PICTURES = 45 * 1024 * 1024


def request_archive(*, actor: Actor) -> JobRow:
    """Start the archive of the actor's recipes; the job's result names it, and it is linked like other exports."""
    now = clock.now()
    begun = now - timedelta(seconds=now.timestamp() % _WINDOW.total_seconds())
    job_id = ids.derived_id("recipe archive", actor.id, at=begun)
    transaction = Transaction()
    row = jobs.create(
        transaction, job_id=job_id, kind=Kind.EXPORT, task=EXPORT, user_id=actor.id,
    )  # fmt: skip
    try:
        transaction.commit()
    except JobExists:
        return jobs.get_job(job_id, actor=actor)
    return row


def export(user_id: str, job_id: str) -> None:
    """Run the job. Idempotent."""

    def work(job: Work) -> Result:
        archives.store(user_id, job.job_id, build(user_id, job))
        return Result(RESULT, job.job_id)

    jobs.run(user_id, job_id, work)


def build(user_id: str, job: Work) -> bytes:
    """Return the archive, the newest recipes first: 1 read unit for each recipe, and 2 for 50 of them."""
    actor = users.actor_of(user_id)
    buffer, position, written, left = io.BytesIO(), None, 0, _MOST_OF_PICTURES
    whole = max(1, recipes.count_own_recipes(actor=actor))
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        while written == 0 or position is not None:
            found, position = recipes.list_own_recipes(actor=actor, limit=_PAGE, after=position)
            # If the username changes meanwhile, the remaining recipes get the new one.
            actor = users.actor_of(user_id)
            for recipe in found:
                left -= _add(archive, recipe, actor, left)
            written += max(1, len(found))
            job.report(min(0.95, written / whole))
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, recipe: Recipe, actor: Actor, room: int) -> int:
    """Write one recipe, with its picture if there is room for it; return the number of bytes that took."""
    content, folder = recipe.content, own_archive.folder(recipe.id)
    document = own_archive.to_document(recipe.id, content, owner=(actor.id, actor.username))
    picture = media.picture_bytes(content.image) if content.image else None
    if picture is None or len(picture) > room:
        document.pop("image", None)
        picture = None
    archive.writestr(f"{folder}/{own_archive.DOCUMENT}", orjson.dumps(document, option=orjson.OPT_INDENT_2))
    if picture is None:
        return 0
    archive.writestr(f"{folder}/{own_archive.PICTURE}", picture)
    return len(picture)
