"""Access to what models said to questions for tags: one row a question, which is also the lease of who asks it."""

from datetime import date, timedelta

from apps.core import clock, keys, transactions
from apps.core.transactions import Transaction
from apps.suggestions.errors import QuotaExceeded
from apps.suggestions.models import TagAnswerRow, TagQuotaRow

_KEPT = timedelta(days=30)
_QUOTA_KEPT = timedelta(days=3)


def read(question_hash: str) -> TagAnswerRow | None:
    """Return the kept answer, or the lease of who asks, expired ones as well: 1 read unit."""
    return TagAnswerRow.read(keys.tag_answer(question_hash))


def begin(
    question_hash: str, before: TagAnswerRow | None, *, user_id: str, day: date, most: int, seconds: float
) -> TagAnswerRow:
    """Become the one who asks, for so long, and take one of the day's quota unless a killed run has taken it.

    `WriteConflict` where another worker was faster, `QuotaExceeded` where the quota is used up. 4 write units, or 2.
    """
    transaction = Transaction()
    key = keys.tag_answer(question_hash)
    row = before or TagAnswerRow(pk=key.pk, sk=key.sk)
    if before is None or before.is_expired:
        row.found, row.runs = None, 0
        _take_of_quota(transaction, user_id=user_id, day=day, most=most)
    row.asked_until = clock.epoch(clock.now() + timedelta(seconds=seconds))
    row.runs = int(row.runs) + 1
    row.ttl = clock.epoch(clock.now() + _KEPT)
    transaction.save(row)
    transaction.commit()
    return row


def _take_of_quota(transaction: Transaction, *, user_id: str, day: date, most: int) -> None:
    if most < 1:
        # The condition lets the first of a day through.
        raise QuotaExceeded
    key = keys.tag_quota(user_id, day)
    row = TagQuotaRow(pk=key.pk, sk=key.sk)
    fits = TagQuotaRow.used.does_not_exist() | (TagQuotaRow.used < most)
    kept = clock.epoch(clock.now() + _QUOTA_KEPT)
    transaction.update(
        row, [TagQuotaRow.used.add(1), TagQuotaRow.ttl.set(kept)], condition=fits, otherwise=QuotaExceeded()
    )


def end(row: TagAnswerRow, found: dict[str, float] | None) -> None:
    """Keep the answer for whoever asks the same; without one the question can be asked again at once."""
    if found is None:
        transactions.delete(row)
        return
    row.found, row.asked_until = found, 0
    transactions.save(row)
