"""Process an uploaded file in the worker: decode it, store our own renditions, delete the original."""

import structlog

from apps.core import transactions
from apps.core.transactions import Transaction, WriteConflict
from apps.media import repositories, sandbox, storage
from apps.media.events import PictureReady
from apps.media.models import MOST_BYTES, Purpose, Reason, Status, UploadRow
from apps.media.sandbox import Verdict
from apps.media.services import discard_upload, picture_of

_MAX_FAILURES = 2
log = structlog.get_logger()


def inspect_upload(user_id: str, upload_id: str) -> None:
    """Decide on an upload. Safe to repeat, and to interrupt anywhere.

    Pictures are written before the row says that they exist, and the posted file is deleted afterwards: a repeated run
    either finds the file and starts again, or finds the decision and only cleans up.
    """
    row = repositories.find_upload(user_id, upload_id)
    if row is None:
        return
    if row.status == Status.WAITING:
        if row.is_over:
            # The clean-up may be removing it: write nothing from here on.
            return
        _decide(row)
    storage.remove_incoming(row)


def _decide(row: UploadRow) -> None:
    verdict = _examine(row)
    for size, content in (verdict.pictures or {}).items():
        storage.store(picture_of(row), size, content)
    row.status = Status.REJECTED.value if verdict.reason else Status.READY.value
    row.reason = verdict.reason.value if verdict.reason else None
    try:
        _save(row)
    except WriteConflict:
        _meet(row)
    else:
        log.info("upload_checked", upload_id=row.id, status=row.status, reason=row.reason)


def _save(row: UploadRow) -> None:
    """Store the decision, and publish it if an import waits for the picture. A rejected picture is detached."""
    if not row.target:
        transactions.save(row)
        return
    transaction = Transaction()
    if row.status == Status.REJECTED:
        discard_upload(transaction, row)
    else:
        transaction.save(row)
        transaction.publish(PictureReady(row.user_id, row.id))
    transaction.commit()


def _examine(row: UploadRow) -> Verdict:
    most = min(int(row.size), MOST_BYTES[Purpose(row.purpose)])
    content = storage.download(row, most)
    if content is None:
        return Verdict(Reason.MISSING)
    if len(content) > most:
        return Verdict(Reason.TOO_LARGE)
    try:
        return sandbox.examine(content, row.content_type)
    except sandbox.NotExamined:
        if not _may_try_again(row):
            return Verdict(Reason.TOO_COMPLEX)
        raise


def _may_try_again(row: UploadRow) -> bool:
    """Count a failure for lack of time or memory; return whether to retry, since the machine may be the cause."""
    row.failures = int(row.failures or 0) + 1
    if row.failures >= _MAX_FAILURES:
        return False
    transactions.save(row)
    return True


def _meet(mine: UploadRow) -> None:
    """Handle a conflict: another delivery of the message was faster, or the owner has removed the upload."""
    found = repositories.find_upload(mine.user_id, mine.id)
    if found is None or found.status == Status.REMOVED:
        storage.remove_pictures(picture_of(mine))
    elif found.status == Status.WAITING:
        raise WriteConflict
