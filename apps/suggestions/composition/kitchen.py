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
from apps.suggestions.composition.foods import DATA, FoodClass, cooked_class, is_minor, usual_class
from apps.suggestions.safety import Limits

# Salt, sugar and what is full of them, honey, whole nuts and raw fish or egg are nothing for a baby (WHO, NHS).
_NOT_FOR_BABIES = frozenset({"salt", "fish_sauce", "pepper", "sugar"})
_NO_ROLES_FOR_BABIES = frozenset({"sauce", "dressing", "sweet", "topping", "spice", "nut", "stock", "sour", "drink"})
_NO_CLASSES_FOR_BABIES = frozenset(
    {"bacon", "lardon", "sausage", "cold_meat", "roast_meat", "dried_fish", "fish_paste", "seafood_balls", "breaded",
     "pickle", "pickle_side", "condensed_milk", "century_egg", "salted_egg", "balut", "small_balut", "snails", "clams",
     "offal", "chilli", "instant_noodle", "fish_ready", "dried_shrimp", "canned_vegetable"}
)  # fmt: skip
_FLAVOURED_OILS = frozenset({"annatto oil", "scallion oil", "lard scallion oil", "mustard oil"})


def _is_not_for_babies(kind: FoodClass) -> bool:
    return kind.role in _NO_ROLES_FOR_BABIES or kind.key in _NO_CLASSES_FOR_BABIES


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
        """Return its name; of raw meat that is left over cooked, one that says so."""
        name = self.ingredient.name(language)
        if not self.at_hand.is_cooked:
            return name
        return f"cooked {name}" if language == "en" else f"{name} chín"

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
class Ovens:
    """What there is to bake in."""

    has_oven: bool = True
    has_air_fryer: bool = False


ANY_OVEN = Ovens()


@dataclass(frozen=True, slots=True)
class Kitchen:
    """For whom and with what is cooked. Limits are met by the foods already, staples are checked against them."""

    foods: tuple[Food, ...]
    language: Language
    limits: Limits
    servings: int = 2
    max_minutes: int | None = None
    mild: bool = False
    is_for_baby: bool = False
    ovens: Ovens = ANY_OVEN

    def staple(self, name: str) -> Ingredient | None:
        """Return a staple that may be used here, None where it may not."""
        if self.is_for_baby and name in _NOT_FOR_BABIES:
            return None
        own = self._own_oil() if name == "oil" else None
        found = own or ingredients.find(derived_id("ingredient", staples()[name].key))
        return found if found and not safety.forbids(self.limits, found) else None

    def _own_oil(self) -> Ingredient | None:
        """Return the oil that is at hand to cook with, what was named first; flavoured oils season."""
        oils = [food for food in self.foods if food.kind.key == "fat" and food.ingredient.en.endswith(" oil")]
        plain = [food for food in oils if food.ingredient.en not in _FLAVOURED_OILS]
        return max(plain, key=lambda food: food.at_hand.is_named).ingredient if plain else None


def kitchen(
    at_hand: Iterable[AtHand],
    *,
    language: str,
    limits: Limits,
    servings: int = 2,
    max_minutes: int | None = None,
    mild: bool = False,
    is_for_baby: bool = False,
    ovens: Ovens = ANY_OVEN,
) -> Kitchen:
    """Put together what can be cooked with; what nobody cooks with, and heat for whom wants none, is left out."""
    foods = [
        Food(each, cooked_class(kind) if each.is_cooked else kind)
        for each in at_hand
        if not each.ingredient.staple and (kind := usual_class(each.ingredient, language))
    ]
    wanted = tuple(
        food for food in foods if not (mild and food.kind.hot) and not (is_for_baby and _is_not_for_babies(food.kind))
    )
    return Kitchen(wanted, Language(language), limits, servings, max_minutes, mild, is_for_baby, ovens)


@cache
def staples() -> dict[str, Staple]:
    """Return the staples by the names that archetypes use."""
    written: dict[str, Any] = yaml.load((DATA / "staples.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {name: Staple(each["key"], (each["unit"][0], each["unit"][1])) for name, each in written.items()}
