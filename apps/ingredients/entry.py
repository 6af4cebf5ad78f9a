"""An ingredient of the master list, as matching, recipes and suggestions see it."""

from dataclasses import dataclass
from enum import StrEnum

from apps.core.food import ALLERGENS, DIETS

__all__ = ["ALLERGENS", "DIETS", "Category", "Ingredient"]


class Category(StrEnum):
    MEAT = "meat"
    SEAFOOD = "seafood"
    VEGETABLE = "vegetable"
    FRUIT = "fruit"
    GRAIN = "grain"
    LEGUME = "legume"
    NUT = "nut"
    DAIRY = "dairy"
    SPICE = "spice"
    BEVERAGE = "beverage"
    PROCESSED = "processed"
    PREPARED = "prepared"


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One entry of the master list. `aliases` maps a language to names; `breaks` are diets that don't allow it.

    `allergens` are those in typical products, `may_contain` those in some brands' products. `kind_of` is the id of the
    more general ingredient (chicken for chicken thigh), `made_of` the ids of what a mixture or a dish consists of.
    """

    id: str
    key: str
    vi: str
    en: str
    category: Category
    aliases: dict[str, tuple[str, ...]]
    allergens: frozenset[str]
    breaks: frozenset[str]
    staple: bool = False
    kind_of: str | None = None
    made_of: tuple[str, ...] = ()
    may_contain: frozenset[str] = frozenset()

    def name(self, language: str) -> str:
        return self.en if language == "en" else self.vi
