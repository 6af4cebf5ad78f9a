"""Making one recipe: the providers in their order, each answer checked, one more attempt where one fails."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import structlog

from apps.recipes.content import RecipeContent, Source
from apps.recipes.derivation import derive
from apps.suggestions import measures, safety
from apps.suggestions.breakers import Breakers
from apps.suggestions.providers import registry
from apps.suggestions.providers.port import Failure, Generated, GenerationFailed, GenerationRequest, Usage
from apps.suggestions.safety import Limits

log = structlog.get_logger()

# A recipe of the wrong shape or an unsafe one is asked for once more and then dropped.
TRIES = 2
# Seconds that stay for a provider of our own when the others have used up their time: it needs some milliseconds.
_KEPT_FOR_OURS = 0.4

OURS = "rules"


@dataclass(frozen=True, slots=True)
class Way:
    """A provider that may be asked now, and the model to ask for."""

    provider: str
    model: str

    @property
    def source(self) -> Source:
        return Source.RULES if self.provider == OURS else Source.AI

    def ask(self, request: GenerationRequest, deadline: float) -> Generated:
        return registry.PROVIDERS[self.provider](request, deadline=deadline, model=self.model)


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
    # Whether a model was to be asked first and gave nothing that could be used, or was not asked for its open breaker.
    missed_ai: bool = False


@dataclass
class Making:
    """One recipe being made: what to make, for whom, until when (`time.monotonic()`), and what was tried so far."""

    request: GenerationRequest
    limits: Limits
    deadline: float
    breakers: Breakers
    attempts: list[Attempt] = field(default_factory=list)

    def run(self, ways: Sequence[Way]) -> Outcome:
        """Return a recipe that is safe for the person, from the first way that leads to one before the deadline."""
        missed = False
        for way in ways:
            content = self._along(way, is_last=way is ways[-1])
            if content is not None:
                return Outcome(content, way.source, tuple(self.attempts), missed and way.source != Source.AI)
            missed |= way.source == Source.AI
        return Outcome(None, None, tuple(self.attempts), missed)

    def _along(self, way: Way, *, is_last: bool) -> RecipeContent | None:
        """Ask one provider, and once more for an answer that is of the wrong shape, refused or not safe."""
        deadline = self.deadline if is_last else self.deadline - _KEPT_FOR_OURS
        self.request = replace(self.request, violations=(), faults=())
        for request in self._requests():
            if not self.breakers.lets_through(way.provider):
                measures.spared(way.provider, way.model)
                return None
            try:
                generated = self._ask(way, request, deadline)
            except GenerationFailed as failed:
                self._note(way, Attempt(failed.usage, failed.failure.value), failed)
                if not self._may_ask_again(failed):
                    return None
                continue
            self.breakers.succeeded(way.provider)
            content = derive(_unclaimed(generated.content))
            wrong = safety.violations_of(self.limits, content)
            self._keep(way, Attempt(generated.usage, "unsafe" if wrong else "stored"))
            if not wrong:
                return content
            log.warning("generated_recipe_unsafe", provider=way.provider, violations=wrong)
            self.request = replace(self.request, violations=tuple(wrong), faults=())
        return None

    def _requests(self) -> Iterator[GenerationRequest]:
        """Yield the request twice, as it stands then, and for each method that could not be cooked another one."""
        left = TRIES
        while left:
            method = self.request.method
            yield self.request
            left -= self.request.method == method

    def _ask(self, way: Way, request: GenerationRequest, deadline: float) -> Generated:
        if time.monotonic() >= deadline:
            raise GenerationFailed(Failure.TIMEOUT, Usage(way.provider, way.model))
        return way.ask(request, deadline)

    def _keep(self, way: Way, attempt: Attempt) -> None:
        """Count every call that comes to its end, also one whose suggestion does not wait for it any more."""
        self.attempts.append(attempt)
        measures.called(way.provider, way.model, attempt.usage, attempt.outcome)

    def _note(self, way: Way, attempt: Attempt, failed: GenerationFailed) -> None:
        self._keep(way, attempt)
        self.breakers.failed(way.provider, failed.failure)
        log.warning(
            "generation_failed", provider=way.provider, model=way.model, failure=failed.failure.value,
            detail=failed.detail, faults=failed.faults,
        )  # fmt: skip

    def _may_ask_again(self, failed: GenerationFailed) -> bool:
        """Decide on another attempt, and say in the request what it should do otherwise."""
        if failed.failure == Failure.NOT_COMPOSABLE and self.request.alternatives:
            first, *others = self.request.alternatives
            self.request = replace(self.request, method=first, alternatives=tuple(others))
            return True
        if failed.failure == Failure.INVALID_OUTPUT:
            self.request = replace(self.request, faults=failed.faults)
            return True
        return False


def make(
    request: GenerationRequest, *, limits: Limits, deadline: float, ways: Sequence[Way], breakers: Breakers
) -> Outcome:
    """Return a recipe that is safe for the person, from the first of `ways` that makes one before `deadline`.

    Where an answer is of the wrong shape or violates the limits it is asked for once more, with what was wrong named,
    and then dropped: nothing is repaired by invention.
    """
    return Making(request, limits, deadline, breakers).run(ways)


def _unclaimed(content: RecipeContent) -> RecipeContent:
    """Drop ids that a provider may have written: what an ingredient is follows from its name alone."""
    return replace(content, ingredients=tuple(replace(line, ingredient_id=None) for line in content.ingredients))
