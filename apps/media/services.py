"""Uploads: request, complete and check a file, attach it to one thing, detach it."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings

from apps.core import clock, ids, outbox
from apps.core.authentication import Actor
from apps.core.language import Text
from apps.core.transactions import Transaction, retry_conflicts
from apps.media import repositories, storage
from apps.media.errors import (
    UploadAttached,
    UploadExists,
    UploadNotFound,
    UploadNotReady,
    UploadNotReceived,
    WrongPurpose,
)
from apps.media.models import MOST_BYTES, REASONS, Purpose, Reason, Status, UploadRow
from apps.media.pictures import SIZES, Picture, links, upload_id_of, version_of
from apps.media.storage import Form
from smartcooking.contract import queues

__all__ = [
    "SIZES", "Purpose", "attach", "bring_picture", "complete_upload", "detach", "get_upload", "give_up", "links",
    "picture_bytes", "read_picture", "replace", "request_upload", "target_of", "upload_id_of", "version_of",
]  # fmt: skip

CHECK = outbox.Task("media.check", queues.MEDIA)
REMOVE = outbox.Task("media.remove", queues.MEDIA)
# After this time a check may be requested again: longer than a check and its first retries take.
_CHECK_AGAIN = timedelta(minutes=5)
_REJECTED = Text("Tệp bị từ chối: {reason}", "It was rejected: {reason}")


def request_upload(
    *, upload_id: str, purpose: Purpose, content_type: str, size: int, actor: Actor
) -> tuple[UploadRow, Form]:
    """Start an upload of one file; repeating the id returns a form for the same object."""
    row = repositories.fresh(upload_id, user_id=actor.id, purpose=purpose, content_type=content_type, size=size)
    try:
        _add(row)
    except UploadExists:
        row = get_upload(upload_id, actor=actor)
    return row, storage.form(row)


@retry_conflicts
def _add(row: UploadRow) -> None:
    transaction = Transaction()
    repositories.add(transaction, row, most=settings.MAX_UNUSED_UPLOADS)
    transaction.commit()


def get_upload(upload_id: str, *, actor: Actor) -> UploadRow:
    """Return the actor's upload; `UploadNotFound` for other people's and removed ones."""
    row = repositories.find_upload(actor.id, upload_id) if ids.is_id(upload_id) else None
    if row is None or row.status == Status.REMOVED or row.is_over:
        raise UploadNotFound
    return row


@retry_conflicts
def complete_upload(upload_id: str, *, actor: Actor) -> UploadRow:
    """Start the check of a posted file. Idempotent: a running or finished check is not started again."""
    row = get_upload(upload_id, actor=actor)
    if row.status != Status.WAITING or _is_under_way(row):
        return row
    if not storage.has_arrived(row):
        raise UploadNotReceived
    row.completed_at = clock.now()
    transaction = Transaction()
    if row.purpose == Purpose.IMPORT:
        # Nobody sees the file: the import reads it within its own limits.
        row.status = Status.READY.value
    else:
        transaction.after(CHECK, actor.id, upload_id)
    transaction.save(row)
    transaction.commit()
    return row


def require_file(upload_id: str, *, actor: Actor) -> None:
    """Raise a DomainError unless an upload is the actor's posted file of recipes. 1 read unit."""
    row = get_upload(upload_id, actor=actor)
    if row.purpose != Purpose.IMPORT:
        raise WrongPurpose
    if row.status != Status.READY:
        raise UploadNotReady


def read_file(user_id: str, upload_id: str) -> bytes | None:
    """Return a posted file of recipes; None if it is gone, or larger than allowed."""
    row = repositories.find_upload(user_id, upload_id)
    if row is None or row.purpose != Purpose.IMPORT or row.status != Status.READY:
        return None
    most = min(int(row.size), MOST_BYTES[Purpose.IMPORT])
    content = storage.download(row, most)
    return content if content is not None and len(content) <= most else None


def bring_picture(user_id: str, upload_id: str, content: bytes, *, content_type: str, target: str) -> None:
    """Have a picture that the service fetched for a recipe checked like one that its owner posts.

    `PictureReady` follows once it has passed; a file that is not a picture is discarded. Repeating the id changes
    nothing.
    """
    row = repositories.fresh(
        upload_id, user_id=user_id, purpose=Purpose.RECIPE, content_type=content_type, size=len(content)
    )
    row.target, row.completed_at = target, clock.now()
    if repositories.find_upload(user_id, upload_id) is not None:
        return
    # Before the row, so that the check finds the file.
    storage.put_incoming(row, content)
    transaction = Transaction()
    repositories.add_attached(transaction, row)
    transaction.after(CHECK, user_id, upload_id)
    try:
        transaction.commit()
    except UploadExists:
        return


@retry_conflicts
def give_up(user_id: str, upload_id: str) -> None:
    """Remove a picture that nothing shows. Idempotent."""
    row = repositories.find_upload(user_id, upload_id)
    if row is not None and row.status != Status.REMOVED:
        transaction = Transaction()
        discard_upload(transaction, row)
        transaction.commit()


def target_of(user_id: str, upload_id: str) -> str | None:
    """Return the target for which a picture was fetched; None if the upload is gone."""
    row = repositories.find_upload(user_id, upload_id)
    return row.target if row is not None and row.status == Status.READY else None


def picture_bytes(picture: str) -> bytes | None:
    """Return a picture in its larger size; None if it is gone."""
    return storage.read_picture(Picture.parse(picture), max(SIZES))


def read_picture(picture: str, size: int) -> bytes | None:
    """Return the bytes of a picture, without checking who may see it; None if it is gone."""
    return storage.read_picture(Picture.parse(picture), size) if size in SIZES else None


def _is_under_way(row: UploadRow) -> bool:
    return row.completed_at is not None and clock.now() - row.completed_at < _CHECK_AGAIN


def attach(
    transaction: Transaction, upload_ids: Sequence[str], *, purpose: Purpose, target: str, actor: Actor
) -> list[str]:
    """Add to `transaction` that `target` uses these uploads; return their pictures, for `target` to store.

    Uploads that it already uses are accepted. DomainError if one is not the actor's, not ready, made for another
    purpose or used elsewhere. The rows are read here and saved only if nobody changed them: otherwise the transaction
    fails with `WriteConflict` and must be built again. 1 read unit each; 2 actions and one for them all.
    """
    wanted = list(dict.fromkeys(upload_ids))
    found = repositories.find_uploads([(actor.id, upload_id) for upload_id in wanted])
    rows = [_attachable(found.get((actor.id, upload_id)), purpose, target) for upload_id in wanted]
    unused = [row for row in rows if not row.target]
    for row in unused:
        row.target = target
        repositories.take_from_queue(row)
        transaction.save(row)
    if unused:
        repositories.count_less(transaction, actor.id, len(unused))
    return [str(picture_of(row)) for row in rows]


def _attachable(row: UploadRow | None, purpose: Purpose, target: str) -> UploadRow:
    if row is None or row.status == Status.REMOVED or row.is_over:
        raise UploadNotFound
    if row.purpose != purpose:
        raise WrongPurpose
    if row.status == Status.REJECTED:
        raise UploadNotReady(_REJECTED.format(reason=str(REASONS[Reason(str(row.reason))])))
    if row.status != Status.READY:
        raise UploadNotReady
    if row.target and row.target != target:
        raise UploadAttached
    return row


def detach(transaction: Transaction, pictures: Sequence[str]) -> None:
    """Add to `transaction` that nothing uses these pictures any more; their bytes are deleted once it is committed.

    Pictures that are already gone are ignored. 1 read unit and 2 actions each.
    """
    wanted = [Picture.parse(text) for text in dict.fromkeys(pictures)]
    found = repositories.find_uploads([(picture.owner_id, picture.upload_id) for picture in wanted])
    for row in found.values():
        if row.status != Status.REMOVED:
            discard_upload(transaction, row)


def replace(
    transaction: Transaction, old: str | None, upload_id: str | None, *, purpose: Purpose, target: str, actor: Actor
) -> str | None:
    """Replace `target`'s `old` picture with this upload, or none, with `transaction`."""
    attached = attach(transaction, [upload_id] if upload_id else [], purpose=purpose, target=target, actor=actor)
    picture = attached[0] if attached else None
    if old is not None and old != picture:
        detach(transaction, [old])
    return picture


def discard_upload(transaction: Transaction, row: UploadRow) -> None:
    """Mark an upload as removed and start the deletion of its bytes; it stays in the queue until they are gone."""
    if not row.target:
        repositories.count_less(transaction, row.user_id, 1)
    row.status, row.target = Status.REMOVED.value, None
    repositories.put_in_queue(row, clock.now())
    transaction.save(row)
    transaction.after(REMOVE, row.user_id, row.id)


def picture_of(row: UploadRow) -> Picture:
    return Picture(row.purpose, row.user_id, row.id, row.name)
