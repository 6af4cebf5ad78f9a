"""What a cook would object to in an answer, as rules."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from apps.ingredients import services as ingredients
from apps.ingredients.entry import Ingredient
from apps.recipes import catalogue
from apps.recipes.content import IngredientLine, Meal, RecipeContent
from apps.recipes.essentials import with_essentials
from apps.suggestions import offers, safety, selection
from apps.suggestions.arrangement import Offer
from apps.suggestions.composition.checks import problems_of
from apps.suggestions.composition.foods import can_be_left_out, class_of, is_minor
from apps.suggestions.errors import NotEnoughIngredients
from apps.suggestions.judging.fridges import Fridge
from apps.suggestions.question import Question

# Things that are missing and matter, as a cook sees it: with more than one to buy it is no answer to "what can I cook".
_MOST_MISSING = 1
_LEAST_USED = 0.33
_MOST_SHORT = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """One answer with its faults; without any, a cook would cook it."""

    fridge: Fridge
    title: str
    source: str
    score: float
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    fridge: Fridge
    verdicts: tuple[Verdict, ...]
    milliseconds: float = 0.0

    @property
    def sensible(self) -> int:
        return sum(not one.faults for one in self.verdicts)

    @property
    def is_answered(self) -> bool:
        """Say whether the first answer is good, or missing where no dish is possible."""
        if not self.verdicts:
            return self.fridge.least == 0
        return not self.verdicts[0].faults


def judge(fridge: Fridge, *, count: int = 5) -> Judgement:
    """Ask as a request would, and judge what is offered."""
    try:
        asked = fridge.question(count)
    except NotEnoughIngredients:
        return Judgement(fridge, ())
    chosen = offers.find(asked, exclude=frozenset()).chosen
    verdicts = []
    for number, offer in enumerate(chosen):
        faults = tuple(_faults(offer, asked, [other.title for other in chosen[:number]]))
        verdicts.append(Verdict(fridge, offer.title, offer.source, round(offer.score, 2), faults))
    return Judgement(fridge, tuple(verdicts))


def _faults(offer: Offer, asked: Question, before: Iterable[str]) -> Iterator[str]:
    content = _content(offer)
    if content is None:
        yield "gone"
        return
    lines, minutes = content.ingredients, content.total_minutes
    yield from _missing(offer, with_essentials(content).ingredients)
    yield from _unused(offer, asked)
    yield from _too_little(offer, content.servings, asked)
    yield from _taste(lines, asked, content.meal)
    if asked.max_minutes and (minutes is None or minutes > asked.max_minutes):
        yield f"takes {minutes} minutes"
    if safety.violations(asked.limits, [line.ingredient_id for line in lines]):
        yield "not safe for this person"
    if offer.composed is not None:
        yield from problems_of(offer.composed.content)
        if offer.composed.language != asked.language:
            yield "in the other language"
    if selection.is_near_duplicate(offer.title, before):
        yield "the same dish twice"


def _content(offer: Offer) -> RecipeContent | None:
    if offer.composed is not None:
        return offer.composed.content
    found = catalogue.find_recipe(offer.recipe_id)
    return found.content if found else None


def _missing(offer: Offer, lines: Sequence[IngredientLine]) -> Iterator[str]:
    missing = set(offer.fit.missing)
    for line in lines:
        if line.essential and (line.ingredient_id or line.name) in missing:
            yield f"no {line.name}: it is the dish"
    matters = [id_ for id_ in offer.fit.missing if not can_be_left_out(id_)]
    if len(matters) > _MOST_MISSING:
        yield f"{len(matters)} things to buy"


def _unused(offer: Offer, asked: Question) -> Iterator[str]:
    named = [each.ingredient for each in asked.at_hand if each.is_named and not each.ingredient.staple]
    total = sum(_weight(one.id) for one in named)
    used = sum(_weight(one.id) for one in named if one.id in offer.fit.used)
    if total and used / min(total, 3.0) < _LEAST_USED:
        yield "uses too little of what there is"


def _weight(ingredient_id: str) -> float:
    return 0.35 if is_minor(ingredient_id) else 1.0


def _too_little(offer: Offer, servings: int, asked: Question) -> Iterator[str]:
    """A quarter of a recipe for four is enough for one person; less is too little."""
    size = asked.preferences.household_size or servings
    for one in offer.fit.short:
        if one.have < _MOST_SHORT * one.need / size:
            yield f"needs {one.need / size:g} {one.unit or ''} for one person, {one.have:g} at hand"


_SAVOURY = frozenset({"protein", "leafy", "salad_leaf", "aromatic"})
_SWEET = frozenset({"topping"})


def _taste(lines: Sequence[IngredientLine], asked: Question, meal: str | None) -> Iterator[str]:
    """Fish, meat and leaves are not combined with fruit and sweets by accident."""
    kinds = [kind for line in lines if (found := _known(line)) and (kind := class_of(found))]
    roles = {kind.role for kind in kinds}
    has_meat = any(kind.role == "protein" and kind.family in {"meat", "fish", "shellfish"} for kind in kinds)
    if has_meat and (roles & _SWEET or meal == Meal.DESSERT):
        yield "sweet and savoury mixed"
    if {"fish", "shellfish"} & {kind.family for kind in kinds} and "yogurt" in roles and "fruit" in roles:
        yield "fish with fruit and yogurt"
    if asked.meal and meal not in (None, asked.meal) and asked.meal == Meal.DESSERT:
        yield "no dessert"


def _known(line: IngredientLine) -> Ingredient | None:
    return ingredients.find(line.ingredient_id) if line.ingredient_id else None
