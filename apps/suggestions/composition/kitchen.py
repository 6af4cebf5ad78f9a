"""The input of composition: foods at hand with their classes, staples, and the eaters' limits."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from apps.core.ids import derived_id
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Ingredient
from apps.recipes.content import Language
from apps.suggestions import safety
from apps.suggestions.at_hand import AtHand
from apps.suggestions.composition.foods import DATA, FoodClass, is_minor, usual_class
from apps.suggestions.safety import Limits


@dataclass(frozen=True, slots=True)
class Food:
    """Something at hand that can be cooked with."""

    at_hand: AtHand
    kind: FoodClass

    @property
    def ingredient(self) -> Ingredient:
        return self.at_hand.ingredient

    @property
    def id(self) -> str:
        return self.at_hand.ingredient.id

    def name(self, language: str) -> str:
        return self.ingredient.name(language)

    @property
    def weight(self) -> float:
        """Return how much it counts that a dish uses it."""
        weight = 0.35 if is_minor(self.id) else 1.0
        return weight * (1.5 if self.at_hand.is_urgent else 1.0 if self.at_hand.is_named else 0.3)


@dataclass(frozen=True, slots=True)
class Staple:
    """Something that every kitchen has; `unit` and names as recipes write them."""

    key: str
    unit: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kitchen:
    """For whom and with what is cooked. Limits are met by the foods already, staples are checked against them."""

    foods: tuple[Food, ...]
    language: Language
    limits: Limits
    servings: int = 2
    max_minutes: int | None = None
    mild: bool = False

    def staple(self, name: str) -> Ingredient | None:
        """Return a staple that may be used here, None where it may not."""
        found = ingredients.find(derived_id("ingredient", staples()[name].key))
        return found if found and not safety.forbids(self.limits, found) else None


def kitchen(
    at_hand: Iterable[AtHand],
    *,
    language: str,
    limits: Limits,
    servings: int = 2,
    max_minutes: int | None = None,
    mild: bool = False,
) -> Kitchen:
    """Put together what can be cooked with; what nobody cooks with, and heat for whom wants none, is left out."""
    foods = [
        Food(each, kind)
        for each in at_hand
        if not each.ingredient.staple and (kind := usual_class(each.ingredient, language))
    ]
    wanted = tuple(food for food in foods if not (mild and food.kind.hot))
    return Kitchen(wanted, Language(language), limits, servings, max_minutes, mild)


@cache
def staples() -> dict[str, Staple]:
    """Return the staples by the names that archetypes use."""
    written: dict[str, Any] = yaml.load((DATA / "staples.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {name: Staple(each["key"], (each["unit"][0], each["unit"][1])) for name, each in written.items()}
