"""Evaluate a model and a prompt: a fixed set of requests, the result of each, and totals."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from statistics import quantiles
from typing import Any

import yaml

from apps.ingredients import services as ingredients
from apps.recipes.content import Language, Meal, Method, RecipeContent
from apps.recipes.derivation import derive
from apps.suggestions import safety, selection
from apps.suggestions.generation import prompts
from apps.suggestions.providers import registry
from apps.suggestions.providers.port import AtHand, GenerationFailed, GenerationRequest, Person, Usage
from apps.suggestions.safety import Limits

_CASES = Path(__file__).parents[1] / "data" / "evaluation.yaml"


@dataclass(frozen=True, slots=True)
class Case:
    """A request, under the name by which results show it, and what its recipe must not hold."""

    name: str
    request: GenerationRequest
    limits: Limits


@dataclass(frozen=True, slots=True)
class Result:
    """What one call gave. `outcome` is `valid` or a `Failure`; `violations` name ingredients that were not allowed."""

    case: str
    outcome: str
    usage: Usage
    title: str = ""
    method: str = ""
    minutes: int | None = None
    too_long: bool = False
    violations: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    detail: str = ""


@cache
def _written() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = yaml.load(_CASES.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return read


def cases(limit: int | None = None) -> list[Case]:
    """Return the requests; LookupError names an ingredient that the master list does not have."""
    return [_case(written) for written in _written()[:limit]]


def _case(written: dict[str, Any]) -> Case:
    diets, allergens = tuple(written.get("diets", ())), tuple(written.get("allergens", ()))
    person = Person(
        diets=diets,
        allergens=allergens,
        skill_level=written.get("skill_level"),
        spice_level=written.get("spice_level"),
        budget_level=written.get("budget_level"),
    )
    request = GenerationRequest(
        ingredients=tuple(_at_hand(name) for name in written["ingredients"]),
        method=Method(written["method"]),
        language=Language(written["language"]),
        person=person,
        cuisine=written.get("cuisine"),
        meal=Meal(written["meal"]) if "meal" in written else None,
        max_minutes=written.get("max_minutes"),
        servings=written.get("servings", 2),
    )
    return Case(written["name"], request, Limits(frozenset(allergens), diets=frozenset(diets)))


def _at_hand(name: str) -> AtHand:
    found = ingredients.resolve(name)
    if found is None:
        message = f"{name} is not in the master list: run manage.py seed_ingredients"
        raise LookupError(message)
    return AtHand(found.id, found.vi, found.en, found.category.value, found.staple)


def run(wanted: Iterable[Case], *, provider: str, model: str, seconds: float) -> Iterator[Result]:
    """Ask once for each case, one after the other, so that latencies are those of a single request."""
    generate = registry.PROVIDERS[provider]
    for case in wanted:
        try:
            generated = generate(case.request, deadline=time.monotonic() + seconds, model=model)
        except GenerationFailed as failed:
            detail = ", ".join(failed.faults) or failed.detail
            yield Result(case.name, failed.failure.value, failed.usage, detail=detail)
        else:
            yield _judged(case, generated.content, generated.usage)


def _judged(case: Case, written: RecipeContent, usage: Usage) -> Result:
    """Check a recipe as the service does, and also against the prompt's instructions."""
    content = derive(written)
    most, takes = case.request.max_minutes, content.total_minutes
    return Result(
        case.name,
        "valid",
        usage,
        title=content.title,
        method=content.method.value,
        minutes=takes,
        too_long=bool(most and takes and takes > most),
        violations=tuple(safety.violations_of(case.limits, content)),
        unresolved=tuple(line.name for line in content.ingredients if line.ingredient_id is None),
    )


def summary(results: Sequence[Result], *, provider: str, model: str) -> dict[str, Any]:
    """Return the figures over all results; milliseconds, US dollars, else counts."""
    valid = [one for one in results if one.outcome == "valid"]
    latencies = [one.usage.latency_ms for one in results]
    cost = sum(one.usage.cost_usd for one in results)
    return {
        "provider": provider,
        "model": model,
        "prompt": prompts.VERSION,
        "requests": len(results),
        "valid_at_first_try": len(valid),
        "violations": sum(bool(one.violations) for one in valid),
        "unresolved_ingredients": sum(len(one.unresolved) for one in valid),
        "over_time": sum(one.too_long for one in valid),
        "methods": len({one.method for one in valid}),
        "distinct_titles": _distinct([one.title for one in valid]),
        "input_tokens": sum(one.usage.input_tokens for one in results),
        "output_tokens": sum(one.usage.output_tokens for one in results),
        "cost_usd": round(cost, 6),
        "cost_per_valid_usd": round(cost / len(valid), 6) if valid else None,
        "latency_ms_p50": _percentile(latencies, 50),
        "latency_ms_p95": _percentile(latencies, 95),
    }


def _distinct(titles: Sequence[str]) -> int:
    """Count titles that nobody would take for the same dish."""
    kept: list[str] = []
    for title in titles:
        if not selection.is_near_duplicate(title, kept):
            kept.append(title)
    return len(kept)


def _percentile(values: Sequence[int], rank: int) -> int | None:
    if len(values) < 2:  # noqa: PLR2004  quantiles need two
        return values[0] if values else None
    return round(quantiles(values, n=100, method="inclusive")[rank - 1])


def as_json(results: Sequence[Result]) -> list[dict[str, Any]]:
    return [asdict(one) for one in results]
