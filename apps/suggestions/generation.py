"""Making one recipe: the providers in their order, the safety check, one more attempt where it fails."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import structlog
from django.conf import settings

from apps.recipes.content import RecipeContent
from apps.recipes.derivation import derive
from apps.recipes.models import Source
from apps.suggestions import safety
from apps.suggestions.providers import rules
from apps.suggestions.providers.port import Failure, Generated, GenerationFailed, GenerationRequest, Usage
from apps.suggestions.safety import Limits

log = structlog.get_logger()

Generate = Callable[..., Generated]

# A recipe that is not safe is asked for once more and then dropped.
_TRIES = 2


@dataclass(frozen=True, slots=True)
class Provider:
    """A way to generate recipes and what a recipe from it is called."""

    name: str
    generate: Generate
    source: Source


PROVIDERS = {"rules": Provider("rules", rules.generate, Source.RULES)}


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one call took and what became of it: stored, unsafe, or a `Failure`."""

    usage: Usage
    outcome: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A safe recipe, or None; and every attempt that was made on the way, the last one that of the recipe."""

    content: RecipeContent | None
    source: Source | None
    attempts: tuple[Attempt, ...]


def make(request: GenerationRequest, *, limits: Limits, deadline: float) -> Outcome:
    """Return a recipe that is safe for the person, from the first provider that makes one before `deadline`.

    A recipe that violates the limits is asked for once more, with the violation named, and then dropped.
    """
    attempts: list[Attempt] = []
    for provider in enabled():
        made = _from(provider, request, limits, deadline, attempts)
        if made is not None:
            return Outcome(made, provider.source, tuple(attempts))
    return Outcome(None, None, tuple(attempts))


def enabled() -> Iterator[Provider]:
    return (PROVIDERS[name] for name in settings.AI_PROVIDERS)


def _from(
    provider: Provider, request: GenerationRequest, limits: Limits, deadline: float, attempts: list[Attempt]
) -> RecipeContent | None:
    """Ask one provider: once more for a recipe that is not safe, and with another method where this one cannot be."""
    unsafe = 0
    while unsafe < _TRIES:
        try:
            content, usage = _ask(provider, request, deadline)
        except GenerationFailed as failure:
            attempts.append(Attempt(failure.usage, failure.failure.value))
            if failure.failure != Failure.NOT_COMPOSABLE or not request.alternatives:
                log.warning("generation_failed", provider=provider.name, failure=failure.failure.value)
                return None
            request = replace(request, method=request.alternatives[0], alternatives=request.alternatives[1:])
            continue
        wrong = safety.violations_of(limits, content)
        attempts.append(Attempt(usage, "unsafe" if wrong else "stored"))
        if not wrong:
            return content
        unsafe += 1
        log.warning("generated_recipe_unsafe", provider=provider.name, violations=wrong)
        request = replace(request, violations=tuple(wrong))
    return None


def _ask(provider: Provider, request: GenerationRequest, deadline: float) -> tuple[RecipeContent, Usage]:
    if time.monotonic() >= deadline:
        raise GenerationFailed(Failure.TIMEOUT, Usage(provider.name, ""))
    generated = provider.generate(request, deadline=deadline)
    return derive(_unclaimed(generated.content)), generated.usage


def _unclaimed(content: RecipeContent) -> RecipeContent:
    """Drop ids that a provider may have written: what an ingredient is follows from its name alone."""
    return replace(content, ingredients=tuple(replace(line, ingredient_id=None) for line in content.ingredients))
