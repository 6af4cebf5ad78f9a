"""Compose a dish by rules for a meal that the catalogue cannot fill: without network or cost, and labelled as such."""

import hashlib
import time
from collections.abc import Sequence

from apps.core import ids
from apps.core.transactions import Transaction
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Ingredient
from apps.plans.choosing import BASIC_METHODS, UNCOOKED_METHODS, Course
from apps.plans.models import Kitchen, Slot
from apps.recipes import services as recipes
from apps.recipes.content import Language, Method, RecipeContent, Source
from apps.recipes.derivation import derive
from apps.suggestions import safety
from apps.suggestions.providers import rules
from apps.suggestions.providers.port import AtHand, GenerationFailed, GenerationRequest, Person
from apps.suggestions.safety import Limits

# What every market sells, by key of the master list. A dish is composed of three or four of these and of the pantry.
_MARKET = (
    "thit-heo", "thit-ga", "thit-bo", "trung-ga", "dau-phu", "ca-chua", "ca-rot", "bap-cai", "cai-ngot", "bi-ngoi",
    "nam-rom", "hanh-tay", "khoai-tay", "dua-chuot", "rau-muong", "ca-tim", "dau-que", "xa-lach", "gia-do",
)  # fmt: skip
_OF_A_DISH = 4
_TRIES = 8


def compose(
    transaction: Transaction,
    slot: Slot,
    course: Course,
    *,
    limits: Limits,
    avoid_titles: tuple[str, ...],
    user_id: str,
) -> str | None:
    """Add a composed recipe to `transaction` and return its id; None if no safe dish can be composed.

    The same slot of the same plan yields the same recipe. It is private to the person for whom it was made.
    """
    for turn in range(_TRIES):
        request = request_for(slot, course, limits=limits, avoid_titles=avoid_titles, turn=turn)
        if request is None:
            return None
        try:
            made = derive(rules.generate(request, deadline=time.monotonic() + 1).content)
        except GenerationFailed:
            continue
        if not safety.violations_of(limits, made):
            return add(transaction, made, Source.RULES, user_id)
    return None


def request_for(
    slot: Slot, course: Course, *, limits: Limits, avoid_titles: tuple[str, ...], turn: int = 0
) -> GenerationRequest | None:
    """Return the generation request for a meal's dish; None if too few foods are safe for everybody who eats.

    Each `turn` yields another one. It contains the combined limits of those who eat, but not who they are.
    """
    foods = _foods(course, limits)
    if len(foods) < 2:  # noqa: PLR2004  a dish needs two ingredients
        return None
    methods, number = _methods(course), _number(course.seed, slot.id, str(turn))
    avoided = [food for one in sorted(limits.ingredient_ids) if (food := ingredients.find(one))]
    return GenerationRequest(
        ingredients=tuple(_at_hand(food) for food in _some(foods, number)),
        method=methods[number % len(methods)],
        language=Language.VI,
        person=Person(
            diets=tuple(sorted(limits.diets)),
            allergens=tuple(sorted(limits.allergens)),
            avoid=tuple(_at_hand(food) for food in avoided),
        ),
        max_minutes=course.brief.max_minutes_on(slot.date),
        servings=slot.servings,
        avoid_titles=avoid_titles,
    )


def add(transaction: Transaction, content: RecipeContent, source: Source, user_id: str) -> str:
    """Add a recipe that was made for a meal to `transaction`, private to the user; return its id."""
    recipe_id = ids.new_id()
    recipes.add_generated_recipe(transaction, recipe_id=recipe_id, content=content, source=source, user_id=user_id)
    return recipe_id


def _foods(course: Course, limits: Limits) -> list[Ingredient]:
    """Return the foods that a dish may be made of: those to use first, then the market's."""
    at_home = [*sorted(course.urgent), *sorted(course.at_home - course.urgent)]
    home = [food for one in at_home if (food := ingredients.find(one)) and not food.staple]
    market = [food for key in _MARKET if (food := _by_key(key))]
    known = {food.id: food for food in [*home, *market]}
    return [food for food in known.values() if not safety.forbids(limits, food)]


def _by_key(key: str) -> Ingredient | None:
    return ingredients.find(ids.derived_id("ingredient", key))


def _some(foods: Sequence[Ingredient], number: int) -> list[Ingredient]:
    start = number % len(foods)
    turned = [*foods[start:], *foods[:start]]
    return turned[:_OF_A_DISH]


def _methods(course: Course) -> list[Method]:
    allowed = {Kitchen.BASIC.value: BASIC_METHODS, Kitchen.NONE.value: UNCOOKED_METHODS}.get(course.brief.kitchen)
    tried = [Method.STIR_FRY, Method.SOUP, Method.BRAISE, Method.STEAM, Method.SALAD, Method.BOIL]
    fitting = [method for method in tried if allowed is None or method.value in allowed]
    return sorted(fitting, key=lambda method: course.methods[method.value])


def _at_hand(food: Ingredient) -> AtHand:
    return AtHand(food.id, food.vi, food.en, food.category.value, staple=food.staple)


def _number(*parts: str) -> int:
    return int.from_bytes(hashlib.sha256(":".join(parts).encode()).digest()[:4], "big")
