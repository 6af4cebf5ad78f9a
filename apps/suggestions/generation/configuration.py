"""Settings of generation: from the environment, overridden at run time by operators, the same in all processes."""

import threading
import time
from dataclasses import dataclass, replace
from typing import Any

import structlog
from django.conf import settings

from apps.core import problems
from apps.core.transactions import retry_conflicts
from apps.suggestions.providers import registry
from apps.suggestions.repositories import configuration as repository

log = structlog.get_logger()

# Seconds for which a process caches the settings: half of the promised ten.
BELIEVED = 5.0


@dataclass(frozen=True, slots=True)
class AiSettings:
    """`providers` in the order in which they are asked; `daily_quota` counts generated recipes of one person.

    `monthly_budget_usd` is for all people together: when it is used up, providers that cost nothing go on.
    """

    providers: tuple[str, ...]
    bedrock_model: str
    ollama_model: str
    daily_quota: int
    monthly_budget_usd: float

    def model(self, provider: str) -> str:
        """Return the model to be asked of a provider."""
        chosen = {"bedrock": self.bedrock_model, "ollama": self.ollama_model}
        return chosen.get(provider) or registry.default_model(provider)


class InvalidSetting(ValueError):
    """An invalid value; nothing was changed."""


def defaults() -> AiSettings:
    """Return what the environment says."""
    return AiSettings(
        providers=tuple(settings.AI_PROVIDERS),
        bedrock_model=settings.BEDROCK_MODEL_ID,
        ollama_model=settings.OLLAMA_MODEL,
        daily_quota=settings.AI_DAILY_QUOTA,
        monthly_budget_usd=settings.AI_MONTHLY_BUDGET_USD,
    )


class _Known:
    """The settings that this process has read last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._changes: dict[str, Any] = {}
        self._until = 0.0

    def changes(self) -> dict[str, Any]:
        """Return the settings that operators changed: half a read unit every five seconds in a process that needs them.

        One that cannot read goes on with what it knew.
        """
        with self._lock:
            if time.monotonic() < self._until:
                return self._changes
            try:
                self._changes = repository.changes()
            except Exception as error:
                if not problems.is_outage(error):
                    raise
                log.warning("ai_settings_not_read")
            self._until = time.monotonic() + BELIEVED
            return self._changes

    def forget(self) -> None:
        self._until = 0.0


_known = _Known()


def current() -> AiSettings:
    """Return the settings in force, at most five seconds old."""
    return _with(_known.changes())


def stored() -> dict[str, Any]:
    """Return what operators changed, as it lies in the table now."""
    return repository.changes()


@retry_conflicts
def change(**wanted: Any) -> AiSettings:
    """Change settings for all processes; None restores the environment's value. `InvalidSetting` changes nothing."""
    before = repository.read()
    body = {**before.body, **wanted}
    changes = {name: value for name, value in body.items() if value is not None}
    result = _with(changes)
    _check(result)
    before.body = changes
    repository.save(before)
    _known.forget()
    log.info("ai_settings_changed", changed=sorted(wanted))
    return result


def _with(changes: dict[str, Any]) -> AiSettings:
    known = {name: value for name, value in changes.items() if name in AiSettings.__dataclass_fields__}
    if "providers" in known:
        known["providers"] = tuple(known["providers"])
    return replace(defaults(), **known)


def _check(wanted: AiSettings) -> None:
    unknown = [name for name in wanted.providers if name not in registry.PROVIDERS]
    if unknown or not wanted.providers or len(set(wanted.providers)) < len(wanted.providers):
        names = ", ".join(registry.PROVIDERS)
        raise InvalidSetting(f"providers must be some of {names}, each once")
    if wanted.daily_quota < 0 or wanted.monthly_budget_usd < 0:
        raise InvalidSetting("quota and budget cannot be below 0")
    if not wanted.bedrock_model.strip() or not wanted.ollama_model.strip():
        raise InvalidSetting("a model needs a name")
