"""Every access of the imports app to the table."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from apps.core import clock, keys, queries
from apps.core.transactions import Transaction
from apps.imports.errors import ImportExists, TooManyImports
from apps.imports.models import IMPORTS_PER_HOUR, KEPT, DraftRow, ImportQuota, ImportRow


def fresh_import(import_id: str, *, user_id: str, kind: str, body: Any, language: str) -> ImportRow:
    key, now = keys.recipe_import(user_id, import_id), clock.now()
    return ImportRow(
        pk=key.pk, sk=key.sk, user_id=user_id, import_kind=kind, body=body, language=language, created_at=now,
        ttl=clock.epoch(now + KEPT),
    )  # fmt: skip


def add_import(transaction: Transaction, row: ImportRow) -> None:
    transaction.save(row, otherwise=ImportExists())


def count_import(transaction: Transaction, user_id: str, at: datetime) -> None:
    """Count an import in the current hour. From the 21st on, the transaction fails with `TooManyImports`."""
    key = keys.import_quota(user_id, f"{at:%Y-%m-%dT%H}")
    row, ends = ImportQuota(pk=key.pk, sk=key.sk), at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    free = ImportQuota.imports.does_not_exist() | (ImportQuota.imports < IMPORTS_PER_HOUR)
    actions = [ImportQuota.imports.add(1), ImportQuota.ttl.set(clock.epoch(ends + timedelta(days=1)))]
    refusal = TooManyImports(retry_after=max(1, int((ends - at).total_seconds())))
    transaction.update(row, actions, free, otherwise=refusal)


def read_import(user_id: str, import_id: str) -> ImportRow | None:
    return ImportRow.read(keys.recipe_import(user_id, import_id))


def page_of_imports(user_id: str, *, limit: int, after: dict[str, str] | None) -> queries.Slice[ImportRow]:
    return queries.query_page(
        ImportRow,
        keys.user(user_id).pk,
        within=ImportRow.sk.startswith(keys.prefix("IMPORT")),
        limit=limit,
        after=after,
        newest_first=True,
        consistent=True,
    )


def fresh_draft(row: ImportRow, draft_id: str, **values: Any) -> DraftRow:
    key = keys.import_draft(row.user_id, row.id, draft_id)
    return DraftRow(pk=key.pk, sk=key.sk, ttl=row.ttl, **values)


def put_drafts(rows: Sequence[DraftRow]) -> None:
    """Write drafts under ids derived from their import, which makes this idempotent. 1–2 write units each."""
    with DraftRow.batch_write() as batch:
        for row in rows:
            row.version = 1
            batch.save(row)


def read_drafts(user_id: str, import_id: str) -> list[DraftRow]:
    """Read the drafts of an import consistently: 1 read unit for about 3."""
    within = DraftRow.sk.startswith(keys.prefix("IMPORTDRAFT", import_id))
    return list(DraftRow.query(keys.user(user_id).pk, within, consistent_read=True))


def read_draft(user_id: str, import_id: str, draft_id: str) -> DraftRow | None:
    """Read one draft consistently: 1 read unit."""
    return DraftRow.read(keys.import_draft(user_id, import_id, draft_id))


def reread_draft(draft: DraftRow) -> DraftRow | None:
    return DraftRow.read(draft.key)
