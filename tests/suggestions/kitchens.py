"""Build questions for tests from the names that people type."""

from collections.abc import Iterator
from datetime import date
from itertools import chain, combinations
from typing import Any

from apps.core.language import current
from apps.ingredients import services as ingredients
from apps.recipes.content import Language, RecipeContent
from apps.suggestions import question
from apps.suggestions.at_hand import AtHand
from apps.suggestions.composition import composing, dishes, foods
from apps.suggestions.composition.archetypes import Archetype
from apps.suggestions.composition.composing import Composed
from apps.suggestions.composition.kitchen import Food, Kitchen, kitchen
from apps.suggestions.composition.writing import write
from apps.suggestions.question import Question, Wish
from apps.suggestions.safety import Limits
from apps.users.preferences import Preferences


def ask(*names: str, language: str = "vi", pantry: tuple[Any, ...] = (), **preferences: Any) -> Question:
    current.set(language)
    given = Preferences.of(preferences)
    return question.understand(Wish(names), preferences=given, pantry=pantry, today=date(2026, 1, 2))


def composed(*names: str, language: str = "vi", **preferences: Any) -> list[Composed]:
    asked = ask(*names, language=language, **preferences)
    size = asked.preferences.household_size or 2
    place = kitchen(asked.at_hand, language=language, limits=asked.limits, servings=size)
    return composing.compose(place)


def written(archetype: Archetype, language: str) -> Iterator[RecipeContent]:
    """Yield the archetype with a food in each slot that it needs and in up to two others."""
    foods_ = [
        Food(AtHand(one), kind)
        for one in ingredients.master_list().values()
        if not one.staple and (kind := foods.class_of(one))
    ]
    filling: dict[str, Food] = {}
    for slot in archetype.slots:
        filling[slot.name] = next(food for food in foods_ if dishes.fills(slot, food) and food not in filling.values())
    needed = {slot.name for slot in archetype.slots if slot.is_needed}
    others = [name for name in filling if name not in needed]
    place = Kitchen(tuple(foods_), Language(language), Limits())
    for more in chain.from_iterable(combinations(others, count) for count in range(3)):
        filled: dict[str, tuple[Food, ...]] = {
            name: (food,) for name, food in filling.items() if name in needed or name in more
        }
        if dishes.is_dish(archetype, filled) and (content := write(dishes.Dish(archetype, filled, 2), place)):
            yield content
