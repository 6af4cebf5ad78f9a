"""The provider that composes recipes by rules: no network, no cost, labelled as such."""

import hashlib
import json
import time
from dataclasses import asdict

from apps.core.food import ALLERGENS
from apps.ingredients import services as ingredients
from apps.recipes.content import RecipeContent
from apps.suggestions import at_hand, selection
from apps.suggestions.composition import composing, foods, pairings
from apps.suggestions.composition.archetypes import archetypes
from apps.suggestions.composition.kitchen import kitchen
from apps.suggestions.providers.port import Failure, Generated, GenerationFailed, GenerationRequest, Usage
from apps.suggestions.safety import Limits

_PROVIDER = "rules"
MODEL = "rules-2"
_NO_HEAT_WANTED = frozenset({"none", "mild"})


def prepare() -> None:
    """Read the archetypes and what is known of foods, which takes some tenths of a second."""
    archetypes()
    pairings.prepare()
    foods.left_out_ids()


def usage(latency_ms: int = 0, prompt_hash: str = "") -> Usage:
    """Return what composing took: no tokens, no money."""
    return Usage(_PROVIDER, MODEL, latency_ms=latency_ms, prompt_hash=prompt_hash)


def generate(request: GenerationRequest, *, deadline: float, model: str = MODEL) -> Generated:
    """Return the recipe that `request.variant` numbers among those that can be composed, always the same one.

    GenerationFailed(NOT_COMPOSABLE) where fewer fit an archetype: what fits none is not composed. Takes some
    milliseconds, so `deadline` does not matter; there is one set of rules, so `model` does not either.
    """
    started = time.monotonic()
    content = _variant(request)
    taken = usage(round((time.monotonic() - started) * 1000), _hash(request))
    if content is None:
        raise GenerationFailed(Failure.NOT_COMPOSABLE, taken)
    return Generated(content, taken)


def _variant(request: GenerationRequest) -> RecipeContent | None:
    """Return the recipe of that number, None where there are fewer; the method counts where somebody asked for it."""
    person = request.person
    usable = [
        at_hand.AtHand(found, one.quantity, one.unit)
        for one in request.ingredients
        if (found := ingredients.find(one.id)) and not {found.vi, found.en} & set(request.violations)
    ]
    place = kitchen(
        usable,
        language=request.language.value,
        limits=Limits(
            frozenset(person.allergens) & frozenset(ALLERGENS),
            frozenset(one.id for one in person.avoid),
            frozenset(person.diets),
        ),
        servings=request.servings,
        max_minutes=request.max_minutes,
        mild=person.spice_level in _NO_HEAT_WANTED,
    )
    method = None if request.any_method else request.method.value
    meal = request.meal.value if request.meal else None
    left = request.variant
    titles = list(request.avoid_titles)
    for one in composing.compose(place, meal=meal, method=method):
        if selection.is_near_duplicate(one.title, titles):
            continue
        titles.append(one.title)
        if left == 0:
            return one.content
        left -= 1
    return None


def _hash(request: GenerationRequest) -> str:
    """Return SHA-256 of the request in its canonical form: keys sorted, no spaces."""
    canonical = json.dumps(asdict(request), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
