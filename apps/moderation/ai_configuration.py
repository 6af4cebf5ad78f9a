"""Change the settings of generation from the admin, like `manage.py ai_settings`, with an audit entry."""

from dataclasses import asdict
from typing import Any

from apps.core import audit
from apps.core.authentication import Actor
from apps.core.errors import ValidationFailed
from apps.moderation import acts, authority
from apps.moderation.acts import Act
from apps.suggestions.generation import configuration
from apps.suggestions.generation.configuration import InvalidSetting
from apps.suggestions.providers import registry

TARGET = "ai_settings"
PROVIDERS = tuple(registry.PROVIDERS)


def current() -> dict[str, Any]:
    return asdict(configuration.current())


def is_in_force(wanted: dict[str, Any]) -> bool:
    """Return whether these settings are already in force."""
    now = current()
    return all(_plain(now[name]) == _plain(value) for name, value in wanted.items())


def change(wanted: dict[str, Any], *, actor: Actor, reason: str) -> str:
    """Change the settings that differ, for all processes, with an audit entry. ValidationFailed changes nothing."""
    who, reason = authority.require_admin(actor), acts.require_reason(reason)
    before = current()
    changed = {name: value for name, value in wanted.items() if _plain(value) != _plain(before[name])}
    try:
        configuration.change(**changed)
    except InvalidSetting as error:
        raise ValidationFailed(str(error)) from error
    return audit.write(
        act=Act.AI_SETTINGS.value, who=who, target_type=TARGET, target_id="current", reason=reason,
        before={name: before[name] for name in changed}, after=changed,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
