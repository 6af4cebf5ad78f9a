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
    """Ask one provider, twice at most."""
    for _ in range(2):
        if time.monotonic() >= deadline:
            attempts.append(Attempt(Usage(provider.name, ""), Failure.TIMEOUT.value))
            return None
        try:
            generated = provider.generate(request, deadline=deadline)
        except GenerationFailed as failure:
            attempts.append(Attempt(failure.usage, failure.failure.value))
            log.warning("generation_failed", provider=provider.name, failure=failure.failure.value)
            return None
        content = derive(_unclaimed(generated.content))
        wrong = safety.violations(limits, [line.ingredient_id for line in content.ingredients])
        attempts.append(Attempt(generated.usage, "unsafe" if wrong else "stored"))
        if not wrong:
            return content
        log.warning("generated_recipe_unsafe", provider=provider.name, violations=wrong)
        request = replace(request, violations=tuple(wrong))
    return None


def _unclaimed(content: RecipeContent) -> RecipeContent:
    """Drop ids that a provider may have written: what an ingredient is follows from its name alone."""
    return replace(content, ingredients=tuple(replace(line, ingredient_id=None) for line in content.ingredients))
