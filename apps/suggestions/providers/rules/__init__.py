"""Recipes composed by rules from method templates and what is at hand: no network, no cost, labelled as such."""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import asdict

from apps.core.text import fold
from apps.recipes.content import Meal, Method, RecipeContent
from apps.suggestions.providers.port import Failure, Generated, GenerationFailed, GenerationRequest, Usage
from apps.suggestions.providers.rules import choosing, composing, larder, staples
from apps.suggestions.providers.rules.larder import Item
from apps.suggestions.providers.rules.plans import Plan
from apps.suggestions.providers.rules.staples import Stocked
from apps.suggestions.providers.rules.templates import Dish, Template, templates
from apps.suggestions.selection import is_near_duplicate

_PROVIDER = "rules"
MODEL = "rules-1"
# Each turn leads with other ingredients: with two dishes of two templates twelve recipes, more than anybody asks for.
_TURNS = 3


def prepare() -> None:
    """Read the templates and the classes of food, which takes some tenths of a second."""
    for method in Method:
        templates(method)
    larder.classes()


def generate(request: GenerationRequest, *, deadline: float, model: str = MODEL) -> Generated:
    """Return the recipe that `request.variant` numbers among those that can be composed, always the same one.

    GenerationFailed(NOT_COMPOSABLE) where fewer than two of the ingredients make a dish by this method, in the time
    there is, and under a title that is not taken. Takes some milliseconds, so `deadline` does not matter; there is one
    set of rules, so `model` does not either.
    """
    started = time.monotonic()
    content = _variant(request)
    usage = Usage(_PROVIDER, MODEL, latency_ms=round((time.monotonic() - started) * 1000), prompt_hash=_hash(request))
    if content is None:
        raise GenerationFailed(Failure.NOT_COMPOSABLE, usage)
    return Generated(content, usage)


def _variant(request: GenerationRequest) -> RecipeContent | None:
    found: dict[frozenset[str], RecipeContent] = {}
    for content in _recipes(request):
        if is_near_duplicate(content.title, request.avoid_titles):
            continue
        found.setdefault(frozenset(fold(content.title).split()), content)
        if len(found) > request.variant:
            break
    if not found:
        return None
    return list(found.values())[request.variant % len(found)]


def _recipes(request: GenerationRequest) -> Iterator[RecipeContent]:
    """Compose all that can be, the next template first and each template's dishes after that; lazily."""
    at_hand = choosing.usable(request)
    stocked = staples.stocked(request, at_hand)
    items = choosing.classified(request, at_hand, has_water="water" in stocked)
    ordered = _ordered(request, items)
    for turn in range(_TURNS):
        for number in range(max((len(template.dishes) for template in ordered), default=0)):
            for template in ordered:
                dish = template.dishes[number % len(template.dishes)]
                plan = _plan(request, template, dish, turn, items, stocked)
                content = composing.compose(plan) if plan else None
                if content is not None:
                    yield content


def _plan(
    request: GenerationRequest,
    template: Template,
    dish: Dish,
    turn: int,
    items: tuple[Item, ...],
    stocked: dict[str, Stocked],
) -> Plan | None:
    kosher = "kosher" in request.person.diets
    chosen = choosing.choose(items, template, request.method, turn=turn, kosher=kosher)
    if not chosen or not stocked.keys() >= set(dish.needs):
        return None
    is_short = len(chosen) < choosing.FEWEST_IN_A_DISH
    side = choosing.beside(items, chosen, template, kosher=kosher) if is_short else None
    return Plan(request, template, dish, turn, tuple(chosen), stocked, side)


def _ordered(request: GenerationRequest, items: tuple[Item, ...]) -> list[Template]:
    """Return the method's templates, first those that use most; which of equals is first follows from the ingredients.

    Fruit is for sweet dishes: these come first for dessert, and else where nothing else makes a dish.
    """
    takes = {
        template.key: len(choosing.choose(items, template, request.method, turn=0, kosher=False))
        for template in templates(request.method)
    }
    fitting = _rotated([template for template in templates(request.method) if takes[template.key]], _number(request))
    fitting.sort(key=lambda template: -takes[template.key])
    sweet = [template for template in fitting if template.sweet]
    savoury = [template for template in fitting if not template.sweet]
    first, last = (sweet, savoury) if request.meal == Meal.DESSERT else (savoury, sweet)
    return first or last


def _rotated(found: list[Template], start: int) -> list[Template]:
    at = start % len(found) if found else 0
    return [*found[at:], *found[:at]]


def _number(request: GenerationRequest) -> int:
    key = ":".join([request.method.value, *sorted(one.id for one in request.ingredients)])
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4])


def _hash(request: GenerationRequest) -> str:
    """Return SHA-256 of the request in its canonical form: keys sorted, no spaces."""
    canonical = json.dumps(asdict(request), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
