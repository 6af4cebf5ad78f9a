"""Paths of the admin, and the cases and names that moderators find there."""

from collections.abc import Callable
from typing import Any

from apps.core import ids, keys
from apps.core.models import Item
from apps.ingredients import editing


def path(model: str, id_: str = "", act: str = "") -> str:
    middle = f"{id_}/act/{act}/" if act else f"{id_}/change/" if id_ else ""
    return f"/admin/backoffice/{model}/{middle}"


def report(api: Any, person: Any, kind: str, target_id: str) -> None:
    body = {"target_type": kind, "target_id": target_id, "reason": "spam", "note": "xấu"}
    assert api.post("/v1/reports", json=body, token=person.token).status_code == 201


def unknown_word() -> str:
    """Return a word that no test has used and that is not similar to any food's name."""
    return "".join(chr(ord("g") + int(digit, 36) % 16) for digit in ids.new_id()[-14:].lower())


def waiting_name(api: Any, person: Callable[..., Any], name: str) -> str:
    """Let five people report a name; return its id in the moderators' queue."""
    for _ in range(5):
        api.post("/v1/ingredients/validate", json={"ingredients": [name]}, token=person().token)
    queued = [keys.last_part(row.pk) for row in Item.queues.query(keys.unknown_names_queue("-", "-").pk)]
    return next(key for key, row in editing.load_unknown_names(queued).items() if row.name == name)
