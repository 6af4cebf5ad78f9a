"""All dishes that rules can compose from what is at hand, best first."""

from dataclasses import dataclass
from functools import cache

from apps.core.ids import derived_id
from apps.recipes.content import Method, RecipeContent
from apps.recipes.derivation import derive
from apps.suggestions import safety
from apps.suggestions.composition.archetypes import Archetype, archetypes
from apps.suggestions.composition.checks import problems_of
from apps.suggestions.composition.dishes import Dish, dishes
from apps.suggestions.composition.kitchen import Kitchen, staples
from apps.suggestions.composition.writing import write

# As in the index: what is at hand in whole, the share of what should be used, the reader's language.
_WHOLE, _USED = 0.7, 0.4
# Nobody has cooked it yet: of equals the catalogue's comes first.
_UNTRIED = 0.1
_ENOUGH_USED = 3.0
# A dish that uses less of what should be used, by weight, is no answer.
_LEAST_USED = 0.33
# Taken from meat and vegetables with salt and pepper alone.
_BLAND = 0.12
# Added where there is an air fryer that a dish can be done in.
_IN_THE_AIR_FRYER = 0.12


@dataclass(frozen=True, slots=True)
class Composed:
    """A recipe composed by rule, derived and checked; `main` are ids of the ingredients that make it."""

    content: RecipeContent
    archetype: str
    is_sweet: bool
    score: float
    main: frozenset[str]

    @property
    def title(self) -> str:
        return self.content.title

    @property
    def method(self) -> str:
        return self.content.method.value

    @property
    def language(self) -> str:
        return self.content.language.value


def compose(kitchen: Kitchen, *, meal: str | None = None, method: str | None = None) -> list[Composed]:
    """Return every dish that can be composed, by descending score; about a millisecond each."""
    found = [
        composed
        for archetype in archetypes()
        if _is_asked_for(archetype, kitchen, meal, method)
        for dish in dishes(archetype, kitchen)
        if (composed := _compose(dish, kitchen))
    ]
    return sorted(found, key=lambda one: -one.score)


def _is_asked_for(archetype: Archetype, kitchen: Kitchen, meal: str | None, method: str | None) -> bool:
    return (
        kitchen.language.value in archetype.languages
        and (archetype.is_for_babies if kitchen.is_for_baby else not archetype.is_for_babies_only)
        and (archetype.method is not Method.BAKE or kitchen.ovens.has_oven or _is_fried_in_air(archetype, kitchen))
        and (meal is None or meal in archetype.meals)
        and method in (None, archetype.method.value)
    )


def _is_fried_in_air(archetype: Archetype, kitchen: Kitchen) -> bool:
    return archetype.suits_air_fryer and kitchen.ovens.has_air_fryer


def _compose(dish: Dish, kitchen: Kitchen) -> Composed | None:
    """Return the dish as a recipe that passes the checks of an authored one, in the time there is; else None."""
    share = _used_share(dish, kitchen)
    if share < _LEAST_USED:
        return None
    written = write(dish, kitchen)
    if written is None or (kitchen.max_minutes and (written.total_minutes or 0) > kitchen.max_minutes):
        return None
    content = derive(written)
    if safety.violations_of(kitchen.limits, content) or list(problems_of(content)):
        return None
    makes = {slot.name for slot in dish.archetype.slots if slot.is_needed} | set(dish.archetype.mains)
    main = frozenset(food.id for food in dish.of(*makes))
    score = (
        _WHOLE + _USED * share + dish.archetype.rank[kitchen.language.value] - _UNTRIED - _lacks(dish, content, kitchen)
    )
    return Composed(content, dish.archetype.key, dish.archetype.is_sweet, score, main)


def _lacks(dish: Dish, content: RecipeContent, kitchen: Kitchen) -> float:
    """Return what is taken from the score of a dish that takes a detour, or has nothing but salt for its taste."""
    archetype = dish.archetype
    kinds = {food.kind.key for food in dish.foods}
    less = sum(taken for kind, taken in archetype.less.items() if kind in kinds)
    seasoned = any(line.ingredient_id in _savoury_staples() for line in content.ingredients)
    less -= _IN_THE_AIR_FRYER if _is_fried_in_air(archetype, kitchen) else 0.0
    is_bland = archetype.flavours and not seasoned and not dish.of(*archetype.flavours)
    return less + (_BLAND if is_bland else 0.0)


@cache
def _savoury_staples() -> frozenset[str]:
    return frozenset({derived_id("ingredient", staples()["fish_sauce"].key)})


def _used_share(dish: Dish, kitchen: Kitchen) -> float:
    total = min(sum(food.weight for food in kitchen.foods), _ENOUGH_USED)
    return min(1.0, sum(food.weight for food in dish.foods) / total) if total else 0.0
