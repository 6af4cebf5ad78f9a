"""The providers by their names in AI_PROVIDERS, and the model of each."""

from collections.abc import Callable

from django.conf import settings

from apps.suggestions.providers import bedrock, ollama, rules
from apps.suggestions.providers.port import Answer, Generated

Generate = Callable[..., Generated]
Ask = Callable[..., Answer]

PROVIDERS: dict[str, Generate] = {
    "bedrock": bedrock.generate,
    "ollama": ollama.generate,
    "rules": rules.generate,
}

# Those that take questions of any kind.
MODELS: dict[str, Ask] = {"bedrock": bedrock.ask, "ollama": ollama.ask}

_PREPARATIONS: dict[str, Callable[[], object]] = {"bedrock": bedrock.prepare, "rules": rules.prepare}


def prepare(provider: str) -> None:
    """Load what a provider caches in the process's memory. Idempotent."""
    if provider in _PREPARATIONS:
        _PREPARATIONS[provider]()


def default_model(provider: str) -> str:
    """Return the model that the environment names for a provider."""
    return {"bedrock": settings.BEDROCK_MODEL_ID, "ollama": settings.OLLAMA_MODEL}.get(provider, rules.MODEL)
