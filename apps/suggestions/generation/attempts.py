"""Generate one recipe: try the providers in order, check each answer, retry once on failure."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import structlog

from apps.recipes.content import RecipeContent, Source
from apps.recipes.derivation import derive
from apps.suggestions import metrics, safety
from apps.suggestions.generation.breakers import Breakers
from apps.suggestions.providers import registry
from apps.suggestions.providers.port import Failure, Generated, GenerationFailed, GenerationRequest, Usage
from apps.suggestions.safety import Limits

log = structlog.get_logger()

# After a malformed or unsafe recipe the provider is called once more.
TRIES = 2
# Seconds reserved for our own provider after the others have used up their time; it needs some milliseconds.
_KEPT_FOR_OURS = 0.4

OURS = "rules"


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider that may be called, with its model."""

    name: str
    model: str

    @property
    def source(self) -> Source:
        return Source.RULES if self.name == OURS else Source.AI

    def ask(self, request: GenerationRequest, deadline: float) -> Generated:
        return registry.PROVIDERS[self.name](request, deadline=deadline, model=self.model)


@dataclass(frozen=True, slots=True)
class Attempt:
    """The usage of one call and its outcome: stored, unsafe, or a `Failure`."""

    usage: Usage
    outcome: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """A safe recipe, or None; and every attempt that was made on the way, the last one that of the recipe."""

    content: RecipeContent | None
    source: Source | None
    attempts: tuple[Attempt, ...]
    # Whether the first provider was a model and gave no usable recipe, or was skipped because its breaker is open.
    missed_ai: bool = False


@dataclass
class Making:
    """The state of one generation: request, limits, deadline (`time.monotonic()`), and the attempts so far."""

    request: GenerationRequest
    limits: Limits
    deadline: float
    breakers: Breakers
    attempts: list[Attempt] = field(default_factory=list)

    def run(self, providers: Sequence[Provider]) -> Outcome:
        """Return a recipe that is safe for the person, from the first provider that makes one in time."""
        missed = False
        for provider in providers:
            content = self._along(provider, is_last=provider is providers[-1])
            if content is not None:
                return Outcome(content, provider.source, tuple(self.attempts), missed and provider.source != Source.AI)
            missed |= provider.source == Source.AI
        return Outcome(None, None, tuple(self.attempts), missed)

    def _along(self, provider: Provider, *, is_last: bool) -> RecipeContent | None:
        """Call one provider, and call it again if its answer was malformed, refused or unsafe."""
        deadline = self.deadline if is_last else self.deadline - _KEPT_FOR_OURS
        self.request = replace(self.request, violations=(), faults=())
        for request in self._requests():
            if not self.breakers.lets_through(provider.name):
                metrics.spared(provider.name, provider.model)
                return None
            try:
                generated = self._ask(provider, request, deadline)
            except GenerationFailed as failed:
                self._note(provider, Attempt(failed.usage, failed.failure.value), failed)
                if not self._may_ask_again(failed):
                    return None
                continue
            self.breakers.succeeded(provider.name)
            content = derive(_unclaimed(generated.content))
            wrong = safety.violations_of(self.limits, content)
            self._keep(provider, Attempt(generated.usage, "unsafe" if wrong else "stored"))
            if not wrong:
                return content
            log.warning("generated_recipe_unsafe", provider=provider.name, violations=wrong)
            self.request = replace(self.request, violations=tuple(wrong), faults=())
        return None

    def _requests(self) -> Iterator[GenerationRequest]:
        """Yield the request for each try, as it stands then."""
        for _ in range(TRIES):
            yield self.request

    def _ask(self, provider: Provider, request: GenerationRequest, deadline: float) -> Generated:
        if time.monotonic() >= deadline:
            raise GenerationFailed(Failure.TIMEOUT, Usage(provider.name, provider.model))
        return provider.ask(request, deadline)

    def _keep(self, provider: Provider, attempt: Attempt) -> None:
        """Count every finished call, including calls whose suggestion no longer waits."""
        self.attempts.append(attempt)
        metrics.called(provider.name, provider.model, attempt.usage, attempt.outcome)

    def _note(self, provider: Provider, attempt: Attempt, failed: GenerationFailed) -> None:
        self._keep(provider, attempt)
        self.breakers.failed(provider.name, failed.failure)
        log.warning(
            "generation_failed", provider=provider.name, model=provider.model, failure=failed.failure.value,
            detail=failed.detail, faults=failed.faults,
        )  # fmt: skip

    def _may_ask_again(self, failed: GenerationFailed) -> bool:
        """Decide whether to try again, and tell the provider in the request what to change."""
        if failed.failure == Failure.INVALID_OUTPUT:
            self.request = replace(self.request, faults=failed.faults)
            return True
        return False


def make(
    request: GenerationRequest, *, limits: Limits, deadline: float, providers: Sequence[Provider], breakers: Breakers
) -> Outcome:
    """Return a recipe that is safe for the person, from the first of `providers` that makes one before `deadline`.

    Where an answer is of the wrong shape or violates the limits it is asked for once more, with what was wrong named,
    and then dropped: nothing is repaired by invention.
    """
    return Making(request, limits, deadline, breakers).run(providers)


def _unclaimed(content: RecipeContent) -> RecipeContent:
    """Drop ids that a provider may have written: ingredients are resolved by name only."""
    return replace(content, ingredients=tuple(replace(line, ingredient_id=None) for line in content.ingredients))
