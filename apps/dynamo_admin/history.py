"""The audit log as the admin's templates read it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst

from apps.core import audit
from apps.core.audit import AuditEntry


@dataclass(frozen=True)
class Action:
    """One entry with the names that the stock templates use for a LogEntry."""

    entry: AuditEntry
    site: Any

    @property
    def action_time(self) -> datetime:
        return self.entry.at

    @property
    def object_repr(self) -> str:
        return self.entry.title or f"{self.site.target_word(self.entry.target_type)} {self.entry.target_id}"

    @property
    def user(self) -> Any:
        return _Actor(self.entry.actor_id, self.entry.actor_name)

    @property
    def is_addition(self) -> bool:
        return self.entry.act.startswith("add")

    @property
    def is_deletion(self) -> bool:
        return self.entry.act.startswith(("delete", "erase"))

    @property
    def is_change(self) -> bool:
        return not self.is_addition and not self.is_deletion

    @property
    def content_type(self) -> Any:
        """Stand in for the content type: the template shows its name, which here is what was done."""
        return {"name": self.get_change_message()}

    def get_change_message(self) -> str:
        said = self.site.act_word(self.entry.act)
        return f"{said}: {self.entry.reason}" if self.entry.reason else said

    @property
    def change(self) -> str:
        """Return what the act changed, as JSON for readers; empty where it says nothing."""
        parts = {name: held for name in ("before", "after") if (held := getattr(self.entry, name))}
        return json.dumps(parts, ensure_ascii=False, indent=1, default=str) if parts else ""

    def get_admin_url(self) -> str | None:
        """Return the page of the target, if the site has one."""
        url: str | None = self.site.target_url(self.entry.target_type, self.entry.target_id)
        return url


@dataclass(frozen=True)
class _Actor:
    pk: str
    name: str

    def get_username(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return ""

    def __str__(self) -> str:
        return self.name


class RecentActions:
    """What the tag `get_admin_log` needs: `filter(user__pk=…)` and a slice."""

    def __init__(self, site: Any, actor_id: str | None = None) -> None:
        self._site = site
        self._actor_id = actor_id

    def filter(self, **conditions: Any) -> "RecentActions":
        return RecentActions(self._site, str(conditions.get("user__pk", self._actor_id)))

    def __getitem__(self, wanted: slice) -> Sequence[Action]:
        entries = audit.recent(actor_id=self._actor_id, limit=wanted.stop or 10)
        return [Action(entry, self._site) for entry in entries]


def told(entry: AuditEntry | None, site: Any) -> str:
    """Say who did what and when: for those who come second."""
    if entry is None:
        return ""
    at = date_format(entry.at, "DATETIME_FORMAT")
    return f"{entry.actor_name}, {at}: {capfirst(Action(entry, site).get_change_message())}"
