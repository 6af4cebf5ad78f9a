"""Remove unattached uploads, and the objects of detached pictures."""

from datetime import timedelta

from apps.core import clock, keys, transactions
from apps.core.transactions import Transaction, WriteConflict, retry_conflicts
from apps.media import repositories, storage
from apps.media.models import Status, UploadRow
from apps.media.services import discard_upload, give_up, picture_of

# Longer than a check or a removal may run, so that they never overlap.
_MARGIN = timedelta(minutes=10)


def remove_upload(user_id: str, upload_id: str) -> bool:
    """Delete the bytes of a removed upload, then its row. Safe to repeat and to interrupt."""
    row = repositories.find_upload(user_id, upload_id)
    if row is None or row.status != Status.REMOVED:
        return False
    _delete(row)
    return True


def _delete(row: UploadRow) -> None:
    storage.remove_incoming(row)
    storage.remove_pictures(picture_of(row))
    try:
        transactions.delete(row)
    except WriteConflict:
        # Another delivery of the same message has already deleted it.
        return


def remove_due_uploads(*, margin: timedelta = _MARGIN) -> int:
    """Remove uploads that were due before `margin` ago, and return their number. Safe to repeat, interrupt and overlap.

    The index may lag: it only names the rows. Each is read by key and checked before anything is done.
    """
    removed = 0
    for pointer in repositories.query_due(clock.now() - margin):
        user_id, upload_id = keys.last_part(pointer.pk), keys.last_part(pointer.sk)
        removed += remove_upload(user_id, upload_id) or discard_unused_upload(user_id, upload_id)
    return removed


@retry_conflicts
def discard_unused_upload(user_id: str, upload_id: str) -> bool:
    """Remove an expired upload, unless something uses it by now."""
    row = repositories.find_upload(user_id, upload_id)
    if row is None or row.status == Status.REMOVED or not row.is_over:
        return False
    transaction = Transaction()
    discard_upload(transaction, row)
    transaction.commit()
    return True


def discard_uploads_of(user_id: str) -> int:
    """Remove all uploads of a person, used or not, and return their number; for erasing an account."""
    uploads = [row.id for row in repositories.query_uploads(user_id)]
    for upload_id in uploads:
        give_up(user_id, upload_id)
    return len(uploads)
