"""Access to the row of settings that operators changed."""

from typing import Any

from apps.core import keys, transactions
from apps.suggestions.models import AiSettingsRow


def changes() -> dict[str, Any]:
    """Return what was changed: half a read unit."""
    row = AiSettingsRow.read(keys.ai_settings(), consistent=False)
    return dict(row.body) if row else {}


def read() -> AiSettingsRow:
    """Return the row to change it, a fresh one where there is none."""
    key = keys.ai_settings()
    return AiSettingsRow.read(key) or AiSettingsRow(pk=key.pk, sk=key.sk, body={})


def save(row: AiSettingsRow) -> None:
    """Store it; WriteConflict where another operator was faster."""
    transactions.save(row)
