"""Metrics of suggestions by source, provider and model, emitted after the commit."""

from collections import Counter

from apps.core.telemetry import emf
from apps.suggestions.models import Status, SuggestionRow
from apps.suggestions.providers.port import Failure, Usage
from smartcooking.contract import metrics
from smartcooking.contract.metrics import Metric


def stored(row: SuggestionRow, *, again: bool, follows: bool) -> None:
    """Count whether a generation was avoided: cached, or in progress for somebody else."""
    if again:
        emf.count(metrics.CACHE_HITS, Cache="answers")
    elif follows:
        emf.count(metrics.CACHE_HITS, Cache="flights")
    elif "fingerprint" in row.request:
        emf.count(metrics.CACHE_MISSES, Cache="answers")
    if row.status == Status.COMPLETE:
        completed(row)


def completed(row: SuggestionRow) -> None:
    """Count the recipes of a complete suggestion by source."""
    sources = Counter(str(entry["source"]) for entry in row.recipes)
    measured: dict[Metric, float] = {metrics.SUGGESTIONS: 1}
    if sources:
        measured[metrics.CATALOGUE_SHARE] = round(100 * sources["catalogue"] / sources.total(), 1)
    emf.emit(measured)
    for source, number in sources.items():
        emf.emit({metrics.SUGGESTED_RECIPES: number}, Source=source)


def called(provider: str, model: str, usage: Usage, outcome: str) -> None:
    """Count one call. If rules can compose nothing for a method, that is an answer and not a failure."""
    if outcome == Failure.NOT_COMPOSABLE:
        return
    measured: dict[Metric, float] = {
        metrics.GENERATIONS: 1,
        metrics.GENERATION_LATENCY: usage.latency_ms,
        metrics.GENERATION_TOKENS_IN: usage.input_tokens,
        metrics.GENERATION_TOKENS_OUT: usage.output_tokens,
        metrics.GENERATION_COST: usage.cost_usd,
    }
    if outcome != "stored":
        measured[metrics.GENERATION_FAILURES] = 1
    if outcome == Failure.TIMEOUT:
        measured[metrics.GENERATION_TIMEOUTS] = 1
    emf.emit(measured, Provider=provider, Model=model)


def spared(provider: str, model: str) -> None:
    """Count a call that an open breaker prevented: users still miss the provider."""
    emf.emit({metrics.GENERATIONS: 1, metrics.GENERATION_FAILURES: 1}, Provider=provider, Model=model)
